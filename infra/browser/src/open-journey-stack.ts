import { closeAfterFile } from '@shortstack/testing';
import { openStack } from '../../e2e/src/open-stack.ts';
import type { Stack } from '../../e2e/src/stack.ts';
import { startOwnStack } from './start-own-stack.ts';

/**
 * The stack that the environment names (see `openStack` of the end-to-end tests), or else a native one of the file's own.
 * `hasSwitches`: only the supervisor of a native stack has fault switches.
 */
export async function openJourneyStack(): Promise<{ stack: Stack; hasSwitches: boolean }> {
  if (process.env.E2E_APP_ORIGIN) return { stack: (await openStack()).stack, hasSwitches: false };
  const stack = await startOwnStack();
  closeAfterFile(stack.close);
  return { stack, hasSwitches: true };
}
