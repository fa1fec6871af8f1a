import type { Dashboard } from './dashboard.ts';

const overview: Dashboard = {
  uid: 'overview',
  title: 'overview',
  rows: {
    'Is anything wrong?': [
      { title: 'Alerts', kind: 'alertlist', queries: {}, width: 12 },
      {
        title: 'Instances that answer',
        kind: 'stat',
        queries: { '{{job}}': 'sum by (job) (up{job!~"prometheus|alertmanager"})' },
        width: 12,
        redBelow: 1,
      },
    ],
    'What redirect promises': [
      {
        title: 'Error budget, spent how many times too fast',
        queries: { '{{slo}} {{window}}': 'slo:burn_rate:ratio{window=~"5m|1h|6h|3d"}' },
        redFrom: 1,
      },
      {
        title: 'Redirects per second',
        queries: {
          redirected: 'sum(job:redirects:rate1m)',
          failed: 'sum(slo:bad:rate1m{slo="redirect-availability"})',
        },
        unit: 'reqps',
      },
      {
        title: 'Wait until a redirect is answered, p99',
        queries: { p99: 'job:redirect_wait_seconds:p99_1m' },
        unit: 's',
        redFrom: 0.1,
      },
    ],
    'From click to statistics': [
      {
        title: 'Clicks per second',
        queries: {
          taken: 'sum(job:redirects:rate1m)',
          counted: 'sum(rate(shortstack_clicks_counted_total[1m]))',
          dropped: 'sum(rate(shortstack_redirect_clicks_dropped_total[1m]))',
        },
        unit: 'cps',
      },
      {
        title: 'Click lag',
        queries: { '{{source}}': 'max by (source) (shortstack_click_lag_seconds)' },
        unit: 's',
        redFrom: 30,
      },
      {
        title: 'Clicks that wait',
        queries: { '{{store}}': 'max by (store) (shortstack_clicks_waiting_bytes)' },
        unit: 'bytes',
      },
    ],
  },
};

const services: Dashboard = {
  uid: 'services',
  title: 'services',
  rows: {
    Requests: [
      {
        title: 'Rate by route',
        queries: {
          '{{job}} {{route}}': 'sum by (job, route) (job_route_status:http_requests:rate1m)',
        },
        unit: 'reqps',
      },
      {
        title: 'Errors by route',
        queries: {
          '{{job}} {{route}} {{status}}': 'job_route_status:http_requests:rate1m{status=~"5.."}',
          '{{job}} refused': 'sum by (job) (rate(shortstack_requests_shed_total[1m]))',
          'redirect failed': 'sum(rate(shortstack_requests_failed_total[1m]))',
        },
        unit: 'reqps',
      },
      {
        title: 'Duration by route, p99',
        queries: { '{{job}} {{route}}': 'job_route:http_request_duration_seconds:p99_5m' },
        unit: 's',
      },
    ],
    'What they depend on': [
      {
        title: 'Dependencies that answer',
        queries: {
          '{{job}} {{dependency}}': 'min by (job, dependency) (shortstack_dependency_up)',
        },
      },
      {
        title: 'Breakers that are closed',
        queries: {
          '{{job}} {{dependency}}': 'min by (job, dependency) (shortstack_breaker_closed)',
        },
      },
      {
        title: 'Registered instances',
        queries: { '{{registered}}': 'max by (registered) (shortstack_registry_instances)' },
      },
      {
        title: 'PostgreSQL connections in use',
        queries: {
          '{{job}} {{pool}}':
            'sum by (job, pool) (shortstack_pool_busy_connections) / sum by (job, pool) (shortstack_pool_max_connections)',
        },
        unit: 'percentunit',
      },
      {
        title: 'Queries that wait for a connection',
        queries: { '{{job}} {{pool}}': 'sum by (job, pool) (shortstack_pool_waiting_queries)' },
      },
      {
        title: 'Cache hits by tier',
        queries: { '{{job}} {{cache}} {{tier}}': 'job_cache_tier:hit_ratio:rate5m' },
        unit: 'percentunit',
      },
    ],
    Processes: [
      {
        title: 'Event-loop delay, p99',
        queries: {
          '{{job}} {{instance}}': 'nodejs_event_loop_delay_seconds{quantile="0.99"}',
        },
        unit: 's',
        redFrom: 0.25,
      },
      {
        title: 'CPU',
        queries: {
          '{{job}} {{instance}}': 'sum by (job, instance) (rate(process_cpu_seconds_total[1m]))',
        },
        unit: 'percentunit',
      },
      {
        title: 'Memory',
        queries: { '{{job}} {{instance}}': 'process_resident_memory_bytes' },
        unit: 'bytes',
      },
    ],
  },
};

const work: Dashboard = {
  uid: 'work',
  title: 'background work',
  rows: {
    Queues: [
      {
        title: 'Jobs that wait',
        queries: {
          '{{queue}} {{state}}':
            'max by (queue, state) (shortstack_queue_jobs{state=~"waiting|delayed"})',
        },
      },
      {
        title: 'How long the next job has been due',
        queries: { '{{queue}}': 'max by (queue) (shortstack_queue_oldest_waiting_seconds)' },
        unit: 's',
        redFrom: 600,
      },
      {
        title: 'Dead letters',
        queries: { '{{queue}}': 'max by (queue) (shortstack_queue_jobs{state="dead"})' },
        redFrom: 1,
      },
    ],
    Events: [
      {
        title: 'Age of the event that is next',
        queries: { age: 'max(shortstack_outbox_oldest_seconds)' },
        unit: 's',
        redFrom: 60,
      },
      {
        title: 'Events that wait',
        queries: {
          outbox: 'max(shortstack_outbox_unpublished_rows)',
          '{{group}}': 'max by (group) (shortstack_event_group_lag)',
        },
      },
      {
        title: 'Events per second',
        queries: { published: 'sum(rate(shortstack_outbox_published_total[1m]))' },
        unit: 'cps',
      },
    ],
    Codes: [
      {
        title: 'Blocks of 1,000 codes in the pool',
        queries: { blocks: 'max(shortstack_code_pool_blocks)' },
        redBelow: 10,
      },
      {
        title: 'Since each scheduled job ended well',
        queries: {
          '{{exported_job}}':
            'time() - max by (exported_job) (shortstack_job_last_success_timestamp_seconds)',
        },
        unit: 's',
      },
      {
        title: 'Clicks put aside',
        queries: {
          batches: 'sum(increase(shortstack_click_batches_total{outcome="put_aside"}[1h]))',
        },
        redFrom: 1,
      },
    ],
  },
};

/** Several processes tell of one server: whichever knows. */
const byRole = (metric: string) => `max by (role) (shortstack_redis_server_${metric})`;
const rateByRole = (metric: string) =>
  `max by (role) (rate(shortstack_redis_server_${metric}_total[1m]))`;

const redis: Dashboard = {
  uid: 'redis',
  title: 'Redis servers',
  rows: {
    Memory: [
      { title: 'In use', queries: { '{{role}}': byRole('memory_used_bytes') }, unit: 'bytes' },
      {
        title: 'Of its limit',
        queries: {
          '{{role}}': `${byRole('memory_used_bytes')} / (${byRole('memory_max_bytes')} > 0)`,
        },
        unit: 'percentunit',
        redFrom: 0.85,
      },
      {
        title: 'Keys evicted per second',
        queries: { '{{role}}': rateByRole('evicted_keys') },
        unit: 'cps',
      },
    ],
    Clients: [
      {
        title: 'Commands per second',
        queries: { '{{role}}': rateByRole('commands') },
        unit: 'cps',
      },
      {
        title: 'Connections',
        queries: {
          '{{role}}': byRole('connected_clients'),
          '{{role}} refused per second': rateByRole('rejected_connections'),
        },
      },
      {
        title: 'Refused sign-ins, commands, keys and channels',
        queries: {
          '{{role}}': 'max by (role) (increase(shortstack_redis_server_acl_denials_total[5m]))',
        },
        redFrom: 1,
      },
    ],
    'On disk': [
      {
        title: 'Append-only file: on, last write well, last rewrite well',
        queries: {
          '{{role}} on': 'min by (role) (shortstack_redis_server_aof_enabled)',
          '{{role}} write': 'min by (role) (shortstack_redis_server_aof_write_ok)',
          '{{role}} rewrite': 'min by (role) (shortstack_redis_server_aof_rewrite_ok)',
        },
        width: 12,
      },
      {
        title: 'Commands in SLOWLOG (jobs servers)',
        queries: { '{{role}}': byRole('slow_commands') },
        width: 12,
      },
    ],
  },
};

export const dashboards: readonly Dashboard[] = [overview, services, work, redis];
