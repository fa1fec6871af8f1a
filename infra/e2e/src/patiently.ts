import { setTimeout as pause } from 'node:timers/promises';
import type { HttpAnswer } from './http-client.ts';

/** Sends a request again after 429, when `Retry-After` says that it may. */
export async function patiently(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 429) return answer;
    await pause(1_000 * Number(answer.headers['retry-after'] ?? 1));
  }
}
