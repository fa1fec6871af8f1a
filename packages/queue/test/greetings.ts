import { defineJob, defineQueue } from '@shortstack/queue';

export const service = 'greeter';

/** A queue with one job that is retried fast and one that is tried once. */
export const greetings = defineQueue({
  name: 'greetings',
  jobs: {
    greet: defineJob({ validate: nameOf, attempts: 3, backoffMs: 10 }),
    wave: defineJob({ validate: nameOf, attempts: 1 }),
  },
});

function nameOf(data: unknown): { name: string } {
  if (typeof data === 'object' && data !== null && 'name' in data) {
    if (typeof data.name === 'string') return { name: data.name };
  }
  throw new Error('name must be a string');
}
