import type { LinkStats } from '../api/types.ts';
import { formatNumber } from '../parts/format.ts';
import { bucketLabel, type Interval } from './chart-range.ts';
import styles from './series-table.module.css';

/** What the chart shows, as a table, the newest first. */
export function SeriesTable({
  series,
  interval,
}: {
  series: LinkStats['series'];
  interval: Interval;
}) {
  return (
    <details className={styles.details}>
      <summary>Show as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
      <section className={styles.scroll} aria-label="Clicks over time" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Clicks</th>
            </tr>
          </thead>
          <tbody>
            {series.toReversed().map(({ time, clicks }) => (
              <tr key={time}>
                <th scope="row">
                  <time dateTime={time}>{bucketLabel(time, interval)}</time>
                </th>
                <td>{formatNumber(clicks)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
