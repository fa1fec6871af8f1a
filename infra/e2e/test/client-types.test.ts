import { expect, test } from 'vitest';
import { startCreate } from '../../../apps/create/test/start-create.ts';
import { renderTypes } from '../../../packages/client/render-types.ts';

test('the client’s types say what the OpenAPI document says; `npm run client` writes them', async () => {
  const { app } = await startCreate();
  const document = (await app.inject('/openapi.json')).json();
  await expect(await renderTypes(document)).toMatchFileSnapshot(
    '../../../packages/client/src/api.gen.ts',
  );
});
