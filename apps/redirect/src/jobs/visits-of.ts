import type { Visit } from '@shortstack/analytics';
import type { LinkQuarter } from '../ingestion/roll-up.ts';

/** Who visited which link, once per quarter of an hour, as far as the day's salt was known. */
export function visitsOf(quarters: readonly LinkQuarter[]): Visit[] {
  const visits: Visit[] = [];
  for (const { linkId, quarterAt, visitors } of quarters) {
    const subject = `${linkId}`;
    const time = new Date(quarterAt);
    for (const { id } of visitors) visits.push({ subject, visitor: id, time });
  }
  return visits;
}
