import { connectRedis } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import { createSessionStore } from '../src/create-session-store.ts';
import type { SessionCodec } from '../src/session.ts';

declare module '../src/session.ts' {
  interface SessionData {
    email: string;
    role: 'user' | 'admin';
  }
}

interface TestData {
  email: string;
  role: 'user' | 'admin';
}

export const codec: SessionCodec<TestData> = {
  encode: (fields) => ({ ...fields }),
  decode({ email, role }) {
    if (email === undefined || (role !== 'user' && role !== 'admin')) return null;
    return { email, role };
  },
};

export const data: TestData = { email: 'ada@example.com', role: 'user' };

/** Where the fixture's store redeems codes. */
export const site = 'https://sho.rt';

export const limits = {
  idleTtlSeconds: 3_600,
  absoluteTtlSeconds: 86_400,
  touchIntervalSeconds: 60,
  maxSessionsPerUser: 5,
};

/** A session Redis of one's own with a store on it, and a connection past the store. `close` ends all three. */
export async function startSessions() {
  const server = await startTestRedis({ settings: { 'enable-debug-command': 'yes' } });
  const redis = connectRedis({ url: server.url, name: 'session' });
  const adminConnection = connectRedis({
    url: server.url,
    name: 'admin',
    commandTimeoutMs: 10_000,
  });
  await Promise.all([redis.ready(), adminConnection.ready()]);
  const store = createSessionStore({ redis, codec, ...limits, site });
  return {
    server,
    redis,
    admin: adminConnection.client,
    store,
    close: async () => {
      await redis.close();
      await adminConnection.close();
      await server.stop();
    },
  };
}
