import { describe, expect, test } from '@jest/globals';
import { readEngineProbes } from '../../../src/litmus/probes.ts';

const engine = (spec: unknown): Parameters<typeof readEngineProbes>[0] => ({
  apiVersion: 'litmuschaos.io/v1alpha1',
  kind: 'ChaosEngine',
  metadata: { name: 'e' },
  spec,
});

describe('the probes of a ChaosEngine', () => {
  test('are those of this experiment, with name, type and mode', () => {
    const probe = { name: 'queue-ok', type: 'promProbe', mode: 'EOT', runProperties: {} };
    const spec = {
      experiments: [
        { name: 'other', spec: { probe: [{ name: 'not-mine', type: 'cmdProbe', mode: 'SOT' }] } },
        { name: 'esm', spec: { probe: [probe] } },
      ],
    };
    expect(readEngineProbes(engine(spec), 'esm')).toEqual([
      { name: 'queue-ok', type: 'promProbe', mode: 'EOT' },
    ]);
  });

  test.each([
    undefined,
    {},
    { experiments: null },
    { experiments: [{ name: 'esm' }] },
    { experiments: [null] },
  ])('are none in %j', (spec) => {
    expect(readEngineProbes(engine(spec), 'esm')).toEqual([]);
  });
});
