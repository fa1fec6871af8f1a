import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlopTypes } from '@turbo/gen';
import { faultOfName, formsOf } from './names.ts';
import { setGenerator } from './set-generator.ts';

interface Answers {
  service: string;
  name: string;
}

const anchor = '`turbo gen route` adds routes';

/** redirect answers slugs alone, and worker its pages: they have no API. */
const servicesWithApi = (root: string) =>
  readdirSync(join(root, 'apps')).filter((app) => {
    const file = join(root, 'apps', app, 'src/app.ts');
    return existsSync(file) && readFileSync(file, 'utf8').includes(anchor);
  });

export function setRouteGenerator(plop: PlopTypes.NodePlopAPI): void {
  setGenerator<Answers>(plop, {
    name: 'route',
    description: 'A route in the API of a service, with schema, documentation and test',
    questions: [
      { type: 'list', name: 'service', message: 'Of which service?', choices: servicesWithApi },
      { type: 'input', name: 'name', message: 'Name, such as invoices', fault: faultOfName },
    ],
    plan({ root, answers: { service, name }, changes, render }) {
      const fault = faultOfName(name);
      if (fault) throw new Error(fault);
      const forms = formsOf(name);
      const isCreate = service === 'create';
      const base = isCreate ? '/api' : `/${service}`;
      const phrase = name.replaceAll('-', ' ');
      const path = `${base}/${name}`;
      const documented = join(root, `apps/${service}/test/docs.test.ts`);
      if (existsSync(documented) && readFileSync(documented, 'utf8').includes(`GET ${path}'`)) {
        throw new Error(`${service} answers GET ${path} already.`);
      }
      const data = {
        ...forms,
        path,
        documentPath: isCreate ? '/openapi.json' : `${base}/openapi.json`,
        tag: isCreate ? forms.pascal : service,
        words: phrase.charAt(0).toUpperCase() + phrase.slice(1),
        problems: isCreate,
        start: `start${formsOf(service).pascal}`,
        startFile: `start-${service}`,
      };
      const app = `apps/${service}/src/app.ts`;
      changes.create(`apps/${service}/src/routes/${name}.ts`, render('route/route.ts', data));
      changes.create(`apps/${service}/test/${name}.test.ts`, render('route/route.test.ts', data));
      changes.insert(app, anchor, `await app.register(${forms.camel}Routes());`);
      changes.addImport(app, `import { ${forms.camel}Routes } from './routes/${name}.ts';`);
      if (isCreate) changes.insert('apps/create/test/docs.test.ts', anchor, `'GET ${data.path}',`);
    },
    done: ({
      service,
      name,
    }) => `apps/${service}/src/routes/${name}.ts answers, and stands in the service's OpenAPI document.

  npx vitest run apps/${service}/test/${name}.test.ts`,
  });
}
