import type { Rule } from './objects.ts';

/** `resource.group/name` of everything that a rule is about. */
const subjects = ({ apiGroups, resources, resourceNames = [''] }: Rule): string[] =>
  apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      resourceNames.map((name) => `${resource}${group && `.${group}`}${name && `/${name}`}`),
    ),
  );

/** What `rules` grant together: a line for each resource, with its verbs. */
export function rightsOf(rules: readonly Rule[]): string[] {
  const verbs = new Map<string, readonly string[]>();
  for (const rule of rules) {
    for (const subject of subjects(rule))
      verbs.set(subject, [...new Set([...(verbs.get(subject) ?? []), ...rule.verbs])].sort());
  }
  return [...verbs].map(([subject, all]) => `${subject}: ${all.join(' ')}`).sort();
}
