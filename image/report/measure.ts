import { build } from 'esbuild';
import { median } from '../../bench/figures.ts';
import { docker } from '../docker.ts';
import { baseLayers, inspectImage } from './inspect.ts';
import type { Inside, Start } from './inside.ts';
import { layersOf, type Layer } from './saved.ts';

/** Ours on top of the base, unpacked. */
export const BUDGET_BYTES = 6_000_000;

const ROUNDS = 20;

/** A part of an image in a registry and on disk. */
export interface Share {
  readonly layers: number;
  readonly files: number;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
}

/** Start to first request in the container, medians. */
export interface StartUp {
  readonly firstRequestMs: number;
  readonly bareNodeMs: number;
  /** The median of each start's ratio to the bare Node that ran just before it. */
  readonly ratio: number;
}

export interface Report {
  readonly image: string;
  readonly id: string;
  readonly platform: string;
  readonly user: string;
  readonly whole: Share;
  /** What is not the base's. */
  readonly ours: Share;
  readonly start: StartUp;
  /** Where V8 refuses its cache. */
  readonly uncachedStart: StartUp;
  readonly memory: Pick<Inside, 'peakMb' | 'bareMb'>;
}

/** Takes `image` apart and runs it. @throws Error when there is no such image, or it does not run. */
export async function report(image: string, rounds = ROUNDS): Promise<Report> {
  const inspected = inspectImage(image, 'Build it: make image');
  const layers = layersOf(image);
  const { starts, uncachedStarts, peakMb, bareMb } = await measureInside(image, rounds);
  return {
    image,
    id: inspected.Id,
    platform: `${inspected.Os}/${inspected.Architecture}`,
    user: inspected.Config.User,
    whole: shareOf(layers),
    ours: shareOf(layers.slice(baseLayers(inspected))),
    start: startUpOf(starts),
    uncachedStart: startUpOf(uncachedStarts),
    memory: { peakMb, bareMb },
  };
}

const startUpOf = (starts: readonly Start[]): StartUp => ({
  firstRequestMs: median(starts.map(({ value }) => value)),
  bareNodeMs: median(starts.map(({ bareMs }) => bareMs)),
  ratio: median(starts.map(({ value, bareMs }) => value / bareMs)),
});

function shareOf(layers: readonly Layer[]): Share {
  const sum = (of: (layer: Layer) => number): number => layers.reduce((total, layer) => total + of(layer), 0);
  return {
    layers: layers.length,
    files: sum(({ entries }) => entries.filter(({ type }) => type !== '5').length),
    compressedBytes: sum(({ compressedBytes }) => compressedBytes),
    unpackedBytes: sum(({ unpackedBytes }) => unpackedBytes),
  };
}

/** Runs a script in a container of the image; it comes in by stdin, so the engine need not see our files. */
async function measureInside(image: string, rounds: number): Promise<Inside> {
  const { outputFiles } = await build({
    entryPoints: ['image/report/inside.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const args = ['run', '--rm', '--interactive', '--network', 'none', '--read-only', '--tmpfs', '/tmp'];
  const command = ['--entrypoint', '/nodejs/bin/node', image, '-', String(rounds)];
  return JSON.parse(docker([...args, ...command], outputFiles[0]?.text)) as Inside;
}
