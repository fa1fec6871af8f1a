import { type Instance, urlOn } from './instance.ts';

/** What an instance's `/readyz` says: 2xx, any other answer, or none within the timeout. */
export type ProbeResult = 'healthy' | 'unready' | 'unreachable';

/** Asks an instance whether it is ready. Never rejects. */
export async function probeInstance(
  instance: Instance,
  options: { fetch: typeof globalThis.fetch; timeoutMs: number },
): Promise<ProbeResult> {
  try {
    const response = await options.fetch(urlOn(instance, '/readyz'), {
      signal: AbortSignal.timeout(options.timeoutMs),
      redirect: 'error',
    });
    await response.body?.cancel();
    return response.ok ? 'healthy' : 'unready';
  } catch {
    return 'unreachable';
  }
}
