import { AppError } from '@shortstack/errors';
import type { FastifyInstance } from 'fastify';
import { findUnstorable } from './unstorable-text.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Makes `application/json` the only body that a server reads (others get 415 unless a route's scope adds a parser).
 *
 * Refuses what `JSON.parse` lets through but later steps can't take: invalid UTF-8, NUL characters
 * and lone surrogates in strings (PostgreSQL stores neither), nesting deeper than 32, and keys named `__proto__`.
 * An empty body counts as none, so that a DELETE with a content type needs no `{}`.
 */
export function useStrictJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as AppError);
    }
  });
}

/** @throws AppError `JSON_INVALID` or `TEXT_INVALID` (kind `invalid`) */
export function parseJsonBody(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  const value = parse(decode(body));
  const fault = findUnstorable(value);
  if (fault !== undefined) throw new AppError('invalid', 'TEXT_INVALID', `The body ${fault}.`);
  return value;
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new AppError('invalid', 'JSON_INVALID', 'The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the input.
    throw new AppError('invalid', 'JSON_INVALID', 'The body is not valid JSON.');
  }
}
