export interface DeferredDeletionsOptions {
  /** Deletes the link for good. `isLeaving`: the page is about to be gone, and the request must outlive it. */
  send: (slug: string, isLeaving: boolean) => Promise<void>;
  /** The deletion was refused or got no answer: the link is still there. */
  onFailure: (slug: string, error: unknown) => void;
  onSent: (slug: string) => void;
  /** How long a deletion can be undone. */
  delayMs: number;
}

export interface DeferredDeletions {
  delete: (slug: string) => void;
  undo: (slug: string) => void;
  /** Sends all that wait at once. Resolves when they are answered; never rejects. */
  flush: (isLeaving?: boolean) => Promise<void>;
  /** Links to be shown as gone: those that wait, and those that are being sent. The same object until it changes. */
  hidden: () => ReadonlySet<string>;
  subscribe: (onChange: () => void) => () => void;
}

/**
 * Deletes later than it says, so that it can be undone: the API's deletion can't. Whoever leaves the page
 * sends what waits (`flush`). If that is lost, as in a crash of the browser, the link is still there: nothing is deleted that
 * nobody wanted deleted, and no change is half made.
 */
export function createDeferredDeletions(options: DeferredDeletionsOptions): DeferredDeletions {
  const { send, onFailure, onSent, delayMs } = options;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const listeners = new Set<() => void>();
  let hidden: ReadonlySet<string> = new Set();

  function change(slug: string, isHidden: boolean) {
    const next = new Set(hidden);
    if (isHidden) next.add(slug);
    else next.delete(slug);
    hidden = next;
    for (const listener of listeners) listener();
  }

  async function sendNow(slug: string, isLeaving: boolean) {
    clearTimeout(waiting.get(slug));
    waiting.delete(slug);
    try {
      await send(slug, isLeaving);
      onSent(slug);
    } catch (error) {
      change(slug, false);
      onFailure(slug, error);
    }
  }

  return {
    delete(slug) {
      if (hidden.has(slug)) return;
      waiting.set(
        slug,
        setTimeout(() => void sendNow(slug, false), delayMs),
      );
      change(slug, true);
    },
    undo(slug) {
      if (!waiting.has(slug)) return;
      clearTimeout(waiting.get(slug));
      waiting.delete(slug);
      change(slug, false);
    },
    async flush(isLeaving = false) {
      await Promise.all([...waiting.keys()].map((slug) => sendNow(slug, isLeaving)));
    },
    hidden: () => hidden,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
