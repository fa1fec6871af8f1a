import type { HttpAnswer } from './http-client.ts';

/** Returns the answer if it has this status; otherwise throws with what was answered instead. */
export function answered(status: number, answer: HttpAnswer): HttpAnswer {
  if (answer.status === status) return answer;
  throw unexpected(`Status ${status} was expected: the request`, answer);
}

export function unexpected(what: string, { status, text }: HttpAnswer): Error {
  return new Error(`${what} was answered with ${status}: ${text.slice(0, 500)}`);
}
