import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlopTypes } from '@turbo/gen';
import { type Changes, collectChanges } from './changes.ts';
import { finish } from './finish.ts';

/** A question. Its answer may also come as an argument, at the place that it has among the questions. */
interface Question {
  type: 'input' | 'confirm' | 'list';
  name: string;
  message: string;
  default?: string | boolean;
  choices?: (root: string) => string[];
  /** Why an answer will not do, as a sentence. */
  fault?: (answer: string, root: string) => string | undefined;
}

export interface Generation<Answers> {
  root: string;
  answers: Answers;
  changes: Changes;
  /** A file of `templates/`, filled in. */
  render: (template: string, data: object) => string;
}

export interface Generator<Answers> {
  name: string;
  description: string;
  questions: Question[];
  /** Says what to change. Throws, with a sentence, what is wrong; nothing has been written then. */
  plan: (generation: Generation<Answers>) => void;
  /** Commands that have to run after the files are written, before all is formatted and brought up to date. */
  afterwards?: (root: string, answers: Answers) => void;
  /** What to say at the end. */
  done: (answers: Answers) => string;
}

/** Makes a generator of `turbo gen`: asks, plans, writes all or nothing, and leaves the checkout as `npm run check` wants it. */
export function setGenerator<Answers>(
  plop: PlopTypes.NodePlopAPI,
  generator: Generator<Answers>,
): void {
  const root = join(
    plop.getDestBasePath(),
    /[\\/]turbo[\\/]generators$/.test(plop.getDestBasePath()) ? '../..' : '',
  );
  const prompts = generator.questions.map(({ choices, fault, ...question }) => ({
    ...question,
    ...(choices && { choices: choices(root) }),
    ...(fault && { validate: (answer: string) => fault(answer, root) ?? true }),
  }));
  plop.setGenerator(generator.name, {
    description: generator.description,
    prompts,
    actions: [
      async (given) => {
        const answers = given as Answers;
        const changes = collectChanges(root);
        const render = (template: string, data: object) =>
          plop.renderString(
            readFileSync(join(root, 'turbo/generators/templates', `${template}.hbs`), 'utf8'),
            data,
          );
        generator.plan({ root, answers, changes, render });
        const written = changes.write();
        generator.afterwards?.(root, answers);
        finish(root, written);
        return `${written.length} files\n\n${generator.done(answers)}`;
      },
    ],
  });
}
