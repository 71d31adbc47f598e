/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Compiled to CommonJS: measurably faster than Jest's ESM mode, and Node 24 requires ESM dependencies.
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  maxWorkers: 2,
  // Scenes are mostly waiting: their processes share the cores well.
  maxConcurrency: 10,
  workerIdleMemoryLimit: '768MB',
};
