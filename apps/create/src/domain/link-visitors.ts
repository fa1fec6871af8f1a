import type { LinkVisitors } from '@shortstack/contracts';
import type { BoardWindow } from './link-board.ts';

export interface LinkVisitorsPorts {
  windowStart(window: BoardWindow): Date;
  /** The estimate of the hub, or null while it may lack visitors. Rejects while the hub is away. */
  estimate(linkId: number, window: BoardWindow): Promise<number | null>;
  /** From where visits are kept, exact and slower. */
  count(linkId: number, window: BoardWindow, since: Date): Promise<number>;
}

/** A link's unique visitors over a window: the exact figure, the hub's estimate, and how far that is off. */
export async function readLinkVisitors(
  ports: LinkVisitorsPorts,
  linkId: number,
  window: BoardWindow,
): Promise<LinkVisitors> {
  const from = ports.windowStart(window);
  const [exact, estimated] = await Promise.all([
    ports.count(linkId, window, from),
    ports.estimate(linkId, window).catch(() => null),
  ]);
  return {
    window,
    from: from.toISOString(),
    exact,
    estimated,
    errorPercent: estimated === null ? null : errorPercent(estimated, exact),
  };
}

/** To two decimals. Null where there is nothing to compare with. */
function errorPercent(estimated: number, exact: number): number | null {
  if (exact === 0) return estimated === 0 ? 0 : null;
  return Math.round((10_000 * (estimated - exact)) / exact) / 100;
}
