import { startTestRedis } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { packageDirectory, packagesWithExample, readReadmeExample, run } from './readme-example.ts';

test.each(packagesWithExample)(
  'the example in the README of %s prints what it says',
  async (name) => {
    const { program, output } = await readReadmeExample(name);
    const { url } = await startTestRedis();
    const args = ['--conditions=source', '--input-type=module-typescript', '-'];
    const options = { cwd: packageDirectory(name), env: { REDIS_URL: url }, stdin: program };
    expect(await run(args, options)).toBe(output);
  },
);
