/** What the registry's channel says: a hint to read the registry again, never the truth itself. */
export interface RegistryEvent {
  readonly event: 'service_up' | 'service_down';
  readonly service: string;
  readonly id: string;
}

/** Reads a message of the channel; `undefined` for one of another version's making. */
export function parseRegistryEvent(message: string): RegistryEvent | undefined {
  try {
    const value: Partial<Record<keyof RegistryEvent, unknown>> = JSON.parse(message);
    const { event, service, id } = value;
    if (event !== 'service_up' && event !== 'service_down') return undefined;
    if (typeof service !== 'string' || typeof id !== 'string') return undefined;
    return { event, service, id };
  } catch {
    return undefined;
  }
}
