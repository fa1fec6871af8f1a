import type { Tracing } from './create-tracing.ts';
import type { OpenSpan } from './span-options.ts';

interface Event {
  id: string;
  type: string;
  traceparent?: string | undefined;
}

interface Job {
  queue: string;
  name: string;
  id: string;
  attempt: number;
  traceparent?: string | undefined;
}

/** For `around` of a consumer: a span for each event whose cause is traced. */
export function traceEvents({ inSpan }: Tracing, group: string) {
  return (event: Event, work: () => Promise<void>): Promise<void> =>
    inSpan(
      {
        name: `process ${event.type}`,
        kind: 'consumer',
        parent: event.traceparent ?? null,
        attributes: { 'messaging.consumer.group.name': group, 'messaging.message.id': event.id },
      },
      work,
    );
}

/** For `around` of a queue's worker: a span for each try of a job whose cause is traced. */
export function traceJobs({ inSpan }: Tracing) {
  return (job: Job, work: () => Promise<void>): Promise<void> =>
    inSpan(
      {
        name: `process ${job.name}`,
        kind: 'consumer',
        parent: job.traceparent ?? null,
        attributes: {
          'messaging.destination.name': job.queue,
          'messaging.message.id': job.id,
          'shortstack.job.attempt': job.attempt,
        },
      },
      work,
    );
}

/** Wraps `publish` of the relay's publisher: each event whose cause is traced gets a span, which the event then names as its cause. */
export function tracePublish<Published extends Event, Rest extends unknown[], Answer>(
  { start }: Tracing,
  publish: (events: readonly Published[], ...rest: Rest) => Promise<Answer>,
): typeof publish {
  return async (events, ...rest) => {
    if (events.every(({ traceparent }) => traceparent === undefined)) {
      return publish(events, ...rest);
    }
    const spans: OpenSpan[] = [];
    const traced = await Promise.all(
      events.map(async (event) => {
        const span = await start({
          name: `publish ${event.type}`,
          kind: 'producer',
          parent: event.traceparent ?? null,
          attributes: { 'messaging.message.id': event.id },
        });
        if (span === undefined) return event;
        spans.push(span);
        return { ...event, traceparent: span.traceparent };
      }),
    );
    try {
      const answer = await publish(traced, ...rest);
      for (const span of spans) span.end();
      return answer;
    } catch (error) {
      for (const span of spans) span.end({ error });
      throw error;
    }
  };
}
