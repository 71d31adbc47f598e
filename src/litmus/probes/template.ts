/** With Go's trim markers, `{{- ` and ` -}}`, which take the white space beside them along. */
const ACTION = /(?:\s*\{\{-\s|\{\{)([\s\S]*?)(?:\s-\}\}\s*|\}\})/g;

/** `.name.ProbeArtifacts.Register`, and for a name that Go's dots can't address `(index . "name").ProbeArtifacts.Register`. */
const REGISTER = /^\s*(?:\.([A-Za-z_]\w*)|\(\s*index\s+\.\s+"([^"\\]+)"\s*\))\.ProbeArtifacts\.Register\s*$/;

export type Expanded =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'error'; readonly why: string };

/**
 * The names of the probes whose registers `text` refers to.
 * @returns an error for what is no reference to a register: the rest of Go's template language is not supported.
 */
export function referencesIn(text: string): { names: readonly string[]; error?: string } {
  const names: string[] = [];
  for (const [action, inner = ''] of text.matchAll(ACTION)) {
    const name = registerName(inner);
    if (name === undefined) return { names, error: unsupported(action) };
    names.push(name);
  }
  const rest = text.replaceAll(ACTION, '');
  // As in Go, a lone }} is text: JSON in a command has them.
  return rest.includes('{{') ? { names, error: unsupported(rest.trim()) } : { names };
}

/** `text` with the registers of earlier probes in it. Nothing is escaped. */
export function expand(text: string, registerOf: (name: string) => string | undefined): Expanded {
  const { names, error } = referencesIn(text);
  if (error !== undefined) return { kind: 'error', why: error };
  // Safety: a register that is not there yet must not become an empty text: a k8sProbe would delete by no name at all.
  const missing = names.find((name) => registerOf(name) === undefined);
  if (missing !== undefined)
    return { kind: 'error', why: `probe ${missing} has no register yet: no command of it has passed` };
  // Safety: an empty register must not turn a name or a selector into "all of them".
  const empty = names.find((name) => registerOf(name) === '');
  if (empty !== undefined) return { kind: 'error', why: `the register of probe ${empty} is empty` };
  const filled = text.replaceAll(
    ACTION,
    (_action: string, inner: string) => registerOf(registerName(inner) ?? '') ?? '',
  );
  return { kind: 'text', text: filled };
}

const registerName = (inner: string): string | undefined => {
  const [, dotted, indexed] = REGISTER.exec(inner) ?? [];
  return dotted ?? indexed;
};

const unsupported = (text: string): string =>
  `the template ${JSON.stringify(text)} is not supported; wanted is the register of another probe, e.g. {{ .probe1.ProbeArtifacts.Register }}`;
