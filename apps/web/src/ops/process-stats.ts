import type { Figures, Instance } from './figures.ts';
import { brief, mebibytes, percent, perSecond } from './format-figure.ts';
import type { Headline, Stat } from './system-model.ts';

/** Requests that a process answers per second. redirect, whose hot path counts none, looks each one's link up. */
export function requestRate(figures: Figures, instances: readonly Instance[]): number | undefined {
  return (
    figures.rate(instances, 'http_server_request_duration_seconds_count') ??
    figures.rate(instances, 'shortstack_cache_requests_total', { cache: 'links', tier: 'l1' })
  );
}

/** The share of links that a tier of a process’s cache knew, in the last seconds; undefined where nothing was asked for. */
function hitRatio(
  figures: Figures,
  instances: readonly Instance[],
  tier: 'l1' | 'l2',
): number | undefined {
  const name = 'shortstack_cache_requests_total';
  const hits = figures.rate(instances, name, { cache: 'links', tier, result: 'hit' }) ?? 0;
  const misses = figures.rate(instances, name, { cache: 'links', tier, result: 'miss' }) ?? 0;
  return hits + misses > 0 ? hits / (hits + misses) : undefined;
}

/** What is shown first of a process. */
export function headlineOf(figures: Figures, instances: readonly Instance[]): Headline | null {
  const blocks = figures.most(instances, 'shortstack_code_pool_blocks');
  if (blocks !== undefined)
    return { label: 'blocks of codes', value: brief(blocks), amount: blocks };
  const rates = {
    'clicks counted': figures.rate(instances, 'shortstack_clicks_counted_total'),
    'events sent': figures.rate(instances, 'shortstack_outbox_published_total'),
    requests: requestRate(figures, instances),
  };
  for (const [label, rate] of Object.entries(rates)) {
    if (rate !== undefined) return { label, value: perSecond(rate), amount: rate };
  }
  return null;
}

/** What is shown of a process besides. */
export function statsOf(figures: Figures, instances: readonly Instance[]): Stat[] {
  const stat = (label: string, value: number | undefined, show: (value: number) => string) =>
    value === undefined ? [] : [{ label, value: show(value) }];
  return [
    ...stat('clicks', figures.rate(instances, 'shortstack_redirect_clicks_total'), perSecond),
    ...stat('L1 hits', hitRatio(figures, instances, 'l1'), percent),
    ...stat(
      'spool',
      figures.sum(instances, 'shortstack_clicks_waiting_bytes', { store: 'spool' }),
      mebibytes,
    ),
    ...stat('dropped', figures.sum(instances, 'shortstack_redirect_clicks_dropped_total'), brief),
    ...stat('CPU', figures.rate(instances, 'process_cpu_seconds_total'), percent),
    ...stat('memory', figures.sum(instances, 'process_resident_memory_bytes'), mebibytes),
  ];
}

/** What flows between a process and a server, besides calls. */
export function noteOf(
  figures: Figures,
  instances: readonly Instance[],
  dependency: string,
): string | null {
  if (dependency === 'redis-cache') {
    const hits = hitRatio(figures, instances, 'l2');
    return hits === undefined ? null : `hit ${percent(hits)}`;
  }
  if (dependency === 'postgres') {
    const clicks = figures.rate(instances, 'shortstack_clicks_counted_total');
    if (clicks !== undefined) return `${perSecond(clicks)} clicks`;
    const rows = figures.most(instances, 'shortstack_outbox_unpublished_rows');
    return rows === undefined ? null : `outbox ${brief(rows)}`;
  }
  if (dependency === 'redis-hub') {
    const lag = figures.most(instances, 'shortstack_event_group_lag');
    return lag === undefined ? null : `lag ${brief(lag)}`;
  }
  if (dependency === 'redis-jobs') {
    const seconds = figures.most(instances, 'shortstack_click_lag_seconds');
    return seconds === undefined ? null : `${brief(seconds)} s behind`;
  }
  return null;
}
