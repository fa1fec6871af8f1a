import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { until } from '@shortstack/testing';
import { afterAll } from 'vitest';
import { docker } from './docker.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Another version can be tried by name. */
const image = process.env.NGINX_IMAGE ?? 'nginx:1-trixie';

const ports = { create: 3000, redirect: 3001, worker: 3002 } as const;
type ServiceName = keyof typeof ports;

/** A request as a stub received it. */
interface SeenRequest {
  name: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  bytes: number;
  /** 1 for the first request on its connection. */
  useCount: number;
}

export interface Stub {
  /** Name of its container. */
  readonly container: string;
  readonly address: string;
  /** What it received so far, also if it is dead. */
  seen(): Promise<SeenRequest[]>;
}

interface Nginx {
  readonly container: string;
  readonly appOrigin: string;
  readonly shortOrigin: string;
  readonly appTlsOrigin: string;
  readonly shortTlsOrigin: string;
  /** The addresses that it has been given for a service. */
  addressesOf(service: ServiceName): Promise<string[]>;
  log(): Promise<string>;
  /** Waits for a line of the log that has this in it. */
  logLine(text: string): Promise<string>;
}

export interface Front {
  /** Where connections through published ports come from. */
  readonly gateway: string;
  /** `isDeaf`: runs but listens on no port. */
  startStub(service: ServiceName, options?: { isDeaf?: boolean }): Promise<Stub>;
  startNginx(environment?: Record<string, string>): Promise<Nginx>;
}

/**
 * Makes a Docker network on which a test starts nginx as it runs in production, and stubs in place of the
 * services. Everything is removed with the test file.
 */
export async function startFront(): Promise<Front> {
  const prefix = `shortstack-nginx-${randomBytes(4).toString('hex')}`;
  const containers: string[] = [];
  const volumes: string[] = [];
  let count = 0;
  afterAll(async () => {
    if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
    if (volumes.length > 0) await docker('volume', 'rm', '--force', ...volumes);
    await docker('network', 'rm', '--force', prefix);
  });
  await docker('network', 'create', prefix);

  async function start(role: string, ...args: string[]): Promise<string> {
    count += 1;
    const container = `${prefix}-${role}-${count}`;
    containers.push(container);
    await docker('run', '--detach', '--name', container, '--network', prefix, ...args);
    return container;
  }

  async function startStub(service: ServiceName, { isDeaf = false } = {}): Promise<Stub> {
    const container = await start(
      service,
      ...['--network-alias', service, '--env', `PORT=${ports[service]}`],
      ...['--env', `NAME=${service}-${count + 1}`],
      ...['--volume', `${here('stub-service.ts')}:/stub-service.ts:ro`, 'node:26-trixie-slim'],
      ...(isDeaf ? ['sleep', 'infinity'] : ['node', '/stub-service.ts']),
    );
    const log = () => docker('logs', container);
    if (!isDeaf) {
      await until(async () => (await log()).includes('listening'), {
        message: `${container} did not start`,
        deadlineMs: 15_000,
      });
    }
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    return {
      container,
      address: (await docker('inspect', '--format', format, container)).trim(),
      async seen() {
        const lines = (await log()).split('\n').filter((line) => line.startsWith('{'));
        return lines.map((line) => JSON.parse(line));
      },
    };
  }

  async function startNginx(environment: Record<string, string> = {}): Promise<Nginx> {
    const volume = `${prefix}-tls-${count + 1}`;
    volumes.push(volume);
    const container = await start(
      'nginx',
      ...['--read-only', '--tmpfs', '/run', '--tmpfs', '/var/cache/nginx'],
      ...['--cap-drop', 'ALL', '--cap-add', 'CHOWN', '--cap-add', 'SETUID', '--cap-add', 'SETGID'],
      ...['--security-opt', 'no-new-privileges'],
      ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...[8080, 8081, 8443, 8444].flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
      ...['--volume', `${here('../nginx.conf')}:/etc/nginx/nginx.conf:ro`],
      ...['--volume', `${here('../conf')}:/etc/nginx/shortstack:ro`],
      ...['--volume', `${here('../entrypoint')}:/docker-entrypoint.d:ro`],
      ...['--volume', `${volume}:/etc/nginx/tls`],
      image,
    );
    await until(() => docker('exec', container, 'curl', '-fsS', 'http://127.0.0.1:8090/livez'), {
      message: 'nginx did not start',
      deadlineMs: 15_000,
    });
    const log = () => docker('logs', container);
    const published = async (port: number) => (await docker('port', container, `${port}`)).trim();
    return {
      container,
      appOrigin: `http://${await published(8080)}`,
      shortOrigin: `http://${await published(8081)}`,
      appTlsOrigin: `https://${await published(8443)}`,
      shortTlsOrigin: `https://${await published(8444)}`,
      async addressesOf(service) {
        const file = await docker('exec', container, 'cat', `/run/generated/${service}.conf`);
        const found = file.matchAll(/server ([\d.]+):(?!8091)/g);
        return [...new Set([...found].map(([, address = '']) => address))];
      },
      log,
      logLine: (text) =>
        until(async () => {
          const line = (await log()).split('\n').find((each) => each.includes(text));
          if (!line) throw new Error(`no line has ${text}`);
          return line;
        }),
    };
  }

  const gateway = await docker(
    ...['network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', prefix],
  );
  return { gateway: gateway.trim(), startStub, startNginx };
}
