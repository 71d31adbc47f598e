import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRunStore } from '../../src/runtime/stores/file.ts';
import { MemoryRunStore } from '../../src/runtime/stores/memory.ts';
import { openStandIn } from '../support/kube-api/world.ts';
import { describeRunStore, type StoreWorld } from './journal.suite.ts';
import { chaosResultWorld } from './journal.world.ts';

describeRunStore('the run store in memory', () => {
  let store = new MemoryRunStore();
  const world: StoreWorld = {
    open: () => store,
    verdict: () => Promise.resolve(store.outcome?.verdict),
    corrupt: (text) => {
      store = MemoryRunStore.holding(text);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return Promise.resolve(world);
});

describeRunStore('the run store in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'journal-'));
  const path = join(folder, 'journal.json');
  const verdict = async (): Promise<string | undefined> => {
    const contents = JSON.parse(await readFile(path, 'utf8')) as { outcome?: { verdict: string } };
    return contents.outcome?.verdict;
  };
  return {
    open: () => new FileRunStore(path),
    verdict,
    corrupt: (text) => writeFile(path, text.startsWith('{') ? `{"journal":${text}}` : text),
    close: () => rm(folder, { recursive: true }),
  };
});

describeRunStore('the run store in a ChaosResult of the Kubernetes stand-in', async () =>
  chaosResultWorld(await openStandIn()),
);
