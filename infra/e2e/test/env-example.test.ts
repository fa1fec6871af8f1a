import { renderEnvExample } from '@shortstack/config';
import { expect, test } from 'vitest';
import { migrateConfig } from '../../postgres/src/migrate-config.ts';
import { serviceConfigs } from '../src/service-configs.ts';

test('.env.example says what the schemas say; `npm run env:example` writes it', async () => {
  const text = renderEnvExample([
    ...Object.entries(serviceConfigs).map(([service, schema]) => ({ service, schema })),
    { service: 'db:migrate', schema: migrateConfig },
  ]);
  await expect(text).toMatchFileSnapshot('../../../.env.example');
});
