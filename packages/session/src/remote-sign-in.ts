import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createSessionCookie, type SessionCookie } from './session-cookie.ts';
import type { SessionStore } from './session-store.ts';
import { hashOf, isSessionId, newSecret } from './session-token.ts';
import { sharesCookie } from './shares-cookie.ts';

export interface RemoteSignInOptions {
  /** With `site` as its own option `site`. */
  store: Pick<SessionStore<unknown>, 'redeemCode'>;
  /** The origin of this service. */
  site: string;
  /** The page that signs in, such as `https://app.example.com/sign-in`. */
  signInUrl: string;
  /** As the service that signs in names its cookie, without prefix, and for which domain. */
  cookie: { name: string; domain?: string | undefined; maxAgeSeconds?: number };
}

/** Signing in for a service without a sign-in page of its own. */
export interface RemoteSignIn {
  /** The cookie in which this service finds the session: the shared one, or on another site its own. */
  readonly cookie: SessionCookie;
  /** Sends the browser to the sign-in page, which leads back to `returnTo`, an address of this service. */
  begin(request: FastifyRequest, reply: FastifyReply, returnTo: string): FastifyReply;
  /**
   * Adds `GET <path>`, to which the sign-in page leads with `code` and `returnTo` where this is another site: sets the cookie and
   * goes on to `returnTo`. `refuse` answers where the code is not valid. Adds nothing where the cookie is shared.
   */
  receive(
    app: FastifyInstance,
    path: string,
    refuse: (request: FastifyRequest, reply: FastifyReply, returnTo: string) => FastifyReply,
  ): void;
}

/** Signing in may take that long before it has to be begun again. */
const pendingSeconds = 3_600;

/**
 * Where the cookie of the signing-in service reaches this one, `begin` only redirects. On another site the session is handed over:
 * `begin` leaves a secret with the browser and sends its hash along; the sign-in page answers with a code for that hash
 * (`issueCode`); `receive` exchanges it. A code thus works in no other browser than the one that began, so that nobody can be made
 * to use the session of somebody else.
 */
export function createRemoteSignIn(options: RemoteSignInOptions): RemoteSignIn {
  const { store, site, signInUrl } = options;
  const { name, domain, maxAgeSeconds } = options.cookie;
  const lifetime = maxAgeSeconds === undefined ? {} : { maxAgeSeconds };
  const isShared = sharesCookie(site, { setBy: signInUrl, domain });
  const isSecure = (isShared ? signInUrl : site).startsWith('https:');
  const scope = isShared && domain !== undefined ? { domain } : {};
  const cookie = createSessionCookie({ name, secure: isSecure, ...lifetime, ...scope });
  const pending = createSessionCookie({
    name: `${name}_pending`,
    secure: isSecure,
    maxAgeSeconds: pendingSeconds,
  });

  return {
    cookie,

    begin(request, reply, returnTo) {
      let location = `${signInUrl}?returnTo=${encodeURIComponent(returnTo)}`;
      if (!isShared) {
        // One secret for all tabs that begin at once: they have one cookie.
        const begun = pending.read(request.headers.cookie) ?? '';
        const verifier = isSessionId(begun) ? begun : newSecret().secret;
        reply.header('set-cookie', pending.set(verifier));
        location += `&challenge=${hashOf(verifier)}`;
      }
      return leadTo(reply, location, 302);
    },

    receive(app, path, refuse) {
      if (isShared) return;
      app.get<{ Querystring: { code?: string; returnTo?: string } }>(
        path,
        // A HEAD request would use the code up.
        { exposeHeadRoute: false, schema: { querystring: codeQuery } },
        async (request, reply) => {
          const { code = '', returnTo = '/' } = request.query;
          const target = ownAddress(returnTo, site);
          const verifier = pending.read(request.headers.cookie) ?? '';
          const redeemed = await store.redeemCode(code, verifier);
          if (redeemed === null) return refuse(request, reply, target);
          reply.header('set-cookie', cookie.set(redeemed.token));
          return leadTo(reply, target, 303);
        },
      );
    },
  };
}

const codeQuery = {
  type: 'object',
  properties: { code: { type: 'string' }, returnTo: { type: 'string' } },
  additionalProperties: false,
};

function leadTo(reply: FastifyReply, location: string, status: number): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header('location', location)
    .send();
}

/** An address of this site, whatever was asked for. */
function ownAddress(wanted: string, site: string): string {
  const url = URL.canParse(wanted, site) ? new URL(wanted, site) : null;
  return url?.origin === site ? url.href : `${site}/`;
}
