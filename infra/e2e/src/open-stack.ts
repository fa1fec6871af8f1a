import type { Stack } from './stack.ts';
import { type LocalStack, type StartStackOptions, startStack } from './start-stack.ts';

/**
 * For suites that need no power over the stack: the one that the environment names by E2E_APP_ORIGIN,
 * E2E_SHORT_ORIGIN and E2E_OPS_ORIGIN (such as a Compose stack), or else a local one. `local` is undefined for a given one.
 */
export async function openStack(
  options: StartStackOptions = {},
): Promise<{ stack: Stack; local: LocalStack | undefined }> {
  const { E2E_APP_ORIGIN, E2E_SHORT_ORIGIN, E2E_OPS_ORIGIN } = process.env;
  if (E2E_APP_ORIGIN && E2E_SHORT_ORIGIN) {
    const stack = {
      appOrigin: E2E_APP_ORIGIN,
      shortOrigin: E2E_SHORT_ORIGIN,
      opsOrigin: E2E_OPS_ORIGIN ?? E2E_APP_ORIGIN,
    };
    return { stack, local: undefined };
  }
  const local = await startStack(options);
  return { stack: local, local };
}
