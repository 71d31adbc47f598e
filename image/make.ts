import { requireEngine, showDocker } from './docker.ts';
import { imageNames, packageVersion, setting } from './names.ts';
import { readSource, type Source } from './source.ts';

/** Targets of the Dockerfile, and the argument that names each one's base. */
const TARGETS = [
  { name: 'shell', base: 'SHELL_IMAGE' },
  { name: 'default', base: 'BASE_IMAGE' },
] as const;

type Target = (typeof TARGETS)[number];

/**
 * Builds IMAGE:VERSION and IMAGE:VERSION-shell. What the environment does not set, the Dockerfile's defaults decide.
 * @throws Error for a person: no client, no engine, a build that failed.
 */
function main(): void {
  requireEngine();
  const { image, shell } = imageNames();
  const source = readSource();
  for (const target of TARGETS) {
    const tag = target.name === 'shell' ? shell : image;
    process.stdout.write(`\n=== ${tag}\n`);
    showDocker(['build', '--target', target.name, '--tag', tag, ...buildArgs(target, source), '.']);
  }
  process.stdout.write(`\nBuilt ${image} and ${shell}.\n`);
}

function buildArgs({ base }: Target, { revision, epoch }: Source): string[] {
  const args = {
    BUILD_IMAGE: setting('BUILD_IMAGE'),
    BASE_IMAGE: setting('BASE_IMAGE'),
    SHELL_IMAGE: setting('SHELL_IMAGE'),
    BASE_DIGEST: setting(base)?.split('@')[1],
    VERSION: packageVersion(),
    REVISION: revision,
    CREATED: new Date(epoch * 1000).toISOString().replace('.000', ''),
    SOURCE: setting('SOURCE'),
    SOURCE_DATE_EPOCH: String(epoch),
  };
  return Object.entries(args).flatMap(([name, value]) =>
    value === undefined ? [] : ['--build-arg', `${name}=${value}`],
  );
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
