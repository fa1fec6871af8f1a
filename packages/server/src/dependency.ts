export interface DependencyProbe {
  name: string;
  /** Whether the process is of no use without it. */
  required: boolean;
  /** Resolves if the dependency answers. Must not be slow to fail; see `timeoutMs`. */
  probe: () => Promise<void>;
  /** The state of the dependency's circuit breaker, if it has one. */
  breaker?: () => string;
  /** How often it was called since the start, if that is counted. */
  calls?: () => number;
  /** Default 500 ms. */
  timeoutMs?: number;
}

export interface DependencyReport {
  name: string;
  state: 'up' | 'down';
  required: boolean;
  breaker?: string;
  calls?: number;
  /** Why it is down, without secrets. */
  detail?: string;
}
