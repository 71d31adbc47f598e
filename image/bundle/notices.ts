import type { ILicense } from 'generate-license-file';
import { idOf, type BundledPackage } from './packages.ts';

/** A licence as it is written out: its text, the notices that go with it, and whose it is. */
interface Licence {
  readonly packages: string[];
  readonly text: string;
  readonly notices: readonly string[];
}

/** Shorter than any licence: the package brought no text, and only the identifier from its manifest was found. */
const SHORTEST_TEXT = 200;

const RULE = '-'.repeat(80);

/**
 * The licence texts of `packages`, of which `found` holds those of all that are installed.
 *
 * A package that names Apache-2.0 and brings no text gets `apache`, for that text is the same for everybody. Other
 * licences name their holder, so that without a text there is none.
 * @throws Error that names every package without a licence text.
 */
export function notices(
  packages: readonly BundledPackage[],
  found: readonly ILicense[],
  apache: string,
): string {
  const byPackage = new Map(found.flatMap((one) => one.dependencies.map((id) => [id, one] as const)));
  const licences = new Map<string, Licence>();
  const missing: string[] = [];
  for (const id of packages.map(idOf)) {
    const licence = byPackage.get(id);
    const text = textOf(licence, apache);
    if (licence === undefined || text === undefined) {
      missing.push(`${id} (${licence?.content ?? 'not found'})`);
      continue;
    }
    const key = [text, ...licence.notices].join(RULE);
    const known = licences.get(key) ?? { packages: [], text, notices: licence.notices };
    known.packages.push(id);
    licences.set(key, known);
  }
  if (missing.length > 0) throw new Error(`No licence text for ${missing.join(', ')}.`);
  return [...licences.values()].map(written).join(`\n${RULE}\n\n`);
}

function textOf(licence: ILicense | undefined, apache: string): string | undefined {
  if (licence === undefined) return undefined;
  if (licence.content.trim() === 'Apache-2.0') return apache;
  return licence.content.length < SHORTEST_TEXT ? undefined : licence.content;
}

function written({ packages, text, notices: extra }: Licence): string {
  const parts = [packages.map((id) => `  ${id}`).join('\n'), ...extra, text];
  return parts.map((part) => `${part.replaceAll('\r\n', '\n').replace(/\s+$/, '')}\n`).join('\n');
}
