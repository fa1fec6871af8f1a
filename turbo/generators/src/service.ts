import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlopTypes } from '@turbo/gen';
import { runIn } from './finish.ts';
import { addMigrationGrants } from './migration-grants.ts';
import { faultOfName, formsOf, workspacesOf } from './names.ts';
import { portsFor } from './ports.ts';
import { type Generation, setGenerator } from './set-generator.ts';
import { wireService } from './wire-service.ts';

interface Answers {
  name: string;
  description: string;
  http: boolean;
  queue: boolean;
  tables: boolean;
  session: boolean;
}

/** What is found under these at the app's origin, or is called so where services are listed. */
const taken = [
  ...[
    'api',
    'ops',
    'docs',
    'openapi',
    'asyncapi',
    'sign-in',
    'register',
    'links',
    'account',
    'assets',
  ],
  ...['web', 'load', 'migrate', 'nginx', 'postgres', 'edge', 'shared', 'data', 'watch', 'secrets'],
  ...[
    'session',
    'hub',
    'cache',
    'jobs',
    'metrics',
    'livez',
    'readyz',
    'all',
    'services',
    'processes',
  ],
  ...[
    'otel-collector',
    'prometheus',
    'alertmanager',
    'grafana',
    'jaeger',
    'loki',
    'vector',
    'backbone',
  ],
];

function faultOfService(name: string, root: string): string | undefined {
  const fault = faultOfName(name);
  if (fault) return fault;
  if (workspacesOf(root).includes(name) || existsSync(join(root, 'apps', name))) {
    return `There is a workspace “${name}” already.`;
  }
  if (taken.includes(name) || /(^redis-|-jobs$)/.test(name))
    return `“${name}” means something else here.`;
  const compose = ['docker-compose.yml', 'docker-compose.dev.yml'].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  if (new RegExp(`&${name}\\s|^x-${name}:`, 'm').test(compose.join('\n'))) {
    return `“${name}” means something else in docker-compose.yml.`;
  }
  return undefined;
}

export function setServiceGenerator(plop: PlopTypes.NodePlopAPI): void {
  setGenerator<Answers>(plop, {
    name: 'service',
    description:
      'A service: processes, tests, and its place in Compose, hosts, Kubernetes, nginx, CI',
    questions: [
      { type: 'input', name: 'name', message: 'Name, such as billing', fault: faultOfService },
      {
        type: 'input',
        name: 'description',
        message: 'What it is for, in one sentence',
        default: 'A service of its own.',
        fault: (text) => (/["\\`]/.test(text) ? 'No quotes or backslashes, please.' : undefined),
      },
      { type: 'confirm', name: 'http', message: 'An HTTP process?', default: true },
      {
        type: 'confirm',
        name: 'queue',
        message: 'A jobs process, with a Redis of its own?',
        default: true,
      },
      {
        type: 'confirm',
        name: 'tables',
        message: 'Tables in PostgreSQL, as a role of its own?',
        default: true,
      },
      {
        type: 'confirm',
        name: 'session',
        message: 'Does it ask who is signed in? (needs HTTP)',
        default: true,
      },
    ],
    plan,
    afterwards(root, { name, tables }) {
      if (!tables) return;
      const { snake } = formsOf(name);
      const db = join(root, 'packages/db');
      runIn(
        root,
        'npm',
        'exec',
        '--workspace=packages/db',
        '--',
        'drizzle-kit',
        'generate',
        `--name=${snake}`,
      );
      addMigrationGrants(db, snake);
      runIn(root, 'biome', 'check', '--write', 'packages/db/migrations/meta');
    },
    done: ({ name, queue }) => `${name} is there, in apps/${name} and everywhere else.

  npx vitest run apps/${name}    its tests
  npm start                      starts it, and shows where
  npm run check                  everything else${queue ? `\n\nIts queue is at /ops/queues/${name}.` : ''}`,
  });
}

function plan({ root, answers, changes, render }: Generation<Answers>): void {
  const { name, http, queue, tables } = answers;
  const fault = faultOfService(name, root);
  if (fault) throw new Error(fault);
  if (!http && !queue) throw new Error('A service without HTTP and without jobs does nothing.');
  if (answers.session && !http) throw new Error('Only an HTTP process can ask who is signed in.');
  const forms = formsOf(name);
  const data = {
    ...answers,
    ...forms,
    ...portsFor(root),
    greetings: http && (queue || tables),
    jobsOnly: !http,
    curly: `{${name}}`,
    queueKey: forms.camel === name ? `.${name}` : `['${name}']`,
    versions: versionsIn(root),
    migration: nextMigration(root),
  };

  const app = `apps/${name}`;
  const files: Record<string, string> = {
    [`${app}/package.json`]: 'package.json',
    [`${app}/README.md`]: 'README.md',
    [`${app}/src/config.ts`]: 'src/config.ts',
    [`${app}/test/start-${name}.ts`]: 'test/start.ts',
    [`${app}/test/${name}.test.ts`]: 'test/service.test.ts',
    [`infra/services/src/${name}.ts`]: 'infra/service.ts',
    [`infra/hosts/${name}/compose.yml`]: 'hosts/compose.yml',
    [`infra/hosts/${name}/machine.yml`]: 'hosts/machine.yml',
    [`infra/k8s/base/${name}/kustomization.yaml`]: 'k8s/kustomization.yaml',
    [`infra/k8s/base/${name}/pods.yaml`]: `k8s/pods-${http && queue ? 'both' : http ? 'http' : 'jobs'}.yaml`,
    ...(http && {
      [`${app}/src/main.ts`]: 'src/main.ts',
      [`${app}/src/app.ts`]: 'src/app.ts',
      [`${app}/src/start-http.ts`]: 'src/start-http.ts',
      [`${app}/src/routes/hello.ts`]: 'src/routes/hello.ts',
      [`infra/k8s/base/${name}/network.yaml`]: 'k8s/network.yaml',
    }),
    ...(data.greetings && { [`${app}/src/routes/greetings.ts`]: 'src/routes/greetings.ts' }),
    ...(answers.session && {
      [`${app}/src/session-data.ts`]: 'src/session-data.ts',
      [`${app}/src/routes/me.ts`]: 'src/routes/me.ts',
    }),
    ...(queue && {
      [`${app}/src/jobs.ts`]: 'src/jobs.ts',
      [`${app}/src/start-jobs.ts`]: 'src/start-jobs.ts',
      [`${app}/src/jobs/work-queue.ts`]: 'src/jobs/work-queue.ts',
      [`${app}/src/jobs/greet.ts`]: 'src/jobs/greet.ts',
    }),
    ...(tables && {
      [`${app}/src/data/greetings.ts`]: 'src/data/greetings.ts',
      [`packages/db/src/schema/${name}.ts`]: 'db/schema.ts',
    }),
  };
  for (const [path, template] of Object.entries(files)) {
    changes.create(path, render(`service/${template}`, data));
  }
  for (const config of ['tsconfig.json', 'tsconfig.build.json']) {
    changes.create(`${app}/${config}`, readFileSync(join(root, 'apps/worker', config), 'utf8'));
  }
  wireService(changes, data);
}

function nextMigration(root: string): number {
  const journal = readFileSync(join(root, 'packages/db/migrations/meta/_journal.json'), 'utf8');
  return JSON.parse(journal).entries.length;
}

function versionsIn(root: string): { swagger: string; typebox: string } {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'apps/create/package.json'), 'utf8'));
  return { swagger: dependencies['@fastify/swagger'], typebox: dependencies.typebox };
}
