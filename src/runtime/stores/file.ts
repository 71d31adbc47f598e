import { open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock, type Clock } from '../clock.ts';
import { ChaosError, messageOf } from '../errors.ts';
import { parseJournal, type JournalRecord, type StoredJournal } from '../journal.ts';
import type { RunStore } from '../ports.ts';
import type { Outcome } from '../verdict.ts';
import { withLock } from './lock.ts';
import { onBegin, onFinish, onSave } from './rules.ts';

/** What the file holds: the journal, and the verdict beside it once there is one. */
interface Contents {
  readonly journal?: unknown;
  readonly outcome?: Outcome;
}

interface Held {
  readonly stored: StoredJournal;
  readonly contents: Contents;
}

/** The run store of standalone runs: one JSON file, readable by its owner alone. */
export class FileRunStore implements RunStore {
  readonly #path: string;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, clock: Clock = systemClock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** @throws ChaosError naming the path when the file exists and can't be read. */
  async load(): Promise<StoredJournal> {
    return (await this.#read()).stored;
  }

  /** @throws ChaosError naming the path when the folder is missing or read-only. */
  async begin(record: JournalRecord): Promise<void> {
    await this.#change(({ stored }) => ({ journal: onBegin(stored, record) }));
  }

  async save(record: JournalRecord, { fence }: { readonly fence: boolean }): Promise<void> {
    await this.#change(({ stored, contents }) => {
      const journal = onSave(stored, record, fence);
      return journal === undefined ? undefined : { ...contents, journal };
    });
  }

  /** The file gets them with the verdict. */
  showProbes(): Promise<void> {
    return Promise.resolve();
  }

  async finish(record: JournalRecord, outcome: Outcome): Promise<void> {
    await this.#change(({ stored, contents }) => {
      if (stored.kind === 'unreadable') throw new Error(`it holds something else (${stored.why})`);
      const decision = onFinish(stored, record);
      if (decision.kind === 'leave') return undefined;
      return { journal: decision.journal ?? contents.journal, outcome };
    });
  }

  /** Reads, decides and writes with the lock held, one change after the other. */
  #change(decide: (held: Held) => Contents | undefined): Promise<void> {
    const change = this.#last.then(() =>
      this.#guard('written', () =>
        withLock(`${this.#path}.lock`, this.#clock, async () => {
          const contents = decide(await this.#read());
          if (contents !== undefined)
            await replaceFile(this.#path, `${JSON.stringify(contents, undefined, 2)}\n`);
        }),
      ),
    );
    this.#last = change.catch(() => undefined);
    return change;
  }

  async #read(): Promise<Held> {
    const text = await this.#guard('read', () => readIfThere(this.#path));
    // An empty file is what `mktemp` leaves; our own writes never do.
    if (text === undefined || text.trim() === '') return { stored: { kind: 'none' }, contents: {} };
    const contents = parseContents(text);
    if (contents === undefined) {
      return { stored: { kind: 'unreadable', why: 'it holds no journal' }, contents: {} };
    }
    return { stored: parseJournal(JSON.stringify(contents.journal)), contents };
  }

  async #guard<T>(what: 'read' | 'written', work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ChaosError) throw error;
      throw new ChaosError(`The journal file ${this.#path} can't be ${what}: ${messageOf(error)}`, {
        code: 'CHAOS_RESULT_CRUD_ERROR',
        phase: 'PreChaos',
        target: this.#path,
        cause: error,
      });
    }
  }
}

/** Undefined when it is some other file, which must not be overwritten. */
function parseContents(text: string): Contents | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return 'journal' in value && value.journal !== undefined ? value : undefined;
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whoever reads `path` sees the old text or the new one, also after a power cut, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  try {
    await syncAfter(temporary, 'w', (file) => file.writeFile(text));
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  // Safety: without this the rename itself may be lost with the machine, and with it the intent to disable.
  await syncAfter(dirname(path), 'r', () => Promise.resolve());
}

type Handle = Awaited<ReturnType<typeof open>>;

async function syncAfter(path: string, flags: string, work: (file: Handle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
