// The supervisor over a small stack: stub services, a real Redis, and a real PostgreSQL where asked for.
import { join } from 'node:path';
import { postgresServer, redisServer } from '../../src/backing-servers.ts';
import { nodeService } from '../../src/node-service.ts';
import { runStack } from '../../src/run-stack.ts';
import { runToExit } from '../../src/run-to-exit.ts';
import type { StubStack } from '../start-stub-stack.ts';

const stub = JSON.parse(process.env.STUB_STACK ?? '') as StubStack;
const { dataDirectory, ports, checkout } = stub;

function service(name: string, port: number, env: Record<string, string> = {}) {
  return nodeService({
    name,
    main: checkout
      ? join(checkout, 'apps', name, 'src/main.ts')
      : join(import.meta.dirname, 'service.ts'),
    env: {
      NAME: name,
      INTERNAL_PORT: `${port}`,
      REDIS_PORT: `${ports.redis}`,
      STOPPED_FILE: join(dataDirectory, 'stopped'),
      ...env,
    },
    ports: [port],
    internalPort: port,
    dataDirectory,
  });
}

await runToExit((stop) =>
  runStack({
    stack: () => ({
      services: [
        service('first', ports.first, stub.firstEnvironment),
        service('second', ports.second),
      ],
      redis: [
        redisServer({
          name: 'redis',
          port: ports.redis,
          acl: 'user admin on >secret ~* &* +@all\n',
          adminPassword: 'secret',
          configFile: join(import.meta.dirname, '../../../redis/hub.conf'),
          dataDirectory,
        }),
      ],
      postgres: stub.withPostgres
        ? [
            postgresServer({
              name: 'postgres',
              port: ports.postgres,
              password: 'secret',
              dataDirectory,
            }),
          ]
        : [],
      switches: { port: ports.switches, token: 'of-this-start', origin: 'http://ops.test' },
      compile: async () => {},
      prepare: async () => {},
      finish: async () => 'The stack is up',
    }),
    dataDirectory,
    portOffset: 0,
    stop,
    worksOn: checkout,
  }),
);
