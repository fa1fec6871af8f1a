import { type Figures, figuresOf, type Instance } from './figures.ts';
import { brief, mebibytes, perSecond } from './format-figure.ts';
import { headlineOf, noteOf, requestRate, statsOf } from './process-stats.ts';
import type {
  Arrow,
  ProcessNode,
  Room,
  ServerNode,
  Snapshots,
  Stat,
  State,
  SystemModel,
} from './system-model.ts';

/** From the top of the diagram; others follow in the order of their names. */
const sharedOrder = ['redis-session', 'redis-hub', 'redis-cache', 'postgres'];
const serviceOrder = ['create', 'redirect', 'worker'];

/**
 * Makes of the last snapshots, oldest first, what is drawn. `seen` are the processes (`create`, `create-jobs`) that were ever there: one
 * that has gone is drawn as gone.
 */
export function describeSystem(history: Snapshots, seen: readonly string[]): SystemModel {
  const figures = figuresOf(history);
  const instances = history.at(-1)?.instances ?? [];
  const kinds = [...new Set([...seen, ...instances.map(keyOf)])];
  const services = inOrder([...new Set(kinds.map(serviceOf))], serviceOrder);
  const rooms = services.map((service): Room => {
    const own = instances.filter((each) => each.service === service);
    const http = own.filter(({ process }) => process === 'http');
    return {
      service,
      publicUrl: http.find(({ publicUrl }) => publicUrl !== null)?.publicUrl ?? null,
      processes: inOrder(kinds.filter((kind) => serviceOf(kind) === service)).map((key) =>
        processNode(
          figures,
          key,
          own.filter((each) => keyOf(each) === key),
        ),
      ),
      // A jobs process brings one.
      redis: kinds.includes(`${service}-jobs`)
        ? serverNode(figures, `redis-jobs-${service}`, own, 'redis-jobs', instances)
        : null,
      requests: requestRate(figures, http) ?? null,
    };
  });
  const names = instances.flatMap((each) => each.dependencies.map(({ name }) => name));
  const shared = inOrder([...new Set(names)], sharedOrder)
    .filter((name) => name !== 'redis-jobs')
    .flatMap((name) => serverNode(figures, name, instances, name, instances) ?? []);
  return { rooms, shared, summary: summarise(rooms, shared) };
}

/** `create`, `create-jobs` */
export function keyOf({ service, process }: Pick<Instance, 'service' | 'process'>): string {
  return process === 'http' ? service : `${service}-jobs`;
}

function serviceOf(key: string): string {
  return key.replace(/-jobs$/, '');
}

function inOrder(names: readonly string[], first: readonly string[] = []): string[] {
  const place = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return names.toSorted((a, b) => place(a) - place(b) || a.localeCompare(b));
}

function processNode(figures: Figures, key: string, instances: readonly Instance[]): ProcessNode {
  const names = instances.flatMap((each) => each.dependencies.map(({ name }) => name));
  const well = instances.filter(({ health }) => health === 'healthy' || health === 'unknown');
  const ill = instances.find((each) => !well.includes(each));
  return {
    key,
    kind: key.endsWith('-jobs') ? 'jobs' : 'http',
    count: instances.length,
    state: worst(well.length, instances.length),
    text:
      instances.length === 0
        ? 'gone'
        : ill === undefined
          ? 'healthy'
          : instances.length === 1
            ? ill.health
            : `${instances.length - well.length} of ${instances.length} ${ill.health}`,
    headline: headlineOf(figures, instances),
    stats: statsOf(figures, instances),
    arrows: [...new Set(names)].map((name) => arrow(figures, instances, name)),
  };
}

function arrow(figures: Figures, instances: readonly Instance[], name: string): Arrow {
  const reports = reportsOf(instances, name);
  const up = reports.filter(({ state }) => state === 'up');
  const breaker = reports.find((each) => each.breaker !== undefined && each.breaker !== 'closed');
  const isBroken = up.length < reports.length;
  const [service = ''] = instances.map((each) => each.service);
  return {
    to: name === 'redis-jobs' ? `redis-jobs-${service}` : name,
    rate: figures.callRate(instances, name) ?? null,
    state: breaker && !isBroken ? 'ailing' : worst(up.length, reports.length),
    text: breaker?.breaker
      ? `breaker ${breaker.breaker}`
      : isBroken
        ? 'no answer'
        : reports.some((each) => each.breaker !== undefined)
          ? 'closed'
          : 'up',
    note: noteOf(figures, instances, name),
  };
}

/** A server as those see it who use it; null where nobody does. */
function serverNode(
  figures: Figures,
  key: string,
  users: readonly Instance[],
  dependency: string,
  all: readonly Instance[],
): ServerNode | null {
  const reports = reportsOf(users, dependency);
  const up = reports.filter(({ state }) => state === 'up').length;
  if (reports.length === 0 && dependency !== 'redis-jobs') return null;
  const state = reports.length === 0 ? 'unknown' : worst(up, reports.length);
  return {
    key,
    state,
    text:
      state === 'unknown'
        ? 'nobody asks it'
        : state === 'well'
          ? 'up'
          : state === 'down'
            ? 'does not answer'
            : `${reports.length - up} of ${reports.length} get no answer`,
    stats: key === 'postgres' ? postgresStats(figures, all) : redisStats(figures, all, key),
  };
}

function redisStats(figures: Figures, all: readonly Instance[], key: string): Stat[] {
  const role = { role: key.replace(/^redis-/, '') };
  const told = (name: string) =>
    all.filter(({ figures: own }) =>
      own.some((each) => each.name === name && each.labels.role === role.role),
    );
  const commandsName = 'shortstack_redis_server_commands_total';
  // Several may ask the same server.
  const commands = figures.rate(told(commandsName).slice(0, 1), commandsName, role);
  const memory = figures.most(all, 'shortstack_redis_server_memory_used_bytes', role);
  const queues = key.startsWith('redis-jobs-') ? queueStats(figures, all, key) : [];
  return [
    ...queues,
    ...(commands === undefined ? [] : [{ label: 'commands', value: perSecond(commands) }]),
    ...(memory === undefined ? [] : [{ label: 'memory', value: mebibytes(memory) }]),
  ];
}

function queueStats(figures: Figures, all: readonly Instance[], key: string): Stat[] {
  const own = all.filter(({ service }) => key === `redis-jobs-${service}`);
  const [teller] = own.filter(({ figures: told }) =>
    told.some(({ name }) => name === 'shortstack_queue_jobs'),
  );
  if (teller === undefined) return [];
  const jobs = (state: string) => figures.sum([teller], 'shortstack_queue_jobs', { state }) ?? 0;
  return [
    { label: 'queued', value: brief(jobs('waiting') + jobs('active')) },
    { label: 'failed', value: brief(jobs('failed')) },
  ];
}

function postgresStats(figures: Figures, all: readonly Instance[]): Stat[] {
  const busy = figures.sum(all, 'shortstack_pool_busy_connections');
  const max = figures.sum(all, 'shortstack_pool_max_connections');
  const calls = figures.callRate(all, 'postgres');
  return [
    ...(calls === undefined ? [] : [{ label: 'calls', value: perSecond(calls) }]),
    ...(busy === undefined ? [] : [{ label: 'busy', value: `${busy} of ${max}` }]),
  ];
}

function reportsOf(instances: readonly Instance[], dependency: string) {
  return instances.flatMap(({ dependencies }) =>
    dependencies.filter(({ name }) => name === dependency),
  );
}

function worst(well: number, all: number): State {
  if (all === 0 || well === 0) return 'down';
  return well < all ? 'ailing' : 'well';
}

function summarise(rooms: readonly Room[], shared: readonly ServerNode[]): SystemModel['summary'] {
  const nodes = rooms.flatMap(({ processes, redis }) => [...processes, ...(redis ? [redis] : [])]);
  const ill = [...shared, ...nodes].filter(({ state }) => state === 'ailing' || state === 'down');
  if (ill.length > 0) {
    const state = ill.some((each) => each.state === 'down') ? 'down' : 'ailing';
    return { state, text: `${ill.map(({ key, text }) => `${key}: ${text}`).join(' · ')}` };
  }
  const processes = rooms.flatMap((room) => room.processes);
  const instances = processes.reduce((sum, { count }) => sum + count, 0);
  return { state: 'well', text: `All ${instances} processes and the servers they use are well.` };
}
