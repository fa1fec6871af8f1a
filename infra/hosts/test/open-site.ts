import { afterAll } from 'vitest';
import { composeProject } from '../../e2e/src/compose-project.ts';
import { composeSql } from '../../e2e/src/compose-sql.ts';
import { createHttpClient, type HttpClient } from '../../e2e/src/http-client.ts';
import type { Stack } from '../../e2e/src/stack.ts';
import { type Site, siteOf } from '../src/site.ts';
import { openVault } from '../src/vault.ts';

export interface RunningSite extends Stack {
  readonly site: Site;
  /** Trusts whom the site's processes trust. */
  readonly http: HttpClient;
  /** The name of a container for `docker`. */
  container: (host: string, service: string) => string;
}

/** The site that the global setup has brought up, for the top level of a test file. */
export async function openSite(): Promise<RunningSite> {
  const site = siteOf(process.env);
  const { trusted } = await openVault(site);
  const http = createHttpClient({ ca: trusted });
  afterAll(() => http.close());
  const data = composeProject(`${site.name}-data`, {});
  return {
    site,
    http,
    appOrigin: `https://localhost:${site.appPort}`,
    shortOrigin: `https://localhost:${site.shortPort}`,
    opsOrigin: `https://localhost:${site.appPort}`,
    sql: (text, values) => composeSql(data, text, values),
    container: (host, service) => `${site.name}-${host}-${service}-1`,
  };
}
