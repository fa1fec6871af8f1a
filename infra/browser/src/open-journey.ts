import { closeAfterFile } from '@shortstack/testing';
import { openStack } from '../../e2e/src/open-stack.ts';
import type { Stack } from '../../e2e/src/stack.ts';
import { openPeople, type People } from './open-people.ts';
import { startOwnStack } from './start-own-stack.ts';

export interface Journey {
  stack: Stack;
  people: People;
  /** Only the supervisor of a native stack has fault switches. */
  hasSwitches: boolean;
}

/**
 * For a test file: the stack that the environment names (see `openStack` of the end-to-end tests), or else a native one of its own,
 * and a Chromium. Both end with the file.
 */
export async function openJourney(): Promise<Journey> {
  const hasSwitches = !process.env.E2E_APP_ORIGIN;
  const stack = hasSwitches ? await startOwn() : (await openStack()).stack;
  const people = await openPeople(stack);
  closeAfterFile(() => people.close());
  return { stack, people, hasSwitches };
}

async function startOwn(): Promise<Stack> {
  const stack = await startOwnStack();
  closeAfterFile(() => stack.close());
  return stack;
}
