import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRunStore } from '../../src/runtime/stores/file.ts';
import { anOutcome, aRecord, aTarget } from '../support/kube-api/records.ts';

describe('the run store in a file, as the file system sees it', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    path = join(folder, 'journal.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('only its owner may read it, and nothing else is left beside it', async () => {
    await new FileRunStore(path).begin(aRecord());
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['journal.json']);
  });

  test('it holds the verdict beside the journal', async () => {
    const store = new FileRunStore(path);
    await store.begin(aRecord());
    await store.finish(aRecord({ finished: true }), anOutcome());
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      journal: aRecord({ finished: true }),
      outcome: anOutcome(),
    });
  });

  test.each([
    ['missing', 'nowhere/journal.json', /nowhere\/journal\.json.*ENOENT/],
    ['not a folder', 'a-file/journal.json', /a-file\/journal\.json.*ENOTDIR/],
  ])('a folder that is %s is an error that names the path', async (_what, relative, message) => {
    await writeFile(join(folder, 'a-file'), '');
    const store = new FileRunStore(join(folder, relative));
    await expect(store.begin(aRecord())).rejects.toThrow(message);
    await expect(store.begin(aRecord())).rejects.toMatchObject({ code: 'CHAOS_RESULT_CRUD_ERROR' });
  });

  test('what a process left that died in the middle of a write is in nobody’s way', async () => {
    const record = aRecord({ targets: { a: aTarget('injected') } });
    await new FileRunStore(path).begin(record);
    await writeFile(`${path}.new`, '{"journal":{"vers');
    await writeFile(`${path}.lock`, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${path}.lock`, longAgo, longAgo);
    const next = new FileRunStore(path);
    expect(await next.load()).toEqual({ kind: 'record', record });
    await next.begin({ ...record, owner: 'attempt-2' });
    expect(await readdir(folder)).toEqual(['journal.json']);
  });

  test('an empty file is as good as none, another JSON file is not overwritten', async () => {
    await writeFile(path, '');
    await new FileRunStore(path).begin(aRecord());
    await writeFile(path, '{"precious":true}');
    const store = new FileRunStore(path);
    await expect(store.begin(aRecord())).rejects.toThrow(/can't be read/);
    await expect(store.finish(aRecord({ finished: true }), anOutcome())).rejects.toThrow(
      /holds something else/,
    );
    expect(await readFile(path, 'utf8')).toBe('{"precious":true}');
  });

  test('many processes that write at once lose nothing', async () => {
    await new FileRunStore(path).begin(aRecord());
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(
      ids.map((id) =>
        new FileRunStore(path).save(aRecord({ owner: id, targets: { [id]: aTarget('reverted') } }), {
          fence: false,
        }),
      ),
    );
    const stored = await new FileRunStore(path).load();
    expect(stored.kind === 'record' && Object.keys(stored.record.targets).sort()).toEqual(ids);
  });
});
