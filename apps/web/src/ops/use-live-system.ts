import type { OperationsOverview } from '@shortstack/contracts';
import { useEffect, useRef, useState } from 'react';
import { keyOf } from './describe-system.ts';
import type { Snapshots } from './system-model.ts';

export interface LiveSystem {
  /** Those of the last ten seconds, oldest first; the last one stays while none come. */
  history: Snapshots;
  /** All processes that were there since the page was opened. */
  seen: readonly string[];
  /** When the last snapshot came, by this machine's clock. */
  lastAt: number | null;
  isConnected: boolean;
}

const windowMs = 10_500;
const retryMs = 2_000;
const silenceMs = 6_000;

/**
 * Follows the system as worker tells it. Comes back by itself when worker does, and leads to sign-in when the session has ended; while
 * worker is away, what was known last stays.
 */
export function useLiveSystem(): LiveSystem {
  const [live, setLive] = useState<LiveSystem>({
    ...{ history: [], seen: [], lastAt: null, isConnected: false },
  });
  const source = useRef<EventSource>(undefined);

  useEffect(() => {
    let silence: ReturnType<typeof setTimeout> | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const lose = () => setLive((last) => ({ ...last, isConnected: false }));

    /** A worker that hangs keeps its connections. */
    function awaitWord(): void {
      clearTimeout(silence);
      silence = setTimeout(() => {
        lose();
        connect();
      }, silenceMs);
    }

    function connect(): void {
      clearTimeout(retry);
      source.current?.close();
      const opened = new EventSource('/ops/system/live');
      source.current = opened;
      awaitWord();
      opened.addEventListener('ended', () => window.location.reload());
      opened.addEventListener('system', (event: MessageEvent<string>) => {
        const overview = JSON.parse(event.data) as OperationsOverview;
        awaitWord();
        setLive((last) => ({ ...withSnapshot(last, overview), isConnected: true }));
      });
      opened.addEventListener('error', () => {
        lose();
        if (opened.readyState === EventSource.CLOSED) void tryAgain();
      });
    }

    async function tryAgain(): Promise<void> {
      const status = await fetch('/ops/switches', { signal: AbortSignal.timeout(retryMs) })
        .then((answer) => answer.status)
        .catch(() => 0);
      // Worker leads on to sign-in, or says why not.
      if (status === 401 || status === 403) window.location.reload();
      else retry = setTimeout(connect, retryMs);
    }

    connect();
    return () => {
      clearTimeout(silence);
      clearTimeout(retry);
      source.current?.close();
    };
  }, []);
  return live;
}

function withSnapshot(last: LiveSystem, overview: OperationsOverview): LiveSystem {
  const since = Date.parse(overview.at) - windowMs;
  const kept = last.history.filter(({ at }) => Date.parse(at) >= since);
  return {
    ...last,
    history: [...kept, overview],
    seen: [...new Set([...last.seen, ...overview.instances.map(keyOf)])],
    lastAt: Date.now(),
  };
}
