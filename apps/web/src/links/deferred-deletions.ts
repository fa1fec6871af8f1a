export interface DeferredDeletionsOptions {
  /** Deletes the link for good. The page may be left meanwhile, and the request must outlive it. */
  send: (slug: string) => Promise<void>;
  /** The deletion was refused or got no answer: the link is still there. */
  onFailure: (slug: string, error: unknown) => void;
  onSent: (slug: string) => void;
}

export interface DeferredDeletions {
  delete: (slug: string) => void;
  undo: (slug: string) => void;
  /** It can no longer be undone: sends it, unless it was. Resolves when it is answered; never rejects. */
  commit: (slug: string) => Promise<void>;
  /** Sends all that wait. Resolves when these, and those on their way, are answered; never rejects. */
  flush: () => Promise<void>;
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
  const { send, onFailure, onSent } = options;
  const waiting = new Set<string>();
  const sending = new Map<string, Promise<void>>();
  const listeners = new Set<() => void>();
  let hidden: ReadonlySet<string> = new Set();

  function change(slug: string, isHidden: boolean) {
    const next = new Set(hidden);
    if (isHidden) next.add(slug);
    else next.delete(slug);
    hidden = next;
    for (const listener of listeners) listener();
  }

  async function sendNow(slug: string) {
    try {
      await send(slug);
      onSent(slug);
    } catch (error) {
      change(slug, false);
      onFailure(slug, error);
    }
  }

  async function commit(slug: string) {
    if (waiting.delete(slug)) {
      sending.set(
        slug,
        sendNow(slug).finally(() => sending.delete(slug)),
      );
    }
    await sending.get(slug);
  }

  return {
    delete(slug) {
      if (hidden.has(slug)) return;
      waiting.add(slug);
      change(slug, true);
    },
    undo(slug) {
      if (waiting.delete(slug)) change(slug, false);
    },
    commit,
    async flush() {
      await Promise.all([...waiting, ...sending.keys()].map(commit));
    },
    hidden: () => hidden,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
