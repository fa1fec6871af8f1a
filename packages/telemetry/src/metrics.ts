export interface Counter {
  /** Adds `value`, default 1. About a microsecond: hot paths count in plain fields and `observe` them. */
  add(value?: number, attributes?: Record<string, string>): void;
}

export interface Histogram {
  /** Records one value in the unit of the buckets. About a microsecond. */
  record(value: number, attributes?: Record<string, string>): void;
}

/** One series of an observed metric. */
export interface Observation {
  value: number;
  attributes?: Record<string, string>;
}

/** One series as it is at the moment, under the name that it has for Prometheus. */
export interface Figure {
  name: string;
  value: number;
  labels: Record<string, string>;
}

export interface Metrics {
  /** A counter that is added to. Its name ends in `_total`, which is appended if missing. */
  counter(name: string, help: string): Counter;
  /** A gauge that is raised and lowered: `add` takes negative values too. */
  gauge(name: string, help: string): Counter;
  /** A histogram with the given upper bounds, in seconds for durations (`…_seconds`). */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram;
  /**
   * A metric whose values are read at each scrape, so that what is measured pays nothing.
   * A `counter` must only ever grow. `read` must not block; if it throws, this metric is left out.
   */
  observe(
    name: string,
    help: string,
    type: 'gauge' | 'counter',
    read: () => readonly Observation[],
  ): void;
  /**
   * The current values of some metrics, by the names that Prometheus knows them by: of observed ones each series, of a histogram
   * how much it has counted (`…_count`, one series). Names that are not known are left out. Disturbs no scrape.
   */
  read(names: readonly string[]): Figure[];
  /** The current values in Prometheus' text format. */
  render(): Promise<string>;
  /** Stops measuring the process. */
  close: () => Promise<void>;
}
