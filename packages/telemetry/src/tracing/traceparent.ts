import { type Span, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** Undefined for anything that is no `traceparent`. @see https://www.w3.org/TR/trace-context/ */
export function readTraceparent(value: unknown): SpanContext | undefined {
  const parsed = typeof value === 'string' ? parseTraceParent(value) : null;
  return parsed === null ? undefined : { ...parsed, isRemote: true };
}

export function writeTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}

/** Whether a `traceparent` says that its trace is recorded. What doesn't is seen at its end. */
export function isRecorded(traceparent: unknown): boolean {
  if (typeof traceparent !== 'string' || !/[13579bdf]$/i.test(traceparent)) return false;
  const { traceFlags = TraceFlags.NONE } = readTraceparent(traceparent) ?? {};
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** The trace of a `traceparent` header, for the log; undefined without a valid one. */
export function traceIdOf(traceparent: unknown): string | undefined {
  return readTraceparent(traceparent)?.traceId;
}

/** The span in which this is called, while it is under way: what a request set going in the background outlives it and is no part of it. */
export function activeSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() ? span : undefined;
}

/** Its `traceparent`, for what is sent on; undefined outside of a span. About 50 ns while nothing is traced. */
export function currentTraceparent(): string | undefined {
  const span = activeSpan()?.spanContext();
  return span && writeTraceparent(span);
}

/** The same as fields of a log line; none outside of a span. */
export function activeTrace(): { traceId?: string; spanId?: string } {
  const span = activeSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}
