import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const acceptable = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Makes the function that names requests: the client's `X-Request-Id` if it is 1 to 64 of `A–Z a–z 0–9 _ . -`,
 * else an own id.
 *
 * Own ids are `<72 random bits of this process>-<counter>`: globally unique for practical purposes, in order within a
 * process, and free of a random draw per request. They are guessable and so must never serve as a secret.
 */
export function createRequestIds(): (request: IncomingMessage) => string {
  const prefix = randomBytes(9).toString('base64url').replaceAll('-', '.');
  let count = 0;
  return (request) => {
    const given = request.headers['x-request-id'];
    if (typeof given === 'string' && acceptable.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
