import type { GroupLag, OutboxRelay } from '@shortstack/events';
import type { Metrics, Sampler } from '@shortstack/telemetry';
import type { OutboxLag } from './data/outbox-lag.ts';

/** Metrics of the relay, the outbox and the readers of the stream. */
export function observeJobs(options: {
  metrics: Metrics;
  relay: OutboxRelay;
  outbox: Sampler<OutboxLag>;
  groups: Sampler<GroupLag[]>;
}): void {
  const { metrics, relay, outbox, groups } = options;
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    metrics.observe(name, help, 'gauge', () => {
      const value = read();
      return value === undefined ? [] : [{ value }];
    });
  gauge('shortstack_outbox_relay_leading', 'Whether this process publishes events', () =>
    Number(relay.state.leading),
  );
  gauge('shortstack_outbox_relay_paused', 'Whether publishing waits for lagging readers', () =>
    Number(relay.state.paused),
  );
  metrics.observe('shortstack_outbox_published_total', 'Events published', 'counter', () => [
    { value: relay.state.published },
  ]);
  metrics.observe(
    'shortstack_outbox_resent_total',
    'Events to be published again because the stream had lost them',
    'counter',
    () => [{ value: relay.state.resent }],
  );
  gauge(
    'shortstack_outbox_unpublished_rows',
    'Events that wait, counted up to 100,000',
    () => outbox.latest()?.rows,
  );
  gauge(
    'shortstack_outbox_oldest_seconds',
    'Age of the event that is next',
    () => outbox.latest()?.oldestSeconds,
  );
  metrics.observe('shortstack_event_group_lag', 'Events a group has not read yet', 'gauge', () =>
    (groups.latest() ?? []).map(({ group, lag }) => ({ value: lag, attributes: { group } })),
  );
}
