import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlopTypes } from '@turbo/gen';
import { faultOfName, formsOf, workspacesOf } from './names.ts';
import { setGenerator } from './set-generator.ts';

interface Answers {
  name: string;
  description: string;
}

function faultOfPackage(name: string, root: string): string | undefined {
  const fault = faultOfName(name);
  if (fault) return fault;
  return workspacesOf(root).includes(name) ? `There is a workspace “${name}” already.` : undefined;
}

export function setPackageGenerator(plop: PlopTypes.NodePlopAPI): void {
  setGenerator<Answers>(plop, {
    name: 'package',
    description: 'A package that services share: source, test, a README whose example is tested',
    questions: [
      { type: 'input', name: 'name', message: 'Name, such as money', fault: faultOfPackage },
      {
        type: 'input',
        name: 'description',
        message: 'What it is for, in one sentence',
        default: 'A package of its own.',
        fault: (text) => (/["\\`]/.test(text) ? 'No quotes or backslashes, please.' : undefined),
      },
    ],
    plan({ root, answers, changes, render }) {
      const { name } = answers;
      const fault = faultOfPackage(name, root);
      if (fault) throw new Error(fault);
      const data = { ...answers, ...formsOf(name) };
      const files = {
        'package.json': 'package.json',
        'README.md': 'README.md',
        'src/index.ts': 'index.ts',
        [`src/create-${name}.ts`]: 'create.ts',
        [`src/create-${name}.test.ts`]: 'create.test.ts',
      };
      for (const [path, template] of Object.entries(files)) {
        changes.create(`packages/${name}/${path}`, render(`package/${template}`, data));
      }
      for (const config of ['tsconfig.json', 'tsconfig.build.json']) {
        const text = readFileSync(join(root, 'packages/slugs', config), 'utf8');
        changes.create(`packages/${name}/${config}`, text);
      }
      changes.insert(
        'packages/testing/test/readme-example.ts',
        '`turbo gen package` adds packages',
        `'${name}',`,
      );
      changes.replace(
        '.oxlintrc.imports.json',
        '      "files": ["packages/slugs/src/**/*.ts"],',
        `${importRule(name)}      "files": ["packages/slugs/src/**/*.ts"],`,
      );
    },
    done: ({
      name,
    }) => `packages/${name} is there. A service that imports it names it in its package.json: "@shortstack/${name}": "*".

  npx vitest run packages/${name}`,
  });
}

/** What it may import, until somebody decides otherwise. */
function importRule(name: string): string {
  return `      "files": ["packages/${name}/src/**/*.ts"],
      "rules": {
        "no-restricted-imports": [
          "error",
          {
            "patterns": [
              {
                "group": ["@shortstack/*", "!@shortstack/errors"],
                "message": "${name} may import errors alone."
              }
            ]
          }
        ]
      }
    },
    {
`;
}
