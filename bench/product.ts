import type { Product } from '../test/support/product/product.ts';

/** Waits until the product exits 0. @throws Error with all that it printed otherwise, or after `longestMs`. */
export async function mustEnd(product: Product, longestMs: number): Promise<void> {
  const tooLong = setTimeout(() => product.kill('SIGKILL'), longestMs);
  const { code, signal } = await product.exited;
  clearTimeout(tooLong);
  if (code !== 0)
    throw new Error(`the product ended with ${code ?? signal ?? 'nothing'}:\n${product.output}`);
}
