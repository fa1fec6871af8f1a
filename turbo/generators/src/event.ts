import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlopTypes } from '@turbo/gen';
import { faultOfName, formsOf } from './names.ts';
import { setGenerator } from './set-generator.ts';

interface Answers {
  type: string;
  summary: string;
}

function faultOfType(type: string): string | undefined {
  if (!/^[a-z-]+\.[a-z-]+$/.test(type)) {
    return `“${type}” is no event type: what it is about and what happened to it, as in invoice.paid.`;
  }
  return faultOfName(type.replace('.', '-'));
}

export function setEventGenerator(plop: PlopTypes.NodePlopAPI): void {
  setGenerator<Answers>(plop, {
    name: 'event',
    description:
      'An event type: its schema, its place in the AsyncAPI document, and a test from outbox to reader',
    questions: [
      { type: 'input', name: 'type', message: 'Type, such as invoice.paid', fault: faultOfType },
      {
        type: 'input',
        name: 'summary',
        message: 'What has happened, in one sentence',
        default: 'Something has happened',
        fault: (text) => (/['"\\`]/.test(text) ? 'No quotes or backslashes, please.' : undefined),
      },
    ],
    plan({ root, answers: { type, summary }, changes, render }) {
      const fault = faultOfType(type);
      if (fault) throw new Error(fault);
      const forms = formsOf(type.replace('.', '-'));
      const { name, pascal } = forms;
      const data = { ...forms, type, group: `${name}-reader` };
      const contracts = 'packages/contracts/src';
      const read = (file: string) => readFileSync(join(root, contracts, file), 'utf8');
      if (read('events.ts').includes(`'${type}':`)) throw new Error(`There is ${type} already.`);
      if (new RegExp(`\\b${pascal}\\b`).test(read('index.ts'))) {
        throw new Error(
          `The contracts have something called ${pascal} already: take another word.`,
        );
      }
      changes.create(`${contracts}/${name}.ts`, render('event/event.ts', data));
      changes.create(`apps/create/test/${name}.test.ts`, render('event/event.test.ts', data));
      changes.insert(
        `${contracts}/events.ts`,
        '`turbo gen event` adds events',
        `'${type}': {
  summary: '${summary}',
  payload: ${pascal},
  example: { id: 'one', at: '2026-11-25T12:00:00.000Z' },
},`,
      );
      changes.addImport(`${contracts}/events.ts`, `import { ${pascal} } from './${name}.ts';`);
      changes.append(`${contracts}/index.ts`, `export { ${pascal} } from './${name}.ts';\n`);
    },
    done: ({ type }) => `${type} is an event type. The test shows how it is published and read:

  npx vitest run apps/create/test/${type.replace('.', '-')}.test.ts`,
  });
}
