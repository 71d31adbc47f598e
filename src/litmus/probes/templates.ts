import type { Probe } from './definition.ts';
import { expand, type Expanded } from './template.ts';

/** The fields of `probe` that may refer to the registers of others (litmus-go), with their texts. */
export function templatesOf(probe: Probe): (readonly [field: string, text: string])[] {
  switch (probe.type) {
    case 'httpProbe':
      return [['httpProbe/inputs.url', probe.inputs.url]];
    case 'cmdProbe':
      return [['cmdProbe/inputs.command', probe.inputs.command]];
    case 'k8sProbe':
      return [
        ['k8sProbe/inputs.resourceNames', probe.inputs.resourceNames],
        ['k8sProbe/inputs.fieldSelector', probe.inputs.fieldSelector],
        ['k8sProbe/inputs.labelSelector', probe.inputs.labelSelector],
      ];
    case 'promProbe':
      return [];
  }
}

type Filled = { readonly probe: Probe } | { readonly why: string };

/** `probe` with the registers of earlier ones in its fields. */
export function fill(probe: Probe, registerOf: (name: string) => string | undefined): Filled {
  const filled = new Map<string, string>();
  for (const [field, text] of templatesOf(probe)) {
    const result: Expanded = expand(text, registerOf);
    if (result.kind === 'error') return { why: `${field}: ${result.why}` };
    filled.set(field, result.text);
  }
  return { probe: withTexts(probe, filled) };
}

function withTexts(probe: Probe, filled: ReadonlyMap<string, string>): Probe {
  const text = (field: string): string => filled.get(field) ?? '';
  switch (probe.type) {
    case 'httpProbe':
      return { ...probe, inputs: { ...probe.inputs, url: text('httpProbe/inputs.url') } };
    case 'cmdProbe':
      return { ...probe, inputs: { ...probe.inputs, command: text('cmdProbe/inputs.command') } };
    case 'k8sProbe':
      return {
        ...probe,
        inputs: {
          ...probe.inputs,
          resourceNames: text('k8sProbe/inputs.resourceNames'),
          fieldSelector: text('k8sProbe/inputs.fieldSelector'),
          labelSelector: text('k8sProbe/inputs.labelSelector'),
        },
      };
    case 'promProbe':
      return probe;
  }
}
