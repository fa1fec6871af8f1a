import { schema } from '@shortstack/db';

const { referrer, country, browser, os, device } = schema.clickDimensions;
const day = `(clicked_at AT TIME ZONE 'UTC')::date`;
const counts =
  'count(*) FILTER (WHERE NOT is_bot) AS clicks, count(*) FILTER (WHERE is_bot) AS bots';

/**
 * The roll-ups that follow from raw clicks, as redirect-jobs would have written them: one statement each, so a new roll-up is one
 * more. They are run one after the other for clicks of whole days of a link; so what is coarser than a day adds to what is
 * there, and comes last, where its rows are locked for a moment only.
 *
 * @param source of columns as in `clicks`: a table, or a query in parentheses
 */
export function rollUpStatements(source: string): readonly string[] {
  return [
    `INSERT INTO link_minutes (link_id, minute_at, clicks, bots)
     SELECT link_id, date_bin('1 minute', clicked_at, 'epoch'), ${counts}
     FROM ${source} AS click GROUP BY 1, 2 ORDER BY 1, 2`,
    `INSERT INTO link_quarters (link_id, quarter_at, clicks, bots)
     SELECT link_id, date_bin('15 minutes', clicked_at, 'epoch'), ${counts}
     FROM ${source} AS click GROUP BY 1, 2 ORDER BY 1, 2`,
    `INSERT INTO link_days (link_id, day, clicks, bots, uniques)
     SELECT link_id, day, sum(clicks), sum(bots), count(*) FILTER (WHERE clicks > 0)
     FROM (SELECT link_id, ${day} AS day, visitor, ${counts} FROM ${source} AS click GROUP BY 1, 2, 3) AS visit
     GROUP BY 1, 2 ORDER BY 1, 2`,
    `INSERT INTO link_dimensions (link_id, day, dimension, value, clicks)
     SELECT link_id, day, dimension, value, sum(clicks)
     FROM (
       SELECT link_id, ${day} AS day, coalesce(referrer, 'direct') AS referrer, country, browser, os, device, count(*) AS clicks
       FROM ${source} AS click WHERE NOT is_bot GROUP BY 1, 2, 3, 4, 5, 6, 7
     ) AS visit, LATERAL (
       VALUES (${referrer}, referrer), (${country}, country), (${browser}, browser), (${os}, os), (${device}, device)
     ) AS values (dimension, value)
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    `INSERT INTO link_totals AS old (link_id, clicks, bots, last_clicked_at)
     SELECT link_id, ${counts}, max(clicked_at) FROM ${source} AS click GROUP BY 1 ORDER BY 1
     ON CONFLICT (link_id) DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots,
       last_clicked_at = greatest(old.last_clicked_at, excluded.last_clicked_at)`,
  ];
}
