import { randomBytes } from 'node:crypto';
import { unexpected } from './answered.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import type { Origins } from './stack.ts';

/** Someone with credentials, who calls create's API. */
export interface Caller {
  /** What authenticates each request. */
  readonly headers: Readonly<Record<string, string>>;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer>;
}

/** Someone with an account, signed in with a browser. */
export interface Person extends Caller {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

export type Scope = 'links:read' | 'links:write' | 'stats:read' | 'webhooks:write';
const allScopes: Scope[] = ['links:read', 'links:write', 'stats:read'];

/** Calls the API of `origin` (default: the app origin) with these headers. */
export function caller(
  http: HttpClient,
  { appOrigin }: Pick<Origins, 'appOrigin'>,
  headers: Readonly<Record<string, string>>,
): Caller {
  return {
    headers,
    call: (method, path, body, more = {}) =>
      http.send(`${appOrigin}${path}`, {
        method,
        headers: { ...headers, ...more },
        ...(body !== undefined && { body }),
      }),
  };
}

/** Registers somebody new and stays signed in. */
export async function signUp(http: HttpClient, stack: Origins): Promise<Person> {
  const email = `${randomBytes(8).toString('hex')}@example.com`;
  const password = 'correct horse battery';
  const answer = await caller(http, stack, {}).call('POST', '/api/auth/register', {
    email,
    password,
  });
  if (answer.status !== 201) throw unexpected('Registering', answer);
  const { id } = answer.json().user as { id: string };
  return { id, email, password, ...signedIn(http, stack, answer) };
}

/** Signs somebody in again, as another browser would. */
export async function signIn(
  http: HttpClient,
  stack: Origins,
  { email, password }: Pick<Person, 'email' | 'password'>,
): Promise<Caller> {
  const answer = await caller(http, stack, {}).call('POST', '/api/auth/login', { email, password });
  if (answer.status !== 200) throw unexpected('Signing in', answer);
  return signedIn(http, stack, answer);
}

/** Makes an API key for a person and calls with it. */
export async function withApiKey(
  http: HttpClient,
  stack: Origins,
  person: Caller,
  scopes: readonly Scope[] = allScopes,
): Promise<Caller> {
  const answer = await person.call('POST', '/api/keys', { name: 'end to end', scopes });
  if (answer.status !== 201) throw unexpected('Making an API key', answer);
  return caller(http, stack, { authorization: `Bearer ${answer.json().key}` });
}

function signedIn(http: HttpClient, stack: Origins, answer: HttpAnswer): Caller {
  const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  // Cookie-authenticated writes must come from our own site.
  return caller(http, stack, { cookie, origin: stack.appOrigin });
}
