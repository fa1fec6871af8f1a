import type { StreamEvent } from '@shortstack/events';

/** An event whose data is its id. */
export function event(id: number | string, type = 'test.happened'): StreamEvent {
  return { id: String(id), type, data: { id: String(id) }, occurredAt: '2026-11-21T00:00:00.000Z' };
}

export function events(from: number, to: number): StreamEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
}
