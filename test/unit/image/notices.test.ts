import { describe, expect, test } from '@jest/globals';
import type { ILicense } from 'generate-license-file';
import { notices } from '../../../image/bundle/notices.ts';

const APACHE = 'the text of Apache-2.0';
const MIT = `MIT License, Copyright (c) 2020 Somebody\r\n${'Permission is hereby granted. '.repeat(10)}`;
const A = { name: 'a', version: '1.0.0' };
const B = { name: '@scope/b', version: '2.0.0' };

const licence = (content: string, ...dependencies: string[]): ILicense => ({
  content,
  notices: [],
  dependencies,
});

describe('the licence notices', () => {
  test('have the text of every package that is bundled, and of no other', () => {
    const other = licence(MIT.replace('Somebody', 'Else'), 'unused@1.0.0');
    const text = notices(
      [A, B],
      [licence(MIT, 'a@1.0.0'), licence(`${MIT}!`, '@scope/b@2.0.0'), other],
      APACHE,
    );
    expect(text).toMatch(/^ {2}a@1\.0\.0$[^]*Copyright \(c\) 2020 Somebody[^]*^ {2}@scope\/b@2\.0\.0$/m);
    expect(text).not.toMatch(/unused|Else|\r/);
  });

  test('say a text once for all the packages that share it', () => {
    const text = notices([A, B], [licence(MIT, 'a@1.0.0', '@scope/b@2.0.0')], APACHE);
    expect(text.match(/Copyright \(c\) 2020 Somebody/g)).toHaveLength(1);
    expect(text).toMatch(/^ {2}a@1\.0\.0\n {2}@scope\/b@2\.0\.0$/m);
  });

  test("keep a package's own notices beside its licence", () => {
    const text = notices(
      [A],
      [{ ...licence(MIT, 'a@1.0.0'), notices: ['This product includes X.'] }],
      APACHE,
    );
    expect(text).toContain('This product includes X.');
  });

  test('take the common text where a package only names Apache-2.0', () => {
    expect(notices([A], [licence('Apache-2.0', 'a@1.0.0')], APACHE)).toContain(APACHE);
  });

  test('fail where a package brings no text of a licence that names its holder, or none at all', () => {
    expect(() => notices([A, B], [licence('MIT', 'a@1.0.0')], APACHE)).toThrow(
      'No licence text for a@1.0.0 (MIT), @scope/b@2.0.0 (not found).',
    );
  });

  test('fail where only another version has a text', () => {
    expect(() => notices([A], [licence(MIT, 'a@1.0.1')], APACHE)).toThrow('a@1.0.0 (not found)');
  });
});
