import { randomBytes } from 'node:crypto';
import { answered } from '../answered.ts';
import { follow } from '../follow.ts';
import type { HttpAnswer, HttpClient } from '../http-client.ts';
import { type Caller, caller, type Person, signIn, signUp, withApiKey } from '../people.ts';
import type { LocalStack } from '../start-stack.ts';
import type { Flow } from './traffic.ts';

/** Everybody who uses a stack while its servers fail: what they have, and what they keep doing. */
export interface Visitors {
  readonly person: Person;
  readonly api: Caller;
  /** By the names that the tables use. */
  readonly flows: readonly Flow[];
  /** Of follows: told apart in the clicks. */
  requestId(flow: string, index: number): string;
  /** Whom each registration is for. */
  registrationEmail(index: number): string;
  /** Somebody new. */
  signUp(): Promise<Person>;
  /** The overview, as the admin sees it. */
  operations(): Promise<HttpAnswer>;
  /** Makes a link with the API key. */
  create(fields?: object): Promise<{ slug: string }>;
}

/** Enough for a minute and a half. */
const NEW_LINKS = 500;
const KNOWN_LINKS = 5;
const ACCOUNTS = 20;
/** An address to which no page is fetched, so that jobs end at once. */
const TARGET = 'http://127.0.0.1:9/';

/** Registers an admin with links of every kind, and describes a modest load through all services. */
export async function prepareVisitors(
  http: HttpClient,
  stack: LocalStack,
  { creationsPerSecond }: { creationsPerSecond: number },
): Promise<Visitors> {
  const run = randomBytes(4).toString('hex');
  const person = await signUp(http, stack);
  const api = await withApiKey(http, stack, person);
  await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
  const admin = await signIn(http, stack, person);
  const nobody = caller(http, stack, {});
  const malformed = caller(http, stack, { cookie: 'shortstack_session=nonsense' });

  const create = async (fields: object = {}): Promise<{ slug: string }> =>
    answered(201, await api.call('POST', '/api/links', { url: TARGET, ...fields })).json();
  // An account may sign in ten times a quarter of an hour.
  const emails = Array.from(
    { length: ACCOUNTS },
    (_, index) => `${run}-account-${index}@example.com`,
  );
  await stack.sql(
    `INSERT INTO accounts (email, password_hash, session_tag)
     SELECT unnest($2::text[]), password_hash, session_tag FROM accounts WHERE id = $1`,
    [person.id, emails],
  );
  const known = await Promise.all(Array.from({ length: KNOWN_LINKS }, () => create()));
  const limited = await create({ maxClicks: 1_000_000 });
  const own = await create({ visibility: 'private' });
  const links = Array.from({ length: NEW_LINKS }, () => ({ url: TARGET }));
  const bulk = answered(200, await api.call('POST', '/api/links/bulk', { links })).json() as {
    results: { link: { slug: string } }[];
  };
  // The first hundred were written through to the cache; these redirect has to load.
  const fresh = bulk.results.slice(100).map(({ link }) => link.slug);

  const requestId = (flow: string, index: number) =>
    `${run}-${flow.replaceAll(/[^a-z]+/g, '-')}-${index}`;
  const operations = () => http.send(`${stack.opsOrigin}/ops`, { headers: admin.headers });
  const registrationEmail = (index: number) => `${run}-${index}@example.com`;
  const following = (
    name: string,
    perSecond: number,
    slugOf: (index: number) => string,
    headers: Readonly<Record<string, string>> = {},
  ): Flow => ({
    name,
    usual: 302,
    perSecond,
    send: (index) =>
      follow(http, stack.shortOrigin, slugOf(index), {
        ...headers,
        'x-request-id': requestId(name, index),
      }),
  });
  const calling = (
    name: string,
    perSecond: number,
    usual: number,
    who: Caller,
    [method, path]: readonly [string, string],
    body?: (index: number) => object,
  ): Flow => ({
    name,
    usual,
    perSecond,
    // Nobody's address is limited for what the others do.
    send: (index) =>
      who.call(method, path, body?.(index), {
        'x-forwarded-for': `10.1.${index >> 8}.${index & 255}`,
      }),
  });
  const register = ['POST', '/api/auth/register'] as const;
  const login = ['POST', '/api/auth/login'] as const;
  const { password } = person;
  return {
    person,
    api,
    create,
    signUp: () => signUp(http, stack),
    operations,
    requestId,
    registrationEmail,
    flows: [
      following('a known link', 20, (index) => known[index % KNOWN_LINKS]?.slug ?? ''),
      following('a link not in memory', 6, (index) => fresh[index] ?? ''),
      following('a maxClicks link', 2, () => limited.slug),
      following('a private link', 6, () => own.slug, person.headers),
      calling(
        'a creation, by session',
        creationsPerSecond,
        201,
        person,
        ['POST', '/api/links'],
        () => ({ url: TARGET }),
      ),
      calling('a creation, by key', creationsPerSecond, 201, api, ['POST', '/api/links'], () => ({
        url: TARGET,
      })),
      calling('who am I', 4, 200, person, ['GET', '/api/auth/me']),
      calling('who am I, no cookie', 2, 401, nobody, ['GET', '/api/auth/me']),
      calling('who am I, malformed', 2, 401, malformed, ['GET', '/api/auth/me']),
      {
        hashes: true,
        ...calling('a sign-in', 0.5, 200, nobody, login, (index) => ({
          email: emails[index % ACCOUNTS] ?? '',
          password,
        })),
      },
      {
        hashes: true,
        ...calling('a registration', 0.5, 201, nobody, register, (index) => ({
          email: registrationEmail(index),
          password,
        })),
      },
      {
        name: 'the operations page',
        usual: 200,
        perSecond: 6,
        send: operations,
      },
    ],
  };
}
