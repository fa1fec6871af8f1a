import { expect, test } from 'vitest';
import { signUp } from '../../../apps/create/test/client.ts';
import { startCreate } from '../../../apps/create/test/start-create.ts';
import {
  packageDirectory,
  readReadmeExample,
  run,
} from '../../../packages/testing/test/readme-example.ts';

test('the example in the README of client prints what it says', async () => {
  const create = await startCreate();
  const person = await signUp(create);
  const { key } = (
    await person.post('/api/keys', { name: 'example', scopes: ['links:read', 'links:write'] })
  ).json();
  const { program, output } = await readReadmeExample('client');
  const printed = await run(['--conditions=source', '--input-type=module-typescript', '-'], {
    cwd: packageDirectory('client'),
    env: { APP_ORIGIN: create.url, API_KEY: key },
    stdin: program,
  });
  expect(printed).toBe(output);
});
