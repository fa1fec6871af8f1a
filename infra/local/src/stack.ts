import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { RolePasswords, ServiceRole } from '@shortstack/db';
import { postgresRoles } from '@shortstack/db';
import { aclFile } from '../../redis/src/acl-file.ts';
import { redisUrls } from '../../redis/src/redis-urls.ts';
import {
  type RedisName,
  type RedisUser,
  redisNames,
  type ServiceUser,
} from '../../redis/src/redis-users.ts';
import {
  type JobsRedisName,
  jobsRedis,
  type ProcessOfService,
  processes,
  serviceNames,
  services,
} from '../../services/src/services.ts';
import { postgresServer, redisServer } from './backing-servers.ts';
import { buildWeb, isWebSource } from './build-web.ts';
import { compileAhead } from './compile-ahead.ts';
import { compileCacheIn, lifeline, nodeService } from './node-service.ts';
import { prepareDatabase } from './prepare-database.ts';
import type { Stack } from './run-stack.ts';
import { say } from './say.ts';
import type { Secrets } from './secrets.ts';
import { demoAccount, seed } from './seed.ts';
import { welcome } from './welcome.ts';

export interface StackOptions {
  /** The checkout. */
  root: string;
  dataDirectory: string;
  /** Added to every port. */
  portOffset: number;
  secrets: Secrets;
}

/** A program that does its work beside the stack and ends. */
interface Task {
  name: string;
  /** The file that is run. */
  main: string;
  env: Readonly<Record<string, string>>;
}

/** Every server and process of Shortstack on one machine: its port, its data, its environment. */
export function stack({
  root,
  dataDirectory,
  portOffset,
  secrets,
}: StackOptions): Stack & { tasks: readonly Task[] } {
  const at = (port: number) => port + portOffset;

  // ── Backing servers ────────────────────────────────────────────────────────────────────────────
  const redisServers: Record<RedisName, { port: number; config: string }> = {
    session: { port: at(6400), config: 'session.conf' },
    hub: { port: at(6401), config: 'hub.conf' },
    cache: { port: at(6402), config: 'cache.conf' },
    ...(Object.fromEntries(
      Object.entries(jobsRedis).map(([name, { port, config }]) => [
        name,
        { port: at(port), config },
      ]),
    ) as Record<JobsRedisName, { port: number; config: string }>),
  };
  const redisPassword = (name: RedisName, user: RedisUser) =>
    secrets.password(`redis-${name}-${user}`);
  const redis = redisNames.map((name) =>
    redisServer({
      name: `redis-${name}`,
      port: redisServers[name].port,
      configFile: join(root, 'infra/redis', redisServers[name].config),
      acl: aclFile(name, redisPassword),
      adminPassword: redisPassword(name, 'admin'),
      dataDirectory,
    }),
  );

  const postgresPort = at(5400);
  const postgres = postgresServer({
    name: 'postgres',
    port: postgresPort,
    password: secrets.password('postgres'),
    dataDirectory,
  });
  const databaseUrl = (user: string, password: string, database = 'shortstack') =>
    `postgres://${user}:${password}@127.0.0.1:${postgresPort}/${database}`;
  const roleUrl = (role: ServiceRole) =>
    databaseUrl(postgresRoles[role], secrets.password(`postgres-${role}`));
  const rolePasswords = Object.fromEntries(
    Object.keys(postgresRoles).map((role) => [role, secrets.password(`postgres-${role}`)]),
  ) as RolePasswords;
  const superuserUrl = databaseUrl('postgres', secrets.password('postgres'), 'postgres');
  const ownerUrl = databaseUrl('postgres', secrets.password('postgres'));

  // ── Services ───────────────────────────────────────────────────────────────────────────────────
  const appOrigin = `http://localhost:${at(services.create.http?.port ?? 0)}`;
  const shortOrigin = `http://localhost:${at(services.redirect.http?.port ?? 0)}`;
  const workerOrigin = `http://localhost:${at(services.worker.http?.port ?? 0)}`;

  const switches = {
    port: at(9399),
    token: randomBytes(32).toString('base64url'),
    origin: workerOrigin,
  };

  const environmentOf = ({ name, service, described }: ProcessOfService) => {
    const { databaseRole, port } = described;
    const internalPort = at(described.internalPort);
    return {
      APP_ORIGIN: appOrigin,
      SHORT_ORIGIN: shortOrigin,
      OPS_ORIGIN: workerOrigin,
      ...(databaseRole && { DATABASE_URL: roleUrl(databaseRole) }),
      SESSION_ENCRYPTION_KEYS: `local:${secrets.password('session-encryption')}`,
      HOST: '127.0.0.1',
      ...(port && { PORT: `${at(port)}` }),
      INTERNAL_HOST: '127.0.0.1',
      INTERNAL_PORT: `${internalPort}`,
      ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
      INSTANCE_ID: `${name}-1`,
      SERVICE_PRIVATE_KEY: secrets.signingKey(`service-${service}`),
      ...(service === 'worker' && {
        FAULT_SWITCHES_URL: `http://127.0.0.1:${switches.port}`,
        FAULT_SWITCHES_TOKEN: switches.token,
      }),
      ...(service === 'redirect' && {
        SPOOL_DIRECTORY: join(dataDirectory, 'spool'),
        UNLOCK_SECRET: secrets.password('redirect-unlock'),
      }),
      ...redisSettings(name),
    };
  };
  const redisSettings = (user: ServiceUser) =>
    redisUrls(user, {
      addressOf: (name) => `127.0.0.1:${redisServers[name].port}`,
      passwordOf: redisPassword,
    });
  const programs = processes.map((process) => {
    const { internalPort, port } = process.described;
    return nodeService({
      name: process.name,
      main: join(root, process.main),
      env: environmentOf(process),
      ports: [...(port ? [at(port)] : []), at(internalPort)],
      internalPort: at(internalPort),
      dataDirectory,
    });
  });

  let webBuilt = Promise.resolve(false);
  const demo = demoAccount(secrets);
  return {
    postgres: [postgres],
    redis,
    services: programs,
    switches,
    tasks: [
      {
        name: 'analytics:rebuild',
        main: join(root, 'apps/redirect/src/rebuild-analytics.ts'),
        env: { DATABASE_URL: roleUrl('redirectJobs'), ...redisSettings('redirect-jobs') },
      },
      {
        name: 'load',
        main: join(root, 'apps/load/src/load/main.ts'),
        env: {
          LOAD_TARGET: shortOrigin,
          LOAD_API: appOrigin,
          LOAD_EMAIL: demo.email,
          LOAD_PASSWORD: demo.password,
          LOAD_DATABASE_URL: ownerUrl,
        },
      },
    ],
    compile(signal) {
      webBuilt = buildWeb(root, signal);
      return compileAhead({
        // Redirect's main loads the last one when it has read its settings.
        files: [
          lifeline,
          ...programs.map(({ main }) => main),
          join(root, 'apps/redirect/src/start-http.ts'),
        ],
        cacheDirectory: compileCacheIn(dataDirectory),
        signal,
      });
    },
    async sourcesChanged(files, signal) {
      if (!files.some(isWebSource)) return;
      // One after the other: they write to the same place.
      webBuilt = webBuilt.then(() => buildWeb(root, signal));
      if (await webBuilt) say('apps/web: built, load the page again');
    },
    prepare: () => prepareDatabase({ superuserUrl, ownerUrl, passwords: rolePasswords }),
    async finish() {
      await webBuilt;
      const seeded = await seed({
        apiUrl: appOrigin.replace('localhost', '127.0.0.1'),
        appOrigin,
        ownerUrl,
        account: demo,
      });
      return welcome({
        appOrigin,
        shortOrigin,
        workerOrigin,
        others: Object.fromEntries(
          serviceNames
            .filter((name) => !['create', 'redirect', 'worker'].includes(name))
            .flatMap((name) => {
              const port = services[name].http?.port;
              return port ? [[name, `http://localhost:${at(port)}`]] : [];
            }),
        ),
        account: demo,
        seeded,
        dataDirectory,
      });
    },
  };
}
