// Names the image of a release in the chart: node tools/name-image.ts REPOSITORY TAG DIGEST. Then `make generated`
// writes the manifests with it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse, parseDocument, stringify } from 'yaml';

const VALUES = 'charts/lambda-chaos/values.yaml';
const CHART = 'charts/lambda-chaos/Chart.yaml';

/** The images that Artifact Hub shows and scans: a list that is a text in an annotation. */
const IMAGES = ['annotations', 'artifacthub.io/images'];

interface ListedImage {
  readonly name: string;
  readonly image: string;
}

/** Sets `changes`, pairs of path and value, in a file that keeps its comments. @throws Error where a path is not there. */
function edit(file: string, changes: readonly (readonly [readonly string[], string])[]): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  for (const [path, value] of changes) {
    if (!document.hasIn(path)) throw new Error(`${file} has no ${path.join('.')}`);
    document.setIn(path, value);
  }
  writeFileSync(file, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

/** Artifact Hub's list, with `image` in the place of the one image that it has. */
function listed(image: string): string {
  const chart = parse(readFileSync(CHART, 'utf8')) as { annotations: Readonly<Record<string, string>> };
  const [only, ...others] = parse(chart.annotations[IMAGES[1] ?? ''] ?? '') as ListedImage[];
  if (only === undefined || others.length > 0) throw new Error(`${CHART} does not list one image`);
  return stringify([{ ...only, image }]);
}

const [repository = '', tag = '', digest = ''] = process.argv.slice(2);
if (!/^sha256:[0-9a-f]{64}$/.test(digest))
  throw new Error(
    `got ${process.argv.slice(2).join(' ')}; wanted is: node tools/name-image.ts REPOSITORY TAG sha256:…`,
  );
edit(VALUES, [
  [['image', 'repository'], repository],
  [['image', 'digest'], digest],
]);
edit(CHART, [[IMAGES, listed(`${repository}:${tag}@${digest}`)]]);
