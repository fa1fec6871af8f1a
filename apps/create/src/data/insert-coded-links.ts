import { isDatabaseUnavailable } from '@shortstack/db';
import { currentTraceparent } from '@shortstack/telemetry';
import type { StoredLink } from '../domain/link.ts';
import type { LinkWriter } from '../domain/link-writer.ts';
import type { Sql } from './guarded-database.ts';
import { insertLink, insertOwnedLinks, type OwnedDraft } from './insert-links.ts';

interface Waiting {
  draft: OwnedDraft;
  resolve: (link: StoredLink | null) => void;
  reject: (error: unknown) => void;
}

const maxTogether = 200;

/**
 * Stores links with generated codes; those that are to be stored in the same turn of the event loop share one statement, hence
 * one round trip and one commit. A link that comes alone waits for nobody.
 *
 * Only generated codes: a chosen slug may have to wait for another transaction that has just taken it, and its neighbours with it.
 * A link that can't be stored (its account is gone) fails alone: then each is stored by itself.
 */
export function createCodedLinkInserter(database: Sql): LinkWriter['insertCoded'] {
  let waiting: Waiting[] = [];

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += maxTogether) {
      void storeTogether(all.slice(from, from + maxTogether));
    }
  }

  async function storeTogether(group: readonly Waiting[]): Promise<void> {
    try {
      const links = await insertOwnedLinks(
        database,
        group.map(({ draft }) => draft),
      );
      for (const { draft, resolve } of group) resolve(links.get(draft.slug) ?? null);
    } catch (error) {
      const isOurs = group.length > 1 && !isDatabaseUnavailable(error);
      for (const { draft, resolve, reject } of group) {
        if (isOurs) insertLink(database, draft.accountId, draft).then(resolve, reject);
        else reject(error);
      }
    }
  }

  return (accountId, draft) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      const traceparent = currentTraceparent();
      waiting.push({ draft: { ...draft, accountId, traceparent }, resolve, reject });
    });
}
