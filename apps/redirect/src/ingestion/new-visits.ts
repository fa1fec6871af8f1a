import type { Visit } from '@shortstack/analytics';
import type { LinkQuarter } from './roll-up.ts';

/** Who visited which link, once per quarter of an hour. Call it after the commit: it notes that they are counted. */
export function newVisits(quarters: readonly LinkQuarter[]): Visit[] {
  const visits: Visit[] = [];
  for (const { linkId, quarterAt, visitors } of quarters) {
    const subject = `${linkId}`;
    const time = new Date(quarterAt);
    for (const { id, countedFor } of visitors) {
      if (countedFor.get(linkId) === quarterAt) continue;
      countedFor.set(linkId, quarterAt);
      visits.push({ subject, visitor: id, time });
    }
  }
  return visits;
}
