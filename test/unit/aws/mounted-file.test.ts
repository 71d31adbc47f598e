import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { diagnoseFile } from '../../../src/aws/credentials/diagnose.ts';
import { findMountedFile } from '../../../src/aws/credentials/mounted-file.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mounts-'));
});
afterEach(() => rm(root, { recursive: true }));

const put = async (path: string, content = 'x'): Promise<string> => {
  const full = join(root, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
};

describe('findMountedFile', () => {
  test.each([
    'tmp/aws-chaos',
    'etc/aws-chaos/key',
    'var/run/secrets/aws-chaos/credentials',
    'mnt/aws-chaos/a.yml',
  ])('finds the Secret aws-chaos at %s', async (path) => {
    const file = await put(path);
    expect(await findMountedFile('aws-chaos', root)).toBe(file);
  });

  test('finds Litmus’ usual file for a Secret whose name shows nowhere', async () => {
    const file = await put('tmp/cloud_config.yml');
    expect(await findMountedFile('cloud-secret', root)).toBe(file);
  });

  test('prefers a place that bears the name to Litmus’ usual file', async () => {
    await put('tmp/cloud_config.yml');
    const file = await put('etc/team-b/credentials');
    expect(await findMountedFile('team-b', root)).toBe(file);
  });

  test('sees through the links with which Kubernetes mounts a Secret', async () => {
    await put('etc/aws/..2026_11_23/credentials');
    await symlink('..2026_11_23', join(root, 'etc/aws/..data'));
    await symlink('..data/credentials', join(root, 'etc/aws/credentials'));
    expect(await findMountedFile('aws', root)).toBe(join(root, 'etc/aws/credentials'));
  });

  test('does not guess among several files', async () => {
    await put('etc/aws/a');
    await put('etc/aws/b');
    await expect(findMountedFile('aws', root)).rejects.toThrow(/holds 2 files \(a, b\)/);
    await put('etc/aws/cloud_config.yml');
    expect(await findMountedFile('aws', root)).toMatch(/cloud_config\.yml$/);
  });

  test('says where it looked', async () => {
    await expect(findMountedFile('aws', root)).rejects.toThrow('/var/run/secrets/aws');
    await expect(findMountedFile('/no/such/file', root)).rejects.toThrow('/no/such/file does not exist');
    await mkdir(join(root, 'etc/empty'), { recursive: true });
    await expect(findMountedFile('empty', root)).rejects.toThrow('holds no file');
  });
});

describe('diagnoseFile', () => {
  test.each([
    ['', 'The file is empty.'],
    ['accessKey: AKIA\n', 'no section such as [default]'],
    ['[chaos]\naws_access_key_id = A\n', 'no section [default]; it has [chaos]'],
    ['[default]\naws_access_key_id = A\n', 'Section [default] has no aws_secret_access_key.'],
    ['[default]\naws_access_key_id =\naws_secret_access_key = S\n', 'has no aws_access_key_id.'],
  ])('of %j', async (content, expected) => {
    expect(await diagnoseFile(await put('file', content), 'default')).toContain(expected);
  });

  test('of a missing file, and of a sound one', async () => {
    expect(await diagnoseFile(join(root, 'none'), 'default')).toContain('ENOENT');
    const sound = await put('file', '[profile x]\naws_access_key_id=A\naws_secret_access_key=S');
    expect(await diagnoseFile(sound, 'x')).toBe('');
  });
});
