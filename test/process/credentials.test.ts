import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import type { Scene } from '../support/product/scene.ts';
import { PLANTED_SECRETS } from '../support/product/spool.ts';
import { ended, play, writesOf } from './play.ts';
import { linesOf, reasonOf, verdictOf } from './records.ts';
import { story } from '../support/product/together.ts';

const ROLE = 'arn:aws:iam::123456789012:role/chaos';
const [SECRET_KEY, , EXTERNAL_ID] = PLANTED_SECRETS;
const NO_KEYS = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

/** A credentials file as the Secret `cloud-secret` holds it. */
function writeKeys(scene: Scene, accessKey: string): string {
  const path = join(scene.folder, 'cloud_config.yml');
  writeFileSync(path, `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${SECRET_KEY}\n`);
  return path;
}

const keysOf = (scene: Scene): string[] => [
  ...new Set(writesOf(scene).map(({ accessKey }) => accessKey ?? '')),
];

async function passes(scene: Scene, env: Record<string, string>): Promise<string> {
  const product = scene.start(['run'], { POD_NAME: scene.addPod(), ...env });
  expect((await ended(product)).code).toBe(0);
  expect(verdictOf(scene)).toBe('Completed/Pass');
  return linesOf(product)
    .map(({ msg }) => msg)
    .join('\n');
}

describe('the whole program runs with', () => {
  story('the file that AWS_AUTHENTICATION_SECRET names, alone, whatever else is there', () =>
    play({ mappings: 1 }, async (scene) => {
      const log = await passes(scene, { AWS_AUTHENTICATION_SECRET: writeKeys(scene, 'AKIAFROMFILE') });
      expect(keysOf(scene)).toEqual(['AKIAFROMFILE']);
      expect(log).toMatch(/AWS credentials come from file .*cloud_config.yml \[default\]/);
      expect(log).toMatch(/The caller is arn:aws:iam::123456789012:user\/stand-in/);
    }),
  );

  story('the folder of a mounted Secret', () =>
    play({ mappings: 1 }, async (scene) => {
      writeKeys(scene, 'AKIAFROMFILE');
      await passes(scene, { ...NO_KEYS, AWS_AUTHENTICATION_SECRET: scene.folder });
      expect(keysOf(scene)).toEqual(['AKIAFROMFILE']);
    }),
  );

  story("Litmus' AWS_SHARED_CREDENTIALS_FILE", () =>
    play({ mappings: 1 }, async (scene) => {
      await passes(scene, { ...NO_KEYS, AWS_SHARED_CREDENTIALS_FILE: writeKeys(scene, 'AKIASHARED') });
      expect(keysOf(scene)).toEqual(['AKIASHARED']);
    }),
  );

  story('IRSA, with a session that names the run', () =>
    play({ mappings: 1 }, async (scene) => {
      const token = join(scene.folder, 'token');
      writeFileSync(token, PLANTED_SECRETS[1]);
      const log = await passes(scene, { ...NO_KEYS, AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_ARN: ROLE });
      const [call] = scene.lambda.credentialCalls;
      expect(call).toMatchObject({ action: 'AssumeRoleWithWebIdentity', roleArn: ROLE });
      expect(call?.roleSessionName).toMatch(/^litmus-lambda-toggle-event-.*[0-9a-f]{12}$/);
      expect(keysOf(scene)).toEqual([call?.issuedKey]);
      expect(log).toMatch(new RegExp(`assumed-role/chaos/${call?.roleSessionName ?? ''}`));
    }),
  );

  story('a role on top of the keys, with its external id, asked for in REGION', () =>
    play({ mappings: 1, lambda: { roles: { [ROLE]: { externalId: EXTERNAL_ID } } } }, async (scene) => {
      await passes(scene, { ASSUME_ROLE_ARN: ROLE, ASSUME_ROLE_EXTERNAL_ID: EXTERNAL_ID });
      const [call] = scene.lambda.credentialCalls;
      expect(call).toMatchObject({
        action: 'AssumeRole',
        externalId: EXTERNAL_ID,
        region: 'us-east-1',
        accessKey: 'AKIAPOD1',
      });
      expect(keysOf(scene)).toEqual([call?.issuedKey]);
    }),
  );

  story('sessions of a role that end again and again in the run', () =>
    play(
      {
        mappings: 1,
        env: { TOTAL_CHAOS_DURATION: '4' },
        lambda: { roles: { [ROLE]: { sessionSeconds: 2 } } },
      },
      async (scene) => {
        await passes(scene, { ASSUME_ROLE_ARN: ROLE });
        const [disable, enable] = writesOf(scene);
        expect(enable?.accessKey).not.toBe(disable?.accessKey);
      },
    ),
  );

  story('a file whose keys expire in the hold and are replaced while it tries to enable', () =>
    play({ mappings: 2 }, async (scene) => {
      const path = writeKeys(scene, 'AKIAOLD');
      const product = scene.start(['run'], {
        ...NO_KEYS,
        POD_NAME: scene.addPod(),
        AWS_AUTHENTICATION_SECRET: path,
      });
      await product.logged('hold');
      scene.lambda.hook({
        match: { accessKey: 'AKIAOLD' },
        times: 'forever',
        effect: { kind: 'error', code: 'ExpiredTokenException' },
      });
      await product.logged('reverting');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      writeKeys(scene, 'AKIANEW');
      expect((await ended(product)).code).toBe(0);
      expect(verdictOf(scene)).toBe('Completed/Pass');
      expect(
        writesOf(scene)
          .filter(({ applied }) => applied)
          .map(({ accessKey }) => accessKey),
      ).toEqual(['AKIAOLD', 'AKIAOLD', 'AKIANEW', 'AKIANEW']);
    }),
  );
});

describe('a run is refused before any write', () => {
  const reason = async (scene: Scene, env: Record<string, string>): Promise<string> => {
    const product = scene.start(['run'], { POD_NAME: scene.addPod(), HOME: scene.folder, ...env });
    expect((await ended(product)).code).toBe(0);
    expect(verdictOf(scene)).toBe('Error/Error');
    expect(writesOf(scene)).toEqual([]);
    return reasonOf(scene);
  };

  story('without credentials, and says where it looked', () =>
    play({ mappings: 1 }, async (scene) => {
      expect(await reason(scene, NO_KEYS)).toMatch(
        /the credentials: .*none found\. Looked for AWS_AUTHENTICATION_SECRET/,
      );
    }),
  );

  story('when the named file is missing, although other credentials are there', () =>
    play({ mappings: 1 }, async (scene) => {
      expect(await reason(scene, { AWS_AUTHENTICATION_SECRET: '/nowhere/cloud_config.yml' })).toMatch(
        /\/nowhere\/cloud_config.yml does not exist/,
      );
    }),
  );

  story('when the role wants another external id, and names the trust policy', () =>
    play({ mappings: 1, lambda: { roles: { [ROLE]: { externalId: 'another-one' } } } }, async (scene) => {
      const why = await reason(scene, { ASSUME_ROLE_ARN: ROLE, ASSUME_ROLE_EXTERNAL_ID: EXTERNAL_ID });
      expect(why).toMatch(
        /Allow sts:AssumeRole on that role, and the role's trust policy must name the caller/,
      );
    }),
  );
});
