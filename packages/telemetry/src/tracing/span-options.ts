/** What a span says of itself. Names and attributes follow OpenTelemetry's semantic conventions where there is one. */
export interface SpanOptions {
  /** Of few values: a route, a statement's name, never an id. */
  name: string;
  /** Default `internal`. */
  kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** `traceparent` of what caused it; null for a trace of its own. Default: the span in which it begins. */
  parent?: string | null | undefined;
  /** `traceparent` of what else led to it; 128 at most. */
  links?: readonly string[];
  attributes?: Readonly<Record<string, string | number>>;
}

/** A span under way. */
export interface OpenSpan {
  /** For whoever goes on with it elsewhere. */
  readonly traceparent: string;
  /** What is begun in there, and in what that begins, belongs to the span. */
  run<T>(work: () => T): T;
  /** Once. With an `error` the span has failed. */
  end(outcome?: { error?: unknown; attributes?: SpanOptions['attributes'] }): void;
}
