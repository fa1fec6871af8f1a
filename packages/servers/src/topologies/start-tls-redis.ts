import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { quoted } from '../redis-config.ts';
import { startRedis } from '../start-redis.ts';
import { createCertificates } from './create-certificates.ts';
import type { Topology } from './topology.ts';

const password = 'test-app';
/** What an application needs: all but administration, plus what BullMQ asks for and what a metric reads. */
const permissions =
  '+@all -@dangerous -@admin +info +slowlog|get +slowlog|len +client|list +client|id +client|setname';

/**
 * Starts a server that clients reach over TLS with a certificate of their own, as a user `app` who may do all but administrate
 * it (250 ms). Its plain port is closed to strangers: only who starts it has that password.
 */
export async function startTlsRedis(): Promise<Topology & { adminUrl: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-certificates-'));
  try {
    const { ca, server, client } = await createCertificates();
    const file = async (name: string, text: string) => {
      const path = join(directory, name);
      await writeFile(path, text, { mode: 0o600 });
      return quoted(path);
    };
    const tlsPort = await freePort();
    const redis = await startRedis({
      ephemeral: true,
      password: 'test-admin',
      settings: {
        'tls-port': tlsPort,
        'tls-ca-cert-file': await file('ca.pem', ca),
        'tls-cert-file': await file('server.pem', server.cert),
        'tls-key-file': await file('server-key.pem', server.key),
        user: `app on >${password} ~* &* ${permissions}`,
      },
    });
    return {
      connection: {
        url: `rediss://app:${password}@localhost:${tlsPort}`,
        tls: { ca, ...client },
      },
      adminUrl: redis.url,
      stop: () => redis.stop(),
    };
  } finally {
    // Redis has read them.
    await rm(directory, { recursive: true });
  }
}
