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

/** Clicks as they are counted. The browser itself comes back after an interruption. `onClicks` hears of each batch. */
export function useLiveClicks(slug: string, onClicks: () => void): LiveState {
  const [state, setState] = useState<LiveState>({ isConnected: false, clicks: [] });
  useEffect(() => {
    let lastId = 0;
    const source = new EventSource(`/api/links/${encodeURIComponent(slug)}/live`);
    source.onopen = () => setState((before) => ({ ...before, isConnected: true }));
    source.onerror = () => setState((before) => ({ ...before, isConnected: false }));
    source.addEventListener('clicks', (event) => {
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
    });
    return () => source.close();
  }, [slug, onClicks]);
  return state;
}
