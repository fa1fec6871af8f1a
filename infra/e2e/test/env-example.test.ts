import { renderEnvExample } from '@shortstack/config';
import { expect, test } from 'vitest';
import * as create from '../../../apps/create/src/config.ts';
import * as redirect from '../../../apps/redirect/src/config.ts';
import * as worker from '../../../apps/worker/src/config.ts';
import { migrateConfig } from '../../postgres/src/migrate-config.ts';

test('.env.example says what the schemas say; `npm run env:example` writes it', async () => {
  const text = renderEnvExample([
    { service: 'create', schema: create.httpConfig },
    { service: 'create-jobs', schema: create.jobsConfig },
    { service: 'redirect', schema: redirect.httpConfig },
    { service: 'redirect-jobs', schema: redirect.jobsConfig },
    { service: 'worker', schema: worker.httpConfig },
    { service: 'worker-jobs', schema: worker.jobsConfig },
    { service: 'db:migrate', schema: migrateConfig },
  ]);
  await expect(text).toMatchFileSnapshot('../../../.env.example');
});
