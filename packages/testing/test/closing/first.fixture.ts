import { closeAfterFile } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { opened } from './opened.ts';

opened.add('first');
closeAfterFile(async () => {
  opened.delete('first');
});

test('what another file opened is closed', () => {
  expect([...opened]).toEqual(['first']);
});
