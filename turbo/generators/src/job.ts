import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PlopTypes } from '@turbo/gen';
import { faultOfName, formsOf } from './names.ts';
import { setGenerator } from './set-generator.ts';

interface Answers {
  service: string;
  name: string;
  everySeconds: string;
}

const servicesWithQueue = (root: string) =>
  readdirSync(join(root, 'apps')).filter((app) =>
    existsSync(join(root, 'apps', app, 'src/jobs/work-queue.ts')),
  );

export function setJobGenerator(plop: PlopTypes.NodePlopAPI): void {
  setGenerator<Answers>(plop, {
    name: 'job',
    description: 'A job in the queue of a service, and its test',
    questions: [
      { type: 'list', name: 'service', message: 'Of which service?', choices: servicesWithQueue },
      { type: 'input', name: 'name', message: 'Name, such as send-invoices', fault: faultOfName },
      {
        type: 'input',
        name: 'everySeconds',
        message: 'How often, in seconds? 0: when it is added',
        default: '0',
        fault: (text) =>
          /^\d{1,6}$/.test(text) ? undefined : 'A whole number of seconds, please.',
      },
    ],
    plan({ answers: { service, name, everySeconds }, changes, render }) {
      const fault = faultOfName(name);
      if (fault) throw new Error(fault);
      if (everySeconds !== '0' && ['create', 'redirect'].includes(service)) {
        throw new Error(`${service} has no schedules: its jobs are added.`);
      }
      const forms = formsOf(name);
      const { pascal } = forms;
      const source = `apps/${service}/src`;
      const key = forms.camel === name ? name : `'${name}'`;
      // All that worker does, it does by itself.
      const isScheduled = service === 'worker';
      const everyMs = (Number(everySeconds) || (isScheduled ? 60 : 0)) * 1_000;
      const words = name.replaceAll('-', ' ');
      const accessor = forms.camel === name ? `.${name}` : `['${name}']`;
      const data = { ...forms, service, words, everyMs, key: accessor };
      const template = isScheduled ? 'scheduled' : 'job';
      changes.create(`${source}/jobs/${name}.ts`, render(`job/${template}.ts`, data));
      changes.create(
        `apps/${service}/test/${name}.test.ts`,
        render(`job/${template}.test.ts`, data),
      );

      const queue = `${source}/jobs/work-queue.ts`;
      const definition = `defineJob({ validate: (data) => Value.Parse(${pascal}Job, data), attempts: 5 })`;
      changes.insert(
        queue,
        '`turbo gen job` adds jobs',
        `${key}: ${isScheduled ? 'onSchedule()' : definition},`,
      );
      if (!isScheduled) changes.addImport(queue, `import { ${pascal}Job } from './${name}.ts';`);
      if (everyMs > 0) {
        changes.insert(
          queue,
          '`turbo gen job` adds schedules',
          `{ id: '${name}', job: '${name}', data: {}, everyMs: ${everyMs} },`,
        );
      }
      const start = `${source}/start-jobs.ts`;
      changes.insert(
        start,
        '`turbo gen job` adds jobs',
        `${key}: create${pascal}(process.logger),`,
      );
      changes.addImport(start, `import { create${pascal} } from './jobs/${name}.ts';`);
    },
    done: ({
      service,
      name,
    }) => `apps/${service}/src/jobs/${name}.ts says what it does, apps/${service}/src/start-jobs.ts hands it what it needs.

  npx vitest run apps/${service}/test/${name}.test.ts`,
  });
}
