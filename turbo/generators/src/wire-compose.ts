import { type Add, passwordOf, type ServiceToWire } from './service-to-wire.ts';

/** Its place in docker-compose.yml and docker-compose.dev.yml. */
export function wireCompose(add: Add, service: ServiceToWire): void {
  const { name, http, queue, tables } = service;
  if (tables) {
    const { setting, file } = passwordOf(service);
    add('docker-compose.yml', 'passwords', `${setting}: /run/secrets/${file}`);
  }
  add('docker-compose.yml', 'images', composeImage(service));
  add('docker-compose.yml', 'services', composeServices(service));
  add('docker-compose.yml', 'networks', `${name}: { internal: true }`);
  if (queue) add('docker-compose.yml', 'volumes', `redis-jobs-${name}:`);
  if (http) {
    add('docker-compose.yml', 'what nginx waits for', `${name}: { condition: service_healthy }`);
  }
  add('docker-compose.dev.yml', 'services', developmentServices(service));
}

function composeImage({ name, camel }: ServiceToWire): string {
  return `x-${name}: &${camel}
  <<: *service
  image: \${IMAGE_PREFIX:-shortstack}/${name}:\${VERSION:-dev}
  build:
    <<: *build
    args: { DIRECTORY: apps/${name}, VERSION: '\${VERSION:-dev}' }
`;
}

function composeServices({
  name,
  camel,
  http,
  queue,
  port,
  internalPort,
  jobsPort,
}: ServiceToWire): string {
  const mount = (directory: string) =>
    `- { type: volume, source: secrets, target: /run/secrets, read_only: true, volume: { subpath: ${directory} } }`;
  const redis = `redis-jobs-${name}: { condition: service_healthy }`;
  return [
    `# ── ${name} ${'─'.repeat(111 - name.length)}`,
    ...(queue
      ? [
          `redis-jobs-${name}:
  <<: *redis
  command: [redis-server, /etc/redis.conf, --aclfile, /run/secrets/users.acl, --maxmemory, 128mb]
  deploy: { resources: { limits: { memory: 256M } } }
  networks: [${name}]
  volumes:
    - ./infra/redis/jobs.conf:/etc/redis.conf:ro
    - redis-jobs-${name}:/data
    ${mount(`redis-jobs-${name}`)}
`,
        ]
      : []),
    ...(http
      ? [
          `${name}:
  <<: *${camel}
  environment: { <<: *environment, PORT: '${port}', INTERNAL_PORT: '${internalPort}' }
  networks: [edge, backbone, ${name}]
  volumes:
    ${mount(name)}
  depends_on:
    <<: *needs-shared${queue ? `\n    ${redis}` : ''}
`,
        ]
      : []),
    ...(queue
      ? [
          `${name}-jobs:
  <<: *${camel}
  command: [dist/jobs.js]
  environment: { <<: *environment, INTERNAL_PORT: '${jobsPort}' }
  networks: [backbone, ${name}]
  volumes:
    ${mount(`${name}-jobs`)}
  depends_on:
    <<: *needs-shared
    ${redis}
`,
        ]
      : []),
  ].join('\n');
}

function developmentServices({ name, camel, http, queue }: ServiceToWire): string {
  const anchored = `<<: *development
  image: shortstack/${name}:development
  develop:
    watch: [*packages, *lockfile, { action: sync+restart, path: apps/${name}/src, target: /repo/apps/${name}/src }]`;
  if (!http) return `${name}-jobs:\n  ${anchored}\n  command: [src/jobs.ts]\n`;
  const jobs = queue ? `\n${name}-jobs: { <<: *${camel}, command: [src/jobs.ts] }` : '';
  return `${name}: &${camel}\n  ${anchored}${jobs}\n`;
}
