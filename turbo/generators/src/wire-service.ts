import type { Changes } from './changes.ts';

export interface ServiceToWire {
  name: string;
  camel: string;
  snake: string;
  http: boolean;
  queue: boolean;
  tables: boolean;
  session: boolean;
  port: number;
  internalPort: number;
  jobsPort: number;
  /** The number of its migration. */
  migration: number;
}

/** Enters a service wherever services are listed; infra/services/test/wiring.test.ts says where that is. */
export function wireService(changes: Changes, service: ServiceToWire): void {
  const { name, camel, snake, http, queue, tables, port, internalPort, jobsPort } = service;
  const add = (path: string, what: string, lines: string) =>
    changes.insert(path, `\`turbo gen service\` adds ${what}`, lines);
  const processes = [...(http ? [name] : []), ...(queue ? [`${name}-jobs`] : [])];
  const key = camel === name ? name : `'${name}'`;
  const image = `shortstack/${name}`;

  changes.replace(
    'infra/services/src/services.ts',
    "import { worker } from './worker.ts';",
    `import { worker } from './worker.ts';\nimport { ${camel} } from './${name}.ts';`,
  );
  add(
    'infra/services/src/services.ts',
    'services',
    camel === name ? `${name},` : `${key}: ${camel},`,
  );
  add(
    'packages/contracts/src/processes.ts',
    'processes',
    processes.map((each) => `'${each}',`).join('\n'),
  );
  if (queue) add('packages/contracts/src/redis-keys.ts', 'queues', `${key}: '${name}-work',`);
  changes.replace(
    '.oxlintrc.imports.json',
    '"@shortstack/worker",',
    `"@shortstack/worker",\n"@shortstack/${name}",`,
    2,
  );
  add('infra/redis/test/least-privilege.test.ts', 'users', usersToTry(service));

  if (tables) {
    add('packages/db/src/postgres-roles.ts', 'roles', `${camel}: 'shortstack_${snake}',`);
    changes.append(
      'packages/db/src/schema/index.ts',
      `export { ${camel}Greetings } from './${name}.ts';\n`,
    );
    add(
      'packages/db/test/migrations/old-rows.ts',
      'rows',
      `${service.migration}: \`\n    INSERT INTO ${snake}_greetings (name, greeted_at) VALUES ('Ann', '2026-01-01Z');\`,`,
    );
    const setting = `DATABASE_PASSWORD_${snake.toUpperCase()}_FILE`;
    const file = `database-password-${name}`;
    add('docker-compose.yml', 'passwords', `${setting}: /run/secrets/${file}`);
    add('infra/hosts/data/compose.yml', 'passwords', `${setting}: /run/secrets/${file}`);
    add(
      'infra/k8s/base/migrate.yaml',
      'passwords',
      `- { name: ${setting}, value: /run/secrets/${file} }`,
    );
    add('infra/k8s/secrets/kustomization.yaml', 'passwords', `- migrate/${file}`);
  }

  add('docker-compose.yml', 'images', composeImage(service));
  add('docker-compose.yml', 'services', composeServices(service));
  add('docker-compose.yml', 'networks', `${name}: { internal: true }`);
  if (queue) add('docker-compose.yml', 'volumes', `redis-jobs-${name}:`);
  add('docker-compose.dev.yml', 'services', developmentServices(service));

  add('infra/k8s/base/kustomization.yaml', 'services', `- ${name}`);
  add('infra/k8s/secrets/kustomization.yaml', 'services', secretsOf(service));
  add('infra/k8s/overlays/local/kustomization.yaml', 'images', `- { name: ${image}, newTag: dev }`);
  for (const overlay of ['managed', 'production']) {
    add(
      `infra/k8s/overlays/${overlay}/kustomization.yaml`,
      'images',
      `- { name: ${image}, newName: registry.example.com/${image}, newTag: 0.1.0 }`,
    );
  }

  if (http) {
    add('docker-compose.yml', 'what nginx waits for', `${name}: { condition: service_healthy }`);
    add(
      'infra/k8s/base/edge/network.yaml',
      'services',
      `- to: [{ podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } } }]\n  ports: [{ port: ${port} }]`,
    );
    add('infra/nginx/entrypoint/30-follow-instances.sh', 'services', `[${name}]=${port}`);
    add(
      'infra/nginx/conf/app.conf',
      'locations',
      `location ~ ^/${name}(/|$) {\n    proxy_pass http://${name};\n}`,
    );
  }

  const scraped = [
    ...(http ? [[name, internalPort]] : []),
    ...(queue ? [[`${name}-jobs`, jobsPort]] : []),
  ];
  add(
    'infra/observability/prometheus/prometheus.yml',
    'jobs',
    scraped
      .map(
        ([job, at]) =>
          `- job_name: ${job}\n  dns_sd_configs: [{ names: [${job}], type: A, port: ${at}, refresh_interval: 5s }]`,
      )
      .join('\n'),
  );
  add(
    'infra/observability/prometheus/rules/recording.yml',
    'jobs',
    processes
      .map((job) => `- { record: shortstack:expected, expr: vector(1), labels: { job: ${job} } }`)
      .join('\n'),
  );
  for (const images of ['images to check', 'images to publish']) {
    add('.github/workflows/ci.yml', images, `- { name: ${name}, directory: apps/${name} }`);
  }
  add('.github/workflows/ci.yml', 'names', `- ${name}`);
}

/** What each user of Redis may touch, for the test that tries everything else. */
function usersToTry({ name, http, queue, session }: ServiceToWire): string {
  const hub = `{ keys: registry, denied: posing('${name}') },`;
  const own = `{ keys: ['${name}Queue'] },`;
  const sessions =
    "{ keys: ['session', 'sessionIndex', 'code', 'siteSecrets'], denied: changing },";
  return [
    ...(session ? [`'session ${name}': ${sessions}`] : []),
    ...(http ? [`'hub ${name}': ${hub}`] : []),
    ...(queue ? [`'hub ${name}-jobs': ${hub}`] : []),
    ...(http && queue ? [`'jobs-${name} ${name}': ${own}`] : []),
    ...(queue ? [`'jobs-${name} ${name}-jobs': ${own}`] : []),
  ].join('\n');
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

function secretsOf({ name, http, queue, tables, session }: ServiceToWire): string {
  const secret = (container: string, files: (string | false)[]) =>
    [
      `- name: ${container}`,
      '  files:',
      ...files.flatMap((file) => (file ? [`    - ${container}/${file}`] : [])),
    ].join('\n');
  return [
    ...(http
      ? [
          secret(name, [
            session && 'redis-session-url',
            'redis-hub-url',
            queue && 'redis-jobs-url',
            session && 'session-encryption-keys',
            tables && 'database-url',
          ]),
        ]
      : []),
    ...(queue
      ? [
          secret(`${name}-jobs`, ['redis-hub-url', 'redis-jobs-url', tables && 'database-url']),
          secret(`redis-jobs-${name}`, ['users.acl', 'health-password']),
        ]
      : []),
  ].join('\n');
}
