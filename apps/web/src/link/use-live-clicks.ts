import { useEffect, useState } from 'react';
import type { LiveClicks } from '../api/types.ts';

interface ShownClick {
  id: number;
  click: LiveClicks['clicks'][number];
}

export interface LiveState {
  isConnected: boolean;
  /** The newest first. */
  clicks: readonly ShownClick[];
}

const maxShown = 12;

const retryMs = 5_000;

/** Clicks as they are counted. The browser itself comes back after an interruption, and after an error it is sent again. `onClicks` hears of each batch. */
export function useLiveClicks(slug: string, onClicks: () => void): LiveState {
  const [state, setState] = useState<LiveState>({ isConnected: false, clicks: [] });
  useEffect(() => {
    let lastId = 0;
    let source: EventSource;
    let retry: ReturnType<typeof setTimeout> | undefined;
    function connect(): void {
      source = new EventSource(`/api/links/${encodeURIComponent(slug)}/live`);
      source.onopen = () => setState((before) => ({ ...before, isConnected: true }));
      source.onerror = () => {
        setState((before) => ({ ...before, isConnected: false }));
        if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, retryMs);
      };
      source.addEventListener('clicks', show);
    }
    function show(event: MessageEvent<string>): void {
      const { clicks } = JSON.parse(event.data) as LiveClicks;
      const shown = clicks.map((click) => {
        lastId += 1;
        return { id: lastId, click };
      });
      setState((before) => ({
        ...before,
        clicks: [...shown.toReversed(), ...before.clicks].slice(0, maxShown),
      }));
      onClicks();
    }
    connect();
    return () => {
      clearTimeout(retry);
      source.close();
    };
  }, [slug, onClicks]);
  return state;
}
