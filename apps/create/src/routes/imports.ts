import { ImportAccepted, ImportParams, ImportProgress, ImportQuery } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { type AppServer, allowSlowBody } from '@shortstack/server';
import { type IdempotentRequest, idempotentRequest } from '../domain/idempotency.ts';
import { decodeCursor, encodeCursor } from '../domain/list-cursor.ts';
import { type ImportContent, type ImportFormat, receiveImport } from '../domain/receive-import.ts';
import type { StoredImport } from '../domain/stored-import.ts';
import { problems } from './problems.ts';
import { creationLimits, type RateLimits, spend } from './rate-limits.ts';

export interface ImportRoutesOptions {
  limits: RateLimits;
  /** Null while the account has too many unfinished ones. */
  begin: (accountId: string) => Promise<string | null>;
  /** Rejects while the file of another request with this key is still arriving. */
  claim: (importId: string, repeatable: IdempotentRequest) => Promise<void>;
  store: (importId: string, number: number, content: ImportContent) => Promise<void>;
  /** The whole file is there: resolves with the id of the import that the client is to know. */
  complete: (
    importId: string,
    rows: number,
    repeatable: IdempotentRequest | null,
  ) => Promise<string>;
  forget: (importId: string, repeatable: IdempotentRequest | null) => Promise<void>;
  find: (accountId: string, importId: string) => Promise<StoredImport | null>;
  listRejected: (
    importId: string,
    afterLine: number,
    limit: number,
  ) => Promise<{ line: number; code: string; detail: string }[]>;
}

const tags = ['Imports'];
/** A file may be large and the way to us slow. */
const receiveTimeoutMs = 300_000;
const formats: Record<string, ImportFormat> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'jsonl',
  'application/jsonl': 'jsonl',
};

/** Importing links from a file, in the background. */
export function importRoutes(options: ImportRoutesOptions) {
  const { limits, begin, claim, store, complete, forget, find, listRejected } = options;

  return async (app: AppServer) => {
    // Bodies stream past: nothing but a chunk of them is ever in memory.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(Object.keys(formats), (_request, payload, done) =>
      done(null, payload),
    );

    app.post(
      '/api/imports',
      {
        onRequest: app.requireScope('links:write'),
        schema: {
          tags,
          summary: 'Import links from a file',
          description:
            'CSV (its first line names the columns) or JSON lines, each a link as in POST /api/links without a password: up to 1,000,000 rows, 256 MiB, 65,536 characters a row. A bad row spoils no other. Counts once against the limit of creation; an account has at most five at a time. With an `Idempotency-Key` the same file sent again within 24 h is not imported again; while the first is still arriving, 409.',
          consumes: Object.keys(formats),
          response: { 202: ImportAccepted, ...problems(401, 403, 409, 415, 422, 429) },
        },
      },
      async (request, reply) => {
        const { principal, headers, method, url } = request;
        const { accountId } = principal;
        const header = headers['idempotency-key'];
        const repeatable = (hash: string) =>
          idempotentRequest({ accountId, header, method, path: url, body: hash });
        // A malformed key is refused before the file is read.
        const unread = repeatable('');
        allowSlowBody(request, reply, receiveTimeoutMs);
        await spend(reply, creationLimits(limits, principal));
        const format = formats[(headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''];
        if (format === undefined) throw unsupported();
        const importId = (await begin(accountId)) ?? tooMany();
        try {
          if (unread) await claim(importId, unread);
          const { rows, hash } = await receiveImport(
            request.body as AsyncIterable<Uint8Array>,
            format,
            (number, content) => store(importId, number, content),
          );
          const id = await complete(importId, rows, repeatable(hash));
          return reply.code(202).header('location', `/api/imports/${id}`).send({ id });
        } catch (error) {
          throw request.raw.readableAborted ? brokenOff(error) : error;
        } finally {
          // Of no effect on one that has arrived. Where it fails, clean-up follows.
          await forget(importId, unread).catch(() => {});
        }
      },
    );

    app.get(
      '/api/imports/:id',
      {
        onRequest: app.requireScope('links:read'),
        schema: {
          tags,
          summary: 'How far an import has come, and which rows were rejected',
          params: ImportParams,
          querystring: ImportQuery,
          response: { 200: ImportProgress, ...problems(401, 403, 404) },
        },
      },
      async ({ principal, params, query }) => {
        const { limit = 20, cursor } = query;
        const [after] = cursor ? decodeCursor(cursor, 'line', ['integer']).keys : [0];
        const found = await find(principal.accountId, params.id);
        if (!found) {
          throw new AppError('not_found', 'IMPORT_NOT_FOUND', 'You have no such import.');
        }
        const rows = await listRejected(found.id, Number(after), limit + 1);
        const items = rows.slice(0, limit);
        const line = rows.length > limit ? items.at(-1)?.line : undefined;
        return presentImport(found, {
          items,
          nextCursor: line === undefined ? null : encodeCursor({ sort: 'line', keys: [line] }),
        });
      },
    );
  };
}

function presentImport(
  { createdAt, finishedAt, ...found }: StoredImport,
  rejectedRows: ImportProgress['rejectedRows'],
): ImportProgress {
  const status = found.rows === null ? 'receiving' : finishedAt === null ? 'importing' : 'done';
  return {
    ...found,
    ...{ status, rejectedRows, createdAt: createdAt.toISOString() },
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

function tooMany(): never {
  throw new AppError(
    'conflict',
    'IMPORTS_UNFINISHED',
    'You have five unfinished imports. Wait until one is done.',
  );
}

/** The client went away: nobody reads this, and it is no fault of ours to log. */
function brokenOff(cause: unknown): AppError {
  return new AppError('invalid', 'BODY_INCOMPLETE', 'The file broke off.', { cause });
}

function unsupported(): AppError {
  const detail = `Send a file as ${Object.keys(formats).join(', ')}.`;
  return new AppError('invalid', 'MEDIA_TYPE_UNSUPPORTED', detail);
}
