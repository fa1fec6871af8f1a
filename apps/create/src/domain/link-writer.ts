import type { IdempotentRequest, KeptAnswer } from './idempotency.ts';
import type { StoredLink } from './link.ts';
import type { SluggedDraft } from './link-draft.ts';

/** Stores new links. */
export interface LinkWriter {
  /** Stores a link with its event. Null when the slug is taken. */
  insertOne(accountId: string, draft: SluggedDraft): Promise<StoredLink | null>;
  /** As `insertOne`, for a generated code: nobody else stores that one at this moment, so it never waits for them. */
  insertCoded(accountId: string, draft: SluggedDraft): Promise<StoredLink | null>;
}

/** Stores new links in one transaction. */
export interface TransactionWriter extends LinkWriter {
  /** Stores links without an event, and leaves out those whose slug is taken. */
  insertMany(accountId: string, drafts: SluggedDraft[]): Promise<Map<string, StoredLink>>;
  /** Adds the one event for all of them. */
  recordCreated(accountId: string, links: StoredLink[]): Promise<void>;
}

/** How creation reaches the database and tells others. */
export interface LinkCreationPorts {
  /** Takes codes that nobody else will get. */
  takeCodes(count: number): Promise<string[]>;
  /** Each call is a transaction of its own. */
  writer: LinkWriter;
  /** One transaction around everything that `work` writes. */
  inTransaction<T>(work: (writer: TransactionWriter) => Promise<T>): Promise<T>;
  /** As `inTransaction`, and keeps the answer for when the request is repeated. */
  once(
    request: IdempotentRequest,
    work: (writer: TransactionWriter) => Promise<KeptAnswer>,
  ): Promise<KeptAnswer>;
  /** Tells caches and the relay, after the commit. Must never reject. */
  announce(links: StoredLink[]): Promise<void>;
}
