/**
 * What must never be in a message. AWS quotes the canonical request of a rejected signature, session token and all,
 * and people paste keys where a name is wanted.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/The Canonical String for this request should have been[\s\S]*/gi, '(canonical request removed)'],
  [/(x-amz-security-token["']?\s*[:=]\s*)\S+/gi, '$1(hidden)'],
  [/((?:secret_?access_?key|session_?token|password)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, '$1(hidden)'],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, '(token hidden)'],
  [/([?&]X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s]+/gi, '$1(hidden)'],
  [/\b(A[KS]IA)[A-Z0-9]{8,}([A-Z0-9]{4})\b/g, '$1…$2'],
  [/[A-Za-z0-9+/=]{100,}/g, '(hidden)'],
];

/** Forty base64 characters of mixed kind are the shape of a secret access key; a hash or an ARN's path is not. */
const SECRET_KEY = /(?<![\w/+=:.-])(?=[^\s]*[a-z])(?=[^\s]*[A-Z])(?=[^\s]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])/g;

/** The text without anything that has the shape of a credential. */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of RULES) clean = clean.replace(pattern, replacement);
  return clean.replace(SECRET_KEY, '(hidden)');
}

const LONGEST_SHOWN = 200;

/** A value from the environment as a message may quote it: never one that looks like a secret. */
export function quote(value: string): string {
  if (/[\r\n]|aws_secret|-----BEGIN/i.test(value) || redact(value) !== value) {
    return `a value of ${value.length} characters that looks like a secret`;
  }
  return JSON.stringify(value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value);
}
