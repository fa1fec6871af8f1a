import { expect, test } from 'vitest';
import { dashboardJson } from '../src/dashboard.ts';
import { dashboards } from '../src/dashboards.ts';

for (const dashboard of dashboards) {
  test(`grafana/dashboards/${dashboard.uid}.json is made of src/dashboards.ts; \`npm run dashboards\` writes it`, async () => {
    const file = `../grafana/dashboards/${dashboard.uid}.json`;
    await expect(dashboardJson(dashboard)).toMatchFileSnapshot(file);
  });
}
