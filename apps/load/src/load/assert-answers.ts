import { UsageError } from './usage-error.ts';

const timeoutMs = 5_000;

/** Throws a UsageError unless something answers HTTP there, whatever it says. */
export async function assertAnswers(origin: URL): Promise<void> {
  try {
    const answer = await fetch(origin, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new UsageError(
      `${origin.origin} does not answer (${cause?.code ?? message}). Without --target, \`npm start\` must be running.`,
    );
  }
}
