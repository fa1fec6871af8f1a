import { makeAdmin } from '@shortstack/db';
import { Client } from 'pg';
import { explain } from './explain.ts';
import { say } from './say.ts';
import type { Secrets } from './secrets.ts';

export interface DemoAccount {
  email: string;
  password: string;
}

/** A few links that show something; the first one is the one in the table of `npm start`. */
export const demoLinks = [
  { slug: 'hello', url: 'https://en.wikipedia.org/wiki/URL_shortening', title: 'URL shortening' },
  { slug: 'redis', url: 'https://redis.io/docs/latest/develop/data-types/', title: 'Redis types' },
  {
    slug: 'streams',
    url: 'https://redis.io/docs/latest/develop/data-types/streams/',
    title: 'Streams',
  },
  { slug: 'node', url: 'https://nodejs.org/en/learn', title: 'Learn Node.js' },
] as const;

const TIMEOUT_MS = 10_000;

export function demoAccount(secrets: Secrets): DemoAccount {
  return { email: 'demo@example.com', password: secrets.password('demo-account') };
}

export interface SeedOptions {
  /** Where create listens, by address: not every machine knows the name localhost. */
  apiUrl: string;
  /** Where its pages live: writes with a cookie are accepted from there only. */
  appOrigin: string;
  /** For what the API does not offer: making the demo account an administrator. */
  ownerUrl: string;
  account: DemoAccount;
}

/**
 * Adds the demo account and its links through create's API, as a user would, and makes the account an
 * administrator, so that the operations pages open. What is there already stays as it is, so a second
 * start costs one query. A failure is said and stops nothing. Resolves to whether all of it is there.
 */
export async function seed({
  apiUrl,
  appOrigin,
  ownerUrl,
  account,
}: SeedOptions): Promise<boolean> {
  const database = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: TIMEOUT_MS });
  try {
    await database.connect();
    const missing = await missingLinks(database, account);
    if (missing.length > 0) {
      const api = await signIn({ apiUrl, appOrigin }, account);
      for (const link of missing) await createLink(api, link);
      await api('POST', '/api/auth/logout');
    }
    await makeAdmin({ ownerUrl, email: account.email });
    return true;
  } catch (error) {
    say(`The demo data could not be added: ${explain(error)}`);
    return false;
  } finally {
    await database.end();
  }
}

async function missingLinks(database: Client, account: DemoAccount): Promise<DemoLink[]> {
  const { rows } = await database.query<{ slug: string }>(
    `SELECT slug FROM links WHERE slug = ANY($1) AND EXISTS (SELECT FROM accounts WHERE email = $2)`,
    [demoLinks.map(({ slug }) => slug), account.email],
  );
  return demoLinks.filter(({ slug }) => !rows.some((row) => row.slug === slug));
}

type DemoLink = (typeof demoLinks)[number];
type Api = (method: string, path: string, body?: object) => Promise<Response>;

interface Create {
  apiUrl: string;
  appOrigin: string;
}

async function signIn(create: Create, account: DemoAccount): Promise<Api> {
  const anonymous = client(create);
  let response = await anonymous('POST', '/api/auth/register', { ...account, name: 'Demo' });
  if (response.status === 409) response = await anonymous('POST', '/api/auth/login', account);
  if (!response.ok) throw await refusal('signing in as the demo account', response);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return client(create, cookie);
}

async function createLink(api: Api, link: DemoLink): Promise<void> {
  const response = await api('POST', '/api/links', link);
  if (response.ok || response.status === 409) return;
  throw await refusal(`adding the link "${link.slug}"`, response);
}

function client({ apiUrl, appOrigin }: Create, cookie?: string): Api {
  return (method, path, body) =>
    fetch(new URL(path, apiUrl), {
      method,
      headers: {
        origin: appOrigin,
        ...(body && { 'content-type': 'application/json' }),
        ...(cookie && { cookie }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
}

async function refusal(what: string, response: Response): Promise<Error> {
  const text = await response.text();
  return new Error(`${what} was answered with ${response.status}: ${text.slice(0, 300)}`);
}
