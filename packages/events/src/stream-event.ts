/** Something that happened, as it goes through the stream. */
export interface StreamEvent {
  /** Unique and stable: the same event published twice has the same id. The outbox's row id. */
  id: string;
  type: string;
  /** Anything JSON can hold. Readers validate it: it may come from another version. */
  data: unknown;
  /** ISO 8601. */
  occurredAt: string;
  /** W3C trace context of what caused it, where that is traced. */
  traceparent?: string | undefined;
}

/** An event whose data is JSON text by now, and goes into the stream as it is. */
export interface WrittenEvent extends Omit<StreamEvent, 'data'> {
  json: string;
}

/** An entry of the stream as Redis returns it. Without fields when it was trimmed while pending. */
export type StreamEntry = [id: string, fields: string[] | null];

/** The event's part of the arguments of the publish script. */
export function encodeEvent(event: StreamEvent | WrittenEvent): string[] {
  const json = 'json' in event ? event.json : JSON.stringify(event.data);
  return [event.id, event.type, json, event.occurredAt, event.traceparent ?? ''];
}

/** Reads an entry back; undefined when it isn't an event. `number` counts the events of the stream without gaps. */
export function decodeEvent(
  fields: readonly string[],
): { event: StreamEvent; number: number } | undefined {
  const { id, type, data, at, n, traceparent } = fieldsToObject(fields);
  if (id === undefined || type === undefined || data === undefined || at === undefined) {
    return undefined;
  }
  try {
    const event = { id, type, data: JSON.parse(data), occurredAt: at };
    return { event: traceparent ? { ...event, traceparent } : event, number: Number(n) };
  } catch {
    return undefined;
  }
}

/** Redis answers with names and values in turn. */
function fieldsToObject(fields: readonly string[]): Partial<Record<string, string>> {
  const object: Record<string, string> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) {
    object[String(fields[index])] = String(fields[index + 1]);
  }
  return object;
}
