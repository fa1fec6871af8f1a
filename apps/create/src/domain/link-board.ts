/** Clicks of one link in a window. */
export interface LinkScore {
  slug: string;
  clicks: number;
}

export type BoardWindow = 'hour' | 'day' | 'week';

export interface LinkBoardPorts {
  /** The hub's board, deleted links included. Rejects while the hub is away. */
  topOfHub(accountId: string, window: BoardWindow, limit: number): Promise<LinkScore[]>;
  /** Whether the hub may have lost scores. Rejects while the hub is away. */
  hubIsIncomplete(): Promise<boolean>;
  /** From where clicks are counted, exact and slower. */
  topOfDatabase(accountId: string, window: BoardWindow, limit: number): Promise<LinkScore[]>;
  /** Of these slugs, those of links that the account still has. */
  ownSlugs(accountId: string, slugs: string[]): Promise<Set<string>>;
}

/** More than are asked for, so that deleted links among them leave a full board. */
const spare = 20;

/**
 * An account's most followed links: from the hub, or from PostgreSQL while the hub is away or has not been rebuilt
 * since it lost scores.
 */
export async function readLinkBoard(
  ports: LinkBoardPorts,
  accountId: string,
  window: BoardWindow,
  limit: number,
): Promise<LinkScore[]> {
  const scores = await fromHub(ports, accountId, window, limit + spare);
  if (scores === null) return ports.topOfDatabase(accountId, window, limit);
  if (scores.length === 0) return [];
  const slugs = scores.map(({ slug }) => slug);
  const own = await ports.ownSlugs(accountId, slugs);
  return scores.filter(({ slug }) => own.has(slug)).slice(0, limit);
}

async function fromHub(
  ports: LinkBoardPorts,
  accountId: string,
  window: BoardWindow,
  limit: number,
): Promise<LinkScore[] | null> {
  try {
    if (await ports.hubIsIncomplete()) return null;
    return await ports.topOfHub(accountId, window, limit);
  } catch {
    return null;
  }
}
