import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tarEntries } from '../../../image/report/tar.ts';

/** Other tars lack the options that this test sets its scene with. */
const GNU = String(spawnSync('tar', ['--version']).stdout).includes('GNU tar');

describe('the reader of archives', () => {
  let folder: string;
  const deep = `${'d'.repeat(60)}/${'e'.repeat(60)}`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tar-'));
    mkdirSync(join(folder, deep), { recursive: true });
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'long'), 'x'.repeat(5000));
    writeFileSync(join(folder, deep, 'file'), 'deep');
    chmodSync(join(folder, 'long'), 0o640);
    symlinkSync('long', join(folder, 'link'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  (GNU ? test : test.skip).each(['ustar', 'pax', 'gnu'])('reads what tar writes as %s', (format) => {
    const options = [`--format=${format}`, '--owner=7', '--group=9', '--numeric-owner', '--sort=name'];
    const archive = execFileSync('tar', ['-C', folder, ...options, '-c', 'empty', 'link', 'long', deep]);
    const [empty, link, long, made, file] = [...tarEntries(archive)];
    expect(empty).toMatchObject({ name: 'empty', type: '0', content: Buffer.alloc(0) });
    expect(link).toMatchObject({ name: 'link', type: '2' });
    expect(long).toMatchObject({ name: 'long', type: '0', mode: 0o640, uid: 7, gid: 9 });
    expect(String(long?.content)).toBe('x'.repeat(5000));
    expect(made?.type).toBe('5');
    expect([file?.type, String(file?.content)]).toEqual(['0', 'deep']);
    if (format === 'ustar') expect(file?.name).toBe(`${deep}/file`);
  });

  test('refuses what is no archive', () => {
    expect(() => [...tarEntries(Buffer.alloc(1024, 'no tar'))]).toThrow('not a tar header');
  });
});
