import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimsOf } from './claims.ts';
import type { Ending } from './ending.ts';
import { Model } from './model.ts';
import { paceOf, readOptions, USAGE, type DemoOptions } from './options.ts';
import { probesFor } from './hypotheses.ts';
import { introduction } from './introduction.ts';
import { buildIfStale, type PodSpec } from './product.ts';
import { StandIn, watchStandIn } from './stand-in.ts';
import { tell } from './story.ts';
import { block } from './view/block.ts';
import { canRedraw, isUtf8, usableColumns, wantsColour } from './view/look.ts';
import { PlainView } from './view/plain.ts';
import { TerminalView } from './view/terminal.ts';
import type { View } from './view/view.ts';
import { addBystanders, BYSTANDERS } from './world.ts';

const EXIT = { ok: 0, falseClaim: 1, unusable: 2, interrupted: 130 } as const;
const REFRESH_MS = 150;

async function main(): Promise<number> {
  const stop = stopOnSignal();
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  if (!existsSync('demo/run.ts')) throw new Error('the demo is started in the folder of the repository');
  await buildIfStale();
  const folder = mkdtempSync(join(tmpdir(), 'lambda-chaos-demo-'));
  const standIn = await StandIn.open();
  try {
    await addBystanders((path, body) => standIn.post(path, body));
    const ending = await show(options, standIn, { folder, stop });
    if (!claimsOf(ending).every(({ ok }) => ok)) return EXIT.falseClaim;
    return ending.interrupted ? EXIT.interrupted : EXIT.ok;
  } finally {
    await standIn.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** However often Ctrl-C is pressed: the product is asked to end once, and its revert is waited for. */
function stopOnSignal(): AbortController {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  // A reader that goes away, e.g. `head`, is a way to ask for the end, too.
  process.stdout.on('error', () => stop.abort());
  return stop;
}

interface Surroundings {
  readonly folder: string;
  readonly stop: AbortController;
}

/** Tells the story, shows it meanwhile, and prints the last block. */
async function show(options: DemoOptions, standIn: StandIn, { folder, stop }: Surroundings): Promise<Ending> {
  const pace = paceOf(options.holdSeconds);
  const { holdSeconds, crash, probes } = options;
  const { url: lambdaUrl } = standIn;
  const podSpec: PodSpec = {
    ...{ lambdaUrl, holdSeconds, rampSeconds: pace.rampSeconds, folder },
    ...(probes ? { probesPath: probesFor(lambdaUrl, folder) } : {}),
  };
  print(await introduction(options, podSpec, look().width));
  const leftAlone = Object.fromEntries(BYSTANDERS.map(({ spec, why }) => [spec.uuid, why]));
  const model = new Model({ startedAtMs: Date.now(), crash, holdSeconds, leftAlone });
  stop.signal.addEventListener('abort', () => model.stop(Date.now()), { once: true });
  const log = openLog(logName(options));
  const view = openView(options);
  const watching = new AbortController();
  const watched = watchStandIn(standIn, (state) => model.see(state), watching.signal).catch(() =>
    stop.abort(),
  );
  const refresh = (): void => view.refresh(model.picture, Date.now());
  const timer = setInterval(refresh, REFRESH_MS);
  try {
    const ending = await tell({ options, pace, podSpec, standIn, model, keep: log.keep, stop: stop.signal });
    refresh();
    view.close();
    print(['', ...block(ending, look()), `  The product's whole log: ${log.path}`, '']);
    return ending;
  } finally {
    clearInterval(timer);
    watching.abort();
    view.close();
    log.close();
    await watched;
  }
}

function openView({ plain }: DemoOptions): View {
  const { stdout, env } = process;
  if (plain || !canRedraw(stdout, env)) return new PlainView((text) => void stdout.write(text), isUtf8(env));
  return new TerminalView(stdout, look());
}

function look(): { width: number; colour: boolean; unicode: boolean } {
  const { stdout, env } = process;
  const colour = canRedraw(stdout, env) && wantsColour(env);
  return { width: usableColumns(stdout.columns), colour, unicode: isUtf8(env) };
}

const logName = ({ crash, probes }: DemoOptions): string =>
  `demo${crash ? '-crash' : ''}${probes ? '-probes' : ''}.log`;

function openLog(name: string): { path: string; keep: (raw: string) => void; close: () => void } {
  const path = join('.work', name);
  mkdirSync('.work', { recursive: true });
  const file = openSync(path, 'w');
  return { path, keep: (raw) => void writeSync(file, `${raw}\n`), close: () => closeSync(file) };
}

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(EXIT.unusable);
  },
);
