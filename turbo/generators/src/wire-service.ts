import type { Changes } from './changes.ts';
import { type Add, passwordOf, type ServiceToWire } from './service-to-wire.ts';
import { wireCompose } from './wire-compose.ts';
import { wireKubernetes } from './wire-kubernetes.ts';

/** Enters a service wherever services are listed; infra/services/test/wiring.test.ts says where that is. */
export function wireService(changes: Changes, service: ServiceToWire): void {
  const { name, camel, snake, http, queue, tables, port, internalPort, jobsPort } = service;
  const add: Add = (path, what, lines) =>
    changes.insert(path, `\`turbo gen service\` adds ${what}`, lines);
  const processes = [...(http ? [name] : []), ...(queue ? [`${name}-jobs`] : [])];
  const key = camel === name ? name : `'${name}'`;

  changes.addImport('infra/services/src/services.ts', `import { ${camel} } from './${name}.ts';`);
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
    const { setting, file } = passwordOf(service);
    add('infra/hosts/data/compose.yml', 'passwords', `${setting}: /run/secrets/${file}`);
  }

  wireCompose(add, service);
  wireKubernetes(add, service);

  if (http) {
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
