import { type Instance, parseInstance } from './instance.ts';
import type { ServiceClient } from './service-client.ts';
import { type InstanceStatus, statusPath } from './status-endpoint.ts';

/**
 * Asks an instance how it is, once and with a token for its service, within the client's `timeoutMs`. Undefined without an
 * answer of its own: it hangs, is gone, doesn't know this caller, or another process has its address now. Never rejects.
 */
export async function askInstance(
  client: ServiceClient,
  instance: Instance,
): Promise<InstanceStatus | undefined> {
  try {
    const call = { method: 'GET', path: statusPath } as const;
    const { status, body } = await client.callInstance(instance, call);
    const answer = status === 200 ? parseInstance(JSON.stringify(body)) : undefined;
    if (answer?.id !== instance.id || answer.service !== instance.service) return undefined;
    const { isReady, details } = body as { isReady?: unknown; details?: unknown };
    return { ...answer, isReady: isReady === true, details };
  } catch {
    return undefined;
  }
}
