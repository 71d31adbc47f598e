import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { imageNames } from '../../../image/names.ts';

/** Gives images of the Docker engine to a cluster: `load.ts COMMAND IMAGE…`; COMMAND takes the path of an archive. */
const [command = '', ...images] = process.argv.slice(2);
const archive = join('.work', 'images.tar');
if (command === '')
  process.stdout.write('LOAD_IMAGE is not set: the images have to be in the cluster already.\n');
else {
  const ours = process.env.IMAGE_UNDER_TEST ?? imageNames().image;
  // The probes run commands in the one with a shell.
  const shell = `${ours}-shell`;
  mkdirSync('.work', { recursive: true });
  execFileSync('docker', ['save', '--output', archive, ours, shell, ...images], { stdio: 'inherit' });
  execFileSync('sh', ['-c', `${command} "$0"`, archive], { stdio: 'inherit' });
  rmSync(archive);
}
