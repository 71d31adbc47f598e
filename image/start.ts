import { compile } from './program.ts';

// The image's entry point. esbuild makes it CommonJS, where these four are given.
compile(__dirname).run({ exports, require, module });
