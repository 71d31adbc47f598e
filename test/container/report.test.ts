import { describe, expect, test } from '@jest/globals';
import { report } from '../../image/report/measure.ts';
import { withEngine } from '../support/container/engine.ts';

withEngine(({ image }) => {
  describe('the report on the image', () => {
    test('measures sizes from its layers, and start and memory in a container of it', async () => {
      const { whole, ours, start, uncachedStart, memory } = await report(image, 2);
      expect(whole.layers).toBeGreaterThan(ours.layers);
      expect(ours.files).toBe(6);
      for (const { compressedBytes, unpackedBytes } of [whole, ours]) {
        expect(compressedBytes).toBeGreaterThan(0);
        expect(unpackedBytes).toBeGreaterThan(compressedBytes);
      }
      // A program starts later than one that does nothing ends.
      for (const { ratio } of [start, uncachedStart]) expect(ratio).toBeGreaterThan(1);
      const { peakMb = 0, bareMb = 0 } = memory;
      expect(bareMb).toBeGreaterThan(10);
      expect(peakMb).toBeGreaterThan(bareMb);
    }, 60_000);
  });
});
