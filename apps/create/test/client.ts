import type { InjectOptions, Response } from 'light-my-request';
import { appOrigin, type RunningCreate } from './start-create.ts';

export interface Client {
  /** What authenticates it. */
  readonly headers: Record<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  patch(path: string, body: unknown): Promise<Response>;
  delete(path: string): Promise<Response>;
}

/** Calls the app with these headers in every request. */
export function client({ app }: RunningCreate, headers: Record<string, string> = {}): Client {
  const send = (options: InjectOptions) =>
    app.inject({ ...options, headers: { ...headers, ...options.headers } });
  const json = (body: unknown) => (body === undefined ? {} : { payload: body as object });
  return {
    headers,
    get: (url, more = {}) => send({ method: 'GET', url, headers: more }),
    post: (url, body, more = {}) => send({ method: 'POST', url, headers: more, ...json(body) }),
    patch: (url, body) => send({ method: 'PATCH', url, ...json(body) }),
    delete: (url) => send({ method: 'DELETE', url }),
  };
}

let people = 0;

/** Registers somebody new and returns their browser: the session cookie, and our own origin. */
export async function signUp(create: RunningCreate): Promise<Client & { email: string }> {
  people += 1;
  const email = `person-${people}@example.com`;
  const answer = await client(create).post('/api/auth/register', {
    email,
    password: 'correct horse',
  });
  if (answer.statusCode !== 201) throw new Error(`Registering failed: ${answer.body}`);
  return { email, ...client(create, { cookie: cookieOf(answer), origin: appOrigin }) };
}

/** A client with an API key of this person. */
export async function withApiKey(
  create: RunningCreate,
  person: Client,
  scopes: string[] = ['links:read', 'links:write', 'stats:read'],
): Promise<Client & { id: string }> {
  const answer = await person.post('/api/keys', { name: 'a key', scopes });
  const { key, id } = answer.json();
  return { id, ...client(create, { authorization: `Bearer ${key}` }) };
}

/** The session cookie that an answer sets, as the browser sends it back. */
export function cookieOf(answer: Response): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}
