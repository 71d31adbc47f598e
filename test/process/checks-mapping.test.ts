import { describe, expect } from '@jest/globals';
import { ended, play, runPod, writesOf, type PlayOptions } from './play.ts';
import { reasonOf, verdictOf, warningsOf } from './records.ts';
import type { Scene } from '../support/product/scene.ts';
import { story } from '../support/product/together.ts';

/** A run that must be refused; resolves with what the ChaosResult says, after nothing was written. */
async function refused(
  options: PlayOptions,
  env: (scene: Scene) => Record<string, string> = () => ({}),
): Promise<string> {
  let reason = '';
  await play(options, async (scene) => {
    const { product } = scene.startPod(undefined, env(scene));
    expect((await ended(product)).code).toBe(0);
    expect(verdictOf(scene)).toBe('Error/Error');
    expect(writesOf(scene)).toEqual([]);
    reason = reasonOf(scene);
  });
  return reason;
}

/** A run that must go on; resolves with its warnings. */
async function accepted(
  options: PlayOptions,
  env: (scene: Scene) => Record<string, string> = () => ({}),
): Promise<string> {
  let warnings = '';
  await play(options, async (scene) => {
    const { product } = scene.startPod(undefined, env(scene));
    expect((await ended(product)).code).toBe(0);
    expect(verdictOf(scene)).toBe('Completed/Pass');
    expect(writesOf(scene)).toHaveLength(2 * scene.ids.length);
    warnings = warningsOf(product).join('\n');
  });
  return warnings;
}

const latest = (lastProcessingResult: string): NonNullable<PlayOptions['specs']> => [
  { source: 'kinesis', attributes: { StartingPosition: 'LATEST' }, lastProcessingResult },
];

describe('a mapping that may lose records', () => {
  story('because its record age is shorter than the hold is refused', async () => {
    const specs = [{ source: 'kinesis' as const, attributes: { MaximumRecordAgeInSeconds: 60 } }];
    const reason = await refused({ mappings: 1, specs, env: { TOTAL_CHAOS_DURATION: '61' } });
    expect(reason).toMatch(/discards records older than 60 s .*the hold is 61 s.*set FORCE=record-age/);
  });

  story('because its record age is shorter than the hold is taken with FORCE, and a warning', async () => {
    // The guard looks at the longest hold, so the age has to be shorter than a second's hold here.
    const specs = [{ source: 'kinesis' as const, attributes: { MaximumRecordAgeInSeconds: 0 } }];
    const warnings = await accepted({ mappings: 1, specs, env: { FORCE: 'record-age' } });
    expect(warnings).toMatch(/discards records older than 0 s.*guard record-age is switched off by FORCE/);
  });

  story('with an endless record age is taken', async () => {
    const specs = [{ source: 'kinesis' as const, attributes: { MaximumRecordAgeInSeconds: -1 } }];
    expect(await accepted({ mappings: 1, specs })).toBe('');
  });

  story('because it starts at LATEST and never read is refused', async () => {
    const reason = await refused({ mappings: 1, specs: latest('No records processed') });
    expect(reason).toMatch(/starts at LATEST and has never read a record.*set FORCE=starting-position/);
  });

  story('that starts at LATEST and has read before is taken', async () => {
    expect(await accepted({ mappings: 1, specs: latest('OK') })).toBe('');
  });
});

describe('a mapping in transition', () => {
  story('is waited for until it is Enabled', () =>
    play({ mappings: 1, specs: [{ state: 'Updating', updatingLagMs: 2000 }] }, async (scene) => {
      expect(await runPod(scene)).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      // Waiting, not trying: no write was refused.
      expect(writesOf(scene).map(({ status }) => status)).toEqual([202, 202]);
    }),
  );

  story('that never ends is given up after STATUS_CHECK_TIMEOUT', async () => {
    const specs = [{ state: 'Updating', updatingLagMs: 1e9 }];
    const reason = await refused({
      mappings: 1,
      specs,
      env: { STATUS_CHECK_TIMEOUT: '2' },
      exempt: ({ ids }) => ids,
    });
    expect(reason).toMatch(/is still Updating; wanted is Enabled/);
  });

  story('that turns out Disabled is left alone', async () => {
    const specs = [{ state: 'Disabling', disablingLagMs: 1000 }];
    expect(await refused({ mappings: 1, specs, exempt: ({ ids }) => ids })).toMatch(
      /is Disabled .*left alone/,
    );
  });

  story('that Lambda has switched off is refused with its reason', async () => {
    const specs = [{ state: 'Disabled', reason: 'EVENT_SOURCE_AUTHZ_ERROR' }];
    expect(await refused({ mappings: 1, specs, exempt: ({ ids }) => ids })).toMatch(
      /is Disabled \(EVENT_SOURCE_AUTHZ_ERROR\)/,
    );
  });
});

describe('the count of mappings', () => {
  story('above MAX_MAPPINGS is refused', async () => {
    expect(await refused({ mappings: 3, env: { MAX_MAPPINGS: '2' } })).toMatch(
      /names 3 mappings and MAX_MAPPINGS is 2/,
    );
  });

  story('above MAX_MAPPINGS is taken with FORCE', async () => {
    const warnings = await accepted({ mappings: 3, env: { MAX_MAPPINGS: '2', FORCE: 'max-mappings' } });
    expect(warnings).toMatch(/names 3 mappings and MAX_MAPPINGS is 2/);
  });
});

describe('temporary credentials', () => {
  story('that say nothing of their end are warned about', async () => {
    const warnings = await accepted({
      mappings: 1,
      env: { AWS_SESSION_TOKEN: 'pLaNtEdSessionToken//////////0123456789' },
    });
    expect(warnings).toMatch(/are temporary .* do not say when they end/);
  });

  story('that end before the run does, and can not be renewed, are refused', async () => {
    const expiration = new Date(Date.now() + 120_000).toISOString();
    const env = {
      AWS_SESSION_TOKEN: 'pLaNtEdSessionToken//////////0123456789',
      AWS_CREDENTIAL_EXPIRATION: expiration,
    };
    const reason = await refused({ mappings: 1, env });
    expect(reason).toMatch(
      new RegExp(
        `the credentials .* end at ${expiration} and cannot be renewed.*set FORCE=credentials-expiry`,
      ),
    );
  });
});
