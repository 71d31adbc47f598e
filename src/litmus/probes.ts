import { listField, textField } from './resources.ts';
import type { KubeObject } from '../kube/objects.ts';

/** A probe as the ChaosEngine declares it. */
export interface EngineProbe {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
}

/** The probes that `engine` declares for `experiment`; the engine comes from the server unchecked. */
export function readEngineProbes(engine: KubeObject, experiment: string): readonly EngineProbe[] {
  return listField(engine.spec, 'experiments')
    .filter((entry) => textField(entry, 'name') === experiment)
    .flatMap((entry) => listField((entry as { spec?: unknown }).spec, 'probe'))
    .map((probe) => ({
      name: textField(probe, 'name'),
      type: textField(probe, 'type'),
      mode: textField(probe, 'mode'),
    }));
}
