import { AppError } from '@shortstack/errors';
import type { DependencyProbe, DependencyReport } from './dependency.ts';

/** Makes the function that asks one dependency how it is, within its timeout. The function never rejects. */
export function probeDependency(dependency: DependencyProbe): () => Promise<DependencyReport> {
  const { name, required, probe, breaker, calls, timeoutMs = 500 } = dependency;
  let running: Promise<void> | undefined;

  return async () => {
    const fault = await ask();
    const report: DependencyReport = { name, required, state: fault === undefined ? 'up' : 'down' };
    if (breaker) report.breaker = breaker();
    if (calls) report.calls = calls();
    if (fault !== undefined) report.detail = fault;
    return report;
  };

  async function ask(): Promise<string | undefined> {
    // One that hangs is waited for again instead of being started again, so that they can't pile up.
    running ??= start().finally(() => {
      running = undefined;
    });
    const { promise: timeout, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(resolve, timeoutMs, `no answer within ${timeoutMs} ms`);
    try {
      return await Promise.race([running.then(() => undefined, describe), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  // Async, so that a probe that throws at once counts as one that rejects.
  async function start(): Promise<void> {
    await probe();
  }
}

/** Our own messages hold no secrets; of a driver's error only the code is shown. */
function describe(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  return code ?? name ?? 'failed';
}
