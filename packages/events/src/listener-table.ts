import { report } from './report.ts';

/** Whoever wants the messages of a channel. */
export interface Listener<T> {
  channel: string;
  /** Reads a message, or answers undefined for one that it can't: it may come from another version. */
  parse: (data: unknown) => T | undefined;
  onMessage: (message: T) => void;
  /**
   * From now on every message arrives, until the next interruption. Called at first and after each: what was sent before may have been
   * missed, so whoever keeps something up to date looks at its source now.
   */
  onLive?: () => void;
}

/** A channel, the connection it is subscribed on, and who listens. */
interface Entry {
  readonly channel: string;
  epoch: number;
  readonly listeners: Map<Listener<unknown>, { isLive: boolean }>;
}

/** Who listens to what in this process. */
export function listenerTable({ onError }: { onError: (error: unknown) => void }) {
  const entries = new Map<string, Entry>();

  function guarded(work: () => void) {
    try {
      work();
    } catch (error) {
      onError(error);
    }
  }

  return {
    /** `remove` answers whether it was the channel's last. */
    add<T>(given: Listener<T>, maxChannels: number): { entry: Entry; remove: () => boolean } {
      const listener = { ...given } as Listener<unknown>;
      let entry = entries.get(given.channel);
      if (entry === undefined) {
        if (entries.size >= maxChannels) throw new RangeError(`More than ${maxChannels} channels`);
        entry = { channel: given.channel, epoch: -1, listeners: new Map() };
        entries.set(given.channel, entry);
      }
      const { listeners } = entry;
      listeners.set(listener, { isLive: false });
      return {
        entry,
        remove() {
          if (!listeners.delete(listener) || listeners.size > 0) return false;
          return entries.delete(given.channel);
        },
      };
    },
    missing(epoch: number): Entry[] {
      return [...entries.values()].filter((entry) => entry.epoch !== epoch);
    },
    deliver(channel: string, text: string) {
      const entry = entries.get(channel);
      if (entry === undefined) return;
      let data: unknown;
      try {
        data = JSON.parse(text);
      } catch {
        report('events.notices_refused', { reason: 'not JSON' });
        return;
      }
      for (const listener of entry.listeners.keys()) {
        guarded(() => {
          const message = listener.parse(data);
          if (message === undefined) report('events.notices_refused', { reason: 'unknown form' });
          else listener.onMessage(message);
        });
      }
    },
    /** Tells the listeners of the channels that are subscribed on this connection, each once. */
    tellLive(epoch: number) {
      for (const entry of entries.values()) {
        if (entry.epoch !== epoch) continue;
        for (const [listener, status] of entry.listeners) {
          if (status.isLive) continue;
          status.isLive = true;
          guarded(() => listener.onLive?.());
        }
      }
    },
    forgetLive() {
      for (const { listeners } of entries.values()) {
        for (const status of listeners.values()) status.isLive = false;
      }
    },
  };
}
