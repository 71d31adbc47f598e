import type { DemoOptions } from './options.ts';
import { printedPlan, type PodSpec } from './product.ts';
import { wrap } from './view/paint.ts';

/** What is about to happen, with the product's own plan and the commands that would undo everything by hand. */
export async function introduction(options: DemoOptions, spec: PodSpec, width: number): Promise<string[]> {
  const plan = await printedPlan(spec);
  const off = `lambda-chaos-runner switches three event source mappings of a busy function off for ${options.holdSeconds} s.`;
  const then = options.crash
    ? 'It is killed in the middle of that, and its next pod brings them back.'
    : `Then it switches them on again.${options.probes ? HYPOTHESES : ''}`;
  const where = `No cluster, no AWS: Lambda is a stand-in at ${spec.lambdaUrl}`;
  const text = wrap(`${off} ${then} ${where}`, width - 2);
  return ['', ...indented(text), '', ...indented(essenceOf(plan)), ''];
}

const HYPOTHESES =
  ' Three hypotheses say what that does to users, and one is wrong on purpose: a small backlog.';

const indented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `  ${line}`));

const SHOWN = ['Event source mappings', 'Schedule', 'Probes', 'Undo by hand'];

/** The sections of a printed plan that a spectator needs. */
export function essenceOf(plan: string): string[] {
  const sections = plan.split('\n\n').filter((section) => SHOWN.some((title) => section.startsWith(title)));
  return sections.join('\n\n').split('\n');
}
