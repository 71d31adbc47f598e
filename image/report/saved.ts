import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib';
import { docker } from '../docker.ts';
import { tarEntries, type TarEntry } from './tar.ts';

/** A layer of an image. */
export interface Layer {
  /** Bytes of the layer as a registry holds it. */
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  readonly entries: readonly TarEntry[];
}

/** The layers of `image`, the base's first, out of `docker save`. */
export function layersOf(image: string): Layer[] {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  try {
    const file = join(folder, 'image.tar');
    docker(['save', '--output', file, image]);
    const files = new Map([...tarEntries(readFileSync(file))].map(({ name, content }) => [name, content]));
    const [manifest] = JSON.parse(String(files.get('manifest.json'))) as [{ readonly Layers: string[] }];
    return manifest.Layers.map((name) => layerIn(files.get(name), name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function layerIn(stored: Buffer | undefined, name: string): Layer {
  if (stored === undefined) throw new Error(`docker save names the layer ${name} and holds no such file`);
  const archive = decompress(stored);
  const compressedBytes = archive === stored ? gzipSync(stored).length : stored.length;
  return { compressedBytes, unpackedBytes: archive.length, entries: [...tarEntries(archive)] };
}

/** Engines keep layers as they are, or as a registry sent them. */
function decompress(stored: Buffer): Buffer {
  if (stored.readUInt16BE(0) === 0x1f8b) return gunzipSync(stored);
  return stored.readUInt32LE(0) === 0xfd2fb528 ? zstdDecompressSync(stored) : stored;
}
