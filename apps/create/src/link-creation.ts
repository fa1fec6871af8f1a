import type { GuardedDatabase, Transaction } from './data/guarded-database.ts';
import { onceFor } from './data/idempotency-keys.ts';
import { createCodedLinkInserter } from './data/insert-coded-links.ts';
import { insertLink, insertLinks } from './data/insert-links.ts';
import { insertEvent } from './data/outbox.ts';
import type { CodeSupply } from './domain/code-supply.ts';
import type { LinkCreationPorts, TransactionWriter } from './domain/link-writer.ts';

/** Joins the use cases of creating links to PostgreSQL. */
export function linkCreationPorts(
  database: GuardedDatabase,
  codes: CodeSupply,
  announce: LinkCreationPorts['announce'],
): LinkCreationPorts {
  return {
    takeCodes: (count) => codes.take(count),
    writer: {
      insertOne: (accountId, draft) => insertLink(database, accountId, draft),
      insertCoded: createCodedLinkInserter(database),
    },
    inTransaction: (work) => database.transactionSql((sql) => work(writerOn(sql))),
    once: (request, work) => onceFor(database, request, (sql) => work(writerOn(sql))),
    announce,
  };
}

export function writerOn(sql: Transaction): TransactionWriter {
  return {
    insertOne: (accountId, draft) => insertLink(sql, accountId, draft),
    insertCoded: (accountId, draft) => insertLink(sql, accountId, draft),
    insertMany: (accountId, drafts) => insertLinks(sql, accountId, drafts),
    recordCreated: (accountId, links) =>
      insertEvent(sql, 'link.created', {
        accountId,
        links: links.map(({ id, slug, version }) => ({ id, slug, version })),
      }),
  };
}
