import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

/** Who signs in at the issuer. */
export interface Person {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

export interface TestIssuer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in there from now on; null for somebody who declines. */
  person: Person | null;
  close(): Promise<void>;
}

/** A real OpenID Connect issuer on a port of its own, whose sign-in page answers by itself. */
export async function startOidcProvider(redirectUri: string): Promise<TestIssuer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const people = new Map<string, Person>();
  const [clientId, clientSecret] = ['shortstack', 'a secret of the tests alone'];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'test' }] },
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => ({ ...people.get(accountId), sub: accountId }),
    }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  const self: TestIssuer = {
    ...{ issuer, clientId, clientSecret },
    person: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const answer = provider.callback();
  async function interact(request: IncomingMessage, response: ServerResponse) {
    const { person } = self;
    if (person === null) {
      const denied = { error: 'access_denied', error_description: 'No, thank you' };
      return provider.interactionFinished(request, response, denied);
    }
    people.set(person.sub, person);
    const grant = new provider.Grant({ accountId: person.sub, clientId });
    grant.addOIDCScope('openid email profile');
    const result = { login: { accountId: person.sub }, consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, response, result);
  }
  server.on('request', (request, response) => {
    const isInteraction = request.url?.startsWith('/interaction/');
    void (isInteraction ? interact(request, response) : answer(request, response));
  });
  return self;
}
