import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeFlags } from '../src/node-flags.ts';

test('images start Node with the flags that `npm start` gives it', () => {
  const dockerfile = readFileSync(new URL('../../docker/Dockerfile', import.meta.url), 'utf8');
  // Each of them ends with the command that it runs.
  const images = dockerfile.split(/^FROM /m).filter((stage) => /^CMD /m.test(stage));
  const options = images.map((stage) => /^ENV .*NODE_OPTIONS="?([^"\n]*)/m.exec(stage)?.[1]);
  expect(options).toEqual(images.map(() => nodeFlags.join(' ')));
  expect(images).toHaveLength(3);
});
