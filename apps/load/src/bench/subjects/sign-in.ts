import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from './stack.ts';

/** Somebody who is signed in at create. */
export interface Session {
  /** What a browser sends. */
  readonly headers: Readonly<Record<string, string>>;
  readonly accountId: string;
  /** Calls create's API; rejects with what it answers unless that is a success. */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A new API key that may do everything. */
  makeKey(): Promise<string>;
  /** Changes runtime settings and waits until every process knows them. Administrators only. */
  changeSettings(changes: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Settings hold everywhere within a second. */
const settingsKnownMs = 1_500;

type Credentials = Stack['admin'];

/** Signs in, by default as the administrator; with `register` as somebody new. */
export async function signIn(
  { appOrigin, appSite, admin }: Pick<Stack, 'appOrigin' | 'appSite' | 'admin'>,
  { email, password }: Credentials = admin,
  how: 'login' | 'register' = 'login',
): Promise<Session> {
  const send = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ) =>
    fetch(`${appOrigin}${path}`, {
      method,
      headers: {
        origin: appSite,
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  const answer = await send('POST', `/api/auth/${how}`, {}, { email, password });
  if (!answer.ok) throw await refusal('Signing in', answer);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { user } = (await answer.json()) as { user: { id: string } };
  const session: Session = {
    headers: { cookie, origin: appSite },
    accountId: user.id,
    async call<Answer>(method: string, path: string, body?: unknown) {
      const answer = await send(method, path, { cookie }, body);
      if (!answer.ok) throw await refusal(`${method} ${path}`, answer);
      return (await answer.json()) as Answer;
    },
    async makeKey() {
      const scopes = ['links:read', 'links:write', 'stats:read'];
      const { key } = await session.call<{ key: string }>('POST', '/api/keys', {
        name: 'bench',
        scopes,
      });
      return key;
    },
    async changeSettings(changes) {
      await session.call('PATCH', '/api/settings', changes);
      await pause(settingsKnownMs);
    },
  };
  return session;
}

async function refusal(what: string, answer: Response): Promise<Error> {
  return new Error(
    `${what} was answered with ${answer.status}: ${(await answer.text()).slice(0, 300)}`,
  );
}
