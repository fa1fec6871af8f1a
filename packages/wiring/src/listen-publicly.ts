import { type AppServer, closeServer } from '@shortstack/server';
import type { OpenProcess } from './open-process.ts';

/**
 * Opens the public listener of an HTTP process; at its end requests in flight are finished. Returns its URL. `sharing`: how it shares its
 * port with other processes. Default: it doesn't.
 */
export async function listenPublicly(
  { life, logger }: OpenProcess,
  app: AppServer,
  config: { HOST: string; PORT: number; IDLE_CONNECTION_GRACE_SECONDS: number },
  sharing: { reusePort?: true } = {},
): Promise<string> {
  const url = await app.listen({ host: config.HOST, port: config.PORT, ...sharing });
  life.onClose('listener', () =>
    closeServer(app, { idleMs: config.IDLE_CONNECTION_GRACE_SECONDS * 1_000 }),
  );
  logger.info({ port: config.PORT }, 'listening');
  return url;
}
