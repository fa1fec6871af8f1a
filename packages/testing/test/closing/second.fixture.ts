import { closeAfterFile } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { opened } from './opened.ts';

opened.add('second');
closeAfterFile(async () => {
  opened.delete('second');
});

test('what another file opened is closed', () => {
  expect([...opened]).toEqual(['second']);
});
