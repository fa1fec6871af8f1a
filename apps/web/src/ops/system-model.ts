import type { OperationsOverview } from '@shortstack/contracts';

/** `well`, or what is wrong with it, from bad to worse; `unknown` where nobody says. */
export type State = 'well' | 'ailing' | 'down' | 'unknown';

export interface Stat {
  label: string;
  value: string;
}

export interface Headline extends Stat {
  /** The value as a number. */
  amount: number;
}

/** What a process, in all of its instances, uses a server for. */
export interface Arrow {
  /** Key of the server. */
  to: string;
  /** Calls per second; null where they are not counted. */
  rate: number | null;
  state: State;
  /** The breaker's state, or what else there is to say. */
  text: string;
  /** What flows there, such as `hit 97 %`. */
  note: string | null;
}

export interface ProcessNode {
  /** `create`, `create-jobs` */
  key: string;
  kind: 'http' | 'jobs';
  /** Instances that the registry knows. */
  count: number;
  state: State;
  text: string;
  /** The one figure to look at first. */
  headline: Headline | null;
  stats: Stat[];
  arrows: Arrow[];
}

export interface ServerNode {
  /** `postgres`, `redis-session`, `redis-jobs-create` */
  key: string;
  state: State;
  text: string;
  stats: Stat[];
}

/** A service's host: its processes and its own Redis. */
export interface Room {
  service: string;
  publicUrl: string | null;
  processes: ProcessNode[];
  redis: ServerNode | null;
  /** Requests per second that come in; null where nobody counts. */
  requests: number | null;
}

export interface SystemModel {
  rooms: Room[];
  /** Servers that all hosts share. */
  shared: ServerNode[];
  /** In one sentence. */
  summary: { state: State; text: string };
}

export type Snapshots = readonly OperationsOverview[];
