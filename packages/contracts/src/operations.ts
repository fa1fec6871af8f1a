import Type, { type Static } from 'typebox';
import { nullable } from './nullable.ts';

/** What a process says of a server that it uses. */
const Dependency = Type.Object({
  name: Type.String({
    description: '`postgres`, `redis-hub` and so on; `redis-jobs` is the one of its own host',
  }),
  state: Type.Union([Type.Literal('up'), Type.Literal('down')]),
  required: Type.Boolean({ description: 'The process is of no use without it' }),
  breaker: Type.Optional(Type.String({ description: 'closed, open or half-open' })),
  calls: Type.Optional(Type.Number({ description: 'Calls since the start, where counted' })),
  detail: Type.Optional(Type.String({ description: 'Why it is down' })),
});

/** A series of `shownMetrics`, as on `/metrics`. */
const Figure = Type.Object({
  name: Type.String(),
  value: Type.Number(),
  labels: Type.Record(Type.String(), Type.String()),
});

/** What each process adds to its `GET /internal/status`: its dependencies as on `/readyz`, and its `shownMetrics`. */
export const ProcessDetails = Type.Object({
  dependencies: Type.Array(Dependency),
  figures: Type.Array(Figure),
});
export type ProcessDetails = Static<typeof ProcessDetails>;

/** The metrics that the operations page draws. What ends in `_total` or `_count` only grows: differences are rates. */
export const shownMetrics = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'http_server_request_duration_seconds_count',
  'shortstack_cache_requests_total',
  'shortstack_redirect_clicks_total',
  'shortstack_redirect_clicks_dropped_total',
  'shortstack_clicks_waiting_bytes',
  'shortstack_clicks_counted_total',
  'shortstack_click_lag_seconds',
  'shortstack_outbox_published_total',
  'shortstack_outbox_unpublished_rows',
  'shortstack_outbox_oldest_seconds',
  'shortstack_event_group_lag',
  'shortstack_queue_jobs',
  'shortstack_queue_oldest_waiting_seconds',
  'shortstack_code_pool_blocks',
  'shortstack_pool_busy_connections',
  'shortstack_pool_max_connections',
  'shortstack_redis_server_commands_total',
  'shortstack_redis_server_memory_used_bytes',
  'shortstack_redis_server_connected_clients',
  'shortstack_redis_server_evicted_keys_total',
] as const;

/** worker's `GET /ops/system`: every live process of every service, by its own answer or else as the registry and the last probe have it. */
export const OperationsOverview = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
    isRegistryAway: Type.Boolean({
      description: 'The hub does not answer: the list is what was known last',
    }),
    instances: Type.Array(
      Type.Object({
        id: Type.String(),
        service: Type.String(),
        process: Type.Union([Type.Literal('http'), Type.Literal('jobs')]),
        answered: Type.Boolean({
          description: 'It was asked just now and answered: the rest is what it said itself',
        }),
        url: Type.String({ description: 'Its internal listener' }),
        publicUrl: nullable(Type.String()),
        version: Type.String(),
        startedAt: Type.String(),
        beatAt: Type.String({ description: 'When it last reported, by its own clock' }),
        health: Type.String({ description: 'healthy, unknown, unready or unreachable' }),
        load: Type.Unknown({ description: 'Figures of its own choice' }),
        lastWork: nullable(Type.String()),
        ...ProcessDetails.properties,
      }),
    ),
  },
  { $id: 'OperationsOverview' },
);
export type OperationsOverview = Static<typeof OperationsOverview>;

/** worker's `GET /ops/failed-jobs/{service}`: the newest failed jobs of each queue of a service, without their data. */
export const FailedJobs = Type.Object(
  {
    queues: Type.Array(
      Type.Object({
        name: Type.String(),
        counts: Type.Record(Type.String(), Type.Number(), {
          description: 'Jobs by state: waiting, active, delayed, completed, failed and so on',
        }),
        dead: Type.Number({ description: 'Dead letters: failed for good and not replayed' }),
        failed: Type.Array(
          Type.Object({
            id: Type.String(),
            job: Type.String(),
            error: Type.String({ description: 'The first line of its last error' }),
            attempts: Type.Number(),
            failedAt: nullable(Type.String()),
          }),
        ),
        pages: Type.Number({ description: 'How many pages of failed jobs there are' }),
      }),
    ),
  },
  { $id: 'FailedJobs' },
);
export type FailedJobs = Static<typeof FailedJobs>;

/** worker's `GET /ops/switches`: where the switches of faults are, for the page itself. Only a stack on one machine has any. */
export const FaultSwitches = Type.Object(
  {
    switches: nullable(
      Type.Object({
        url: Type.String(),
        token: Type.String({ description: 'For `Authorization: Bearer`; new with each start' }),
      }),
    ),
  },
  { $id: 'FaultSwitches' },
);
export type FaultSwitches = Static<typeof FaultSwitches>;
