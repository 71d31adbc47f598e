import { docker } from '../docker.ts';

/** What the engine says of an image; the parts that are read here. */
export interface Inspected {
  readonly Id: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly RootFS: { readonly Layers: readonly string[] };
  readonly Config: {
    readonly User: string;
    readonly WorkingDir: string;
    readonly Env: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: object | null;
    readonly Volumes?: object | null;
    readonly Healthcheck?: object | null;
  };
}

/** @throws Error that says how to get the image when the engine has none of that name. */
export function inspectImage(image: string, hint: string): Inspected {
  try {
    const [found] = JSON.parse(docker(['image', 'inspect', image])) as [Inspected];
    return found;
  } catch (error) {
    throw new Error(`There is no image ${image} on this engine. ${hint}`, { cause: error });
  }
}

/** How many of the image's layers are its base's, which its own label names. @throws Error without that base. */
export function baseLayers(image: Inspected): number {
  const name = image.Config.Labels?.['org.opencontainers.image.base.name'] ?? '';
  const base = inspectImage(name, `The image was made from it; get it with: docker pull ${name}`);
  const own = image.RootFS.Layers;
  if (base.RootFS.Layers.every((layer, index) => own[index] === layer)) return base.RootFS.Layers.length;
  throw new Error(
    `The image was not made from the ${name} that is on this engine. Build it again: make image`,
  );
}
