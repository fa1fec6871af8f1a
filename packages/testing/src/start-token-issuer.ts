import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessTokenAudience, accessTokenKeysPath } from '@shortstack/contracts';
import { generateServiceKey, registerInstance } from '@shortstack/discovery';
import { connectRedis } from '@shortstack/redis';
import { SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

export interface TestTokenIssuer {
  /** A token as create makes them. */
  issue(claims: { sub: string; role?: string; iss?: string; exp?: number }): Promise<string>;
  /** From now on another key signs; the one before stays published. */
  rotate(): Promise<void>;
  /** Nobody answers any more, though the registry still says so. */
  stop(): void;
}

/** Stands in for create where services check access tokens: publishes keys, is found in the hub, and ends with the test. */
export async function startTokenIssuer(options: {
  hubUrl: string;
  issuer: string;
}): Promise<TestTokenIssuer> {
  let keys = [await generateServiceKey()];
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return response.end('{}');
    const isAsked = request.url === accessTokenKeysPath;
    const published = keys.map(({ d: _private, ...key }) => key);
    return response.writeHead(isAsked ? 200 : 404).end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  const redis = connectRedis({ name: 'hub', url: options.hubUrl });
  onTestFinished(() => redis.close());
  await redis.ready();
  const { port } = server.address() as AddressInfo;
  const registration = registerInstance({
    redis,
    instance: {
      id: `create-${port}`,
      service: 'create',
      process: 'http',
      url: `http://127.0.0.1:${port}`,
      version: 'test',
      startedAt: new Date().toISOString(),
    },
    load: () => 0,
  });
  onTestFinished(() => registration.close());
  await until(() => registration.stats().beats > 0);

  return {
    issue({ sub, role = 'user', iss = options.issuer, exp }) {
      const [key] = keys;
      if (key === undefined) throw new Error('no key');
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({ role })
        .setProtectedHeader({ alg: 'EdDSA', kid: String(key.kid), typ: 'at+jwt' })
        .setIssuer(iss)
        .setAudience(accessTokenAudience)
        .setSubject(sub)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(exp ?? now + 300)
        .sign(key);
    },
    async rotate() {
      keys = [await generateServiceKey(), ...keys];
    },
    stop,
  };
}
