import { describe, expect, test } from '@jest/globals';
import { expand, referencesIn } from '../../../src/litmus/probes/template.ts';

const registers = new Map([
  ['depth', '42'],
  ['my-probe', '<a & b>'],
]);
const filled = (text: string) => expand(text, (name) => registers.get(name));

describe('a template', () => {
  test.each([
    ['no template at all', 'no template at all'],
    ['{{ .depth.ProbeArtifacts.Register }}', '42'],
    ['{{.depth.ProbeArtifacts.Register}}', '42'],
    ['test {{ .depth.ProbeArtifacts.Register }} -gt 5', 'test 42 -gt 5'],
    ['a {{- .depth.ProbeArtifacts.Register -}} b', 'a42b'],
    ['{{ (index . "my-probe").ProbeArtifacts.Register }}', '<a & b>'],
    ['{{ .depth.ProbeArtifacts.Register }}{{ .depth.ProbeArtifacts.Register }}', '4242'],
    ['a {"b":{"c":1}} d', 'a {"b":{"c":1}} d'],
    ['$& {{ .depth.ProbeArtifacts.Register }}', '$& 42'],
  ])('%j becomes %j, with nothing escaped', (text, result) => {
    expect(filled(text)).toEqual({ kind: 'text', text: result });
  });

  test.each([
    '{{ .depth }}',
    '{{ .my-probe.ProbeArtifacts.Register }}',
    '{{ .depth.probeArtifacts.register }}',
    '{{ if true }}x{{ end }}',
    "docker inspect -f '{{.State.Pid}}' x",
    '{{ .depth.ProbeArtifacts.Register',
    '{{}}',
  ])('%j is an error that says what is supported', (text) => {
    expect(filled(text)).toEqual({ kind: 'error', why: expect.stringContaining('ProbeArtifacts.Register') });
  });

  test('of a probe that has no register yet is an error, and never an empty text', () => {
    expect(filled('{{ .other.ProbeArtifacts.Register }}')).toEqual({
      kind: 'error',
      why: expect.stringContaining('probe other has no register yet'),
    });
  });

  test('of a register that is empty is an error, whatever stands around it', () => {
    expect(expand('app!={{ .a.ProbeArtifacts.Register }}', () => '')).toEqual({
      kind: 'error',
      why: 'the register of probe a is empty',
    });
  });

  test('names the probes that it refers to', () => {
    expect(
      referencesIn('{{ .a.ProbeArtifacts.Register }} {{ (index . "b-c").ProbeArtifacts.Register }}'),
    ).toEqual({
      names: ['a', 'b-c'],
    });
  });
});
