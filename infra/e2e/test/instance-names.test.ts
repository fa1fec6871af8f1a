import { expect, test } from 'vitest';
import type { ServiceName } from '../src/service-environments.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack();

test.each(Object.keys(stack.services) as ServiceName[])(
  'every answer of %s and every line of its log names the instance that INSTANCE_ID names',
  async (service) => {
    for (const process of stack.services[service]) {
      const urls = [`${process.internalUrl}/livez`, `${process.internalUrl}/nothing-there`];
      if (!service.endsWith('-jobs')) urls.push(`${process.origin}/nothing/there`);
      for (const url of urls) {
        expect((await fetch(url)).headers.get('x-served-by'), url).toBe(process.name);
      }
      const lines = process.log().trim().split('\n');
      for (const line of lines) expect(JSON.parse(line)).toMatchObject({ instance: process.name });
    }
  },
);
