import { AppError } from '@shortstack/errors';
import type { SessionStore } from '@shortstack/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeDevice } from '../domain/describe-device.ts';
import type { AccountToSignIn, SignInPorts } from '../domain/sign-in.ts';
import type {} from '../session-data.ts';

/** Starts a session of this account and returns its token. `device` is where. */
export async function createSession(
  sessions: SessionStore,
  { id, email, name, role, sessionTag }: AccountToSignIn,
  device: string | null,
): Promise<string> {
  const { token } = await sessions.create({
    userId: id,
    tag: sessionTag,
    data: { email, name, role, ...(device !== null && { device }) },
  });
  return token;
}

/** Gives the browser a fresh session, whatever it had before: so nobody can be made to use one that another knows. */
export async function handOverSession(
  sessions: SessionStore,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): Promise<void> {
  const before = request.session.token;
  // The new session counts, so a failure to end the old one must not fail the request: it is only unused.
  if (before !== null) await sessions.end(before).catch(() => false);
  request.session.setCookie(reply, token);
}

/** An `onRequest` hook: a page of another site must not sign its visitor in to an account of its own choice. */
export function refuseForeignSignIn(appOrigin: string) {
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const site = headers['sec-fetch-site'] ?? 'none';
    if (site === 'same-origin' || headers.origin === appOrigin) return;
    if (site === 'none' && headers.origin === undefined) return;
    throw new AppError(
      'forbidden',
      'CSRF_REJECTED',
      'This request did not come from our own site.',
    );
  };
}

/** The ports of signing in, for the browser that sent this request. */
export function portsFor<Ports extends Pick<SignInPorts, 'createSession'>>(
  ports: Ports,
  { headers }: FastifyRequest,
): Ports {
  const device = describeDevice(headers['user-agent']);
  return {
    ...ports,
    createSession: (account: AccountToSignIn) => ports.createSession(account, device),
  };
}
