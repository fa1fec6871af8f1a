import { createSessionCookie } from '@shortstack/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Seal } from '../domain/seal.ts';
import type { OidcChecks } from '../outgoing/oidc-issuer.ts';
import type { SignInGoal } from '../pages/sign-in-goal.ts';

/** A sign-in with an issuer that a browser has begun. */
export interface OidcAttempt extends SignInGoal {
  providerId: string;
  checks: OidcChecks;
  /** The account that the issuer is to be linked to; absent where somebody signs in. */
  linkTo?: string;
}

/** Signing in at the issuer may take that long. */
const maxAgeSeconds = 600;
/** What the cookie may hold: browsers keep 4,096 bytes. */
const maxTargetLength = 1_500;

/**
 * Keeps what a browser has begun in a cookie of its own, sealed: so nothing is stored here, and nobody but that browser can finish. A
 * browser has one at a time; the last one begun counts.
 */
export function createOidcAttempts(options: { seal: Seal; appOrigin: string; now: () => Date }) {
  const { seal, appOrigin, now } = options;
  const cookie = createSessionCookie({
    name: 'shortstack_oidc',
    secure: appOrigin.startsWith('https:'),
    maxAgeSeconds,
  });

  return {
    keep(reply: FastifyReply, attempt: OidcAttempt): void {
      const target = attempt.target.length > maxTargetLength ? appOrigin : attempt.target;
      const endsAtMs = now().getTime() + maxAgeSeconds * 1_000;
      const challenge = attempt.challenge.slice(0, 100);
      const kept = JSON.stringify({ ...attempt, target, challenge, endsAtMs });
      reply.header('set-cookie', cookie.set(seal.seal(kept)));
    },

    /** What this browser has begun with this issuer and this state; null for anything else. The browser is
     * told to forget it; what can be used once is the issuer's code. */
    take(
      request: FastifyRequest,
      reply: FastifyReply,
      { providerId, state }: { providerId: string; state: string },
    ): OidcAttempt | null {
      const opened = seal.open(cookie.read(request.headers.cookie) ?? '');
      if (opened === null) return null;
      const attempt = JSON.parse(opened) as OidcAttempt & { endsAtMs: number };
      // What does not belong to it must not spoil it either.
      if (attempt.providerId !== providerId || attempt.checks.state !== state) return null;
      reply.header('set-cookie', cookie.clear());
      return now().getTime() < attempt.endsAtMs ? attempt : null;
    },
  };
}

export type OidcAttempts = ReturnType<typeof createOidcAttempts>;
