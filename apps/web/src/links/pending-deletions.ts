import { createContext, useContext, useSyncExternalStore } from 'react';
import type { DeferredDeletions } from './deferred-deletions.ts';

export const PendingDeletionsContext = createContext<DeferredDeletions | null>(null);

/** Deletions that can still be undone. They go on while the user goes from page to page. */
export function usePendingDeletions(): DeferredDeletions {
  const deletions = useContext(PendingDeletionsContext);
  if (!deletions) throw new Error('usePendingDeletions needs a PendingDeletionsProvider above it.');
  return deletions;
}

/** The slugs of links to be shown as gone. */
export function useHiddenSlugs(): ReadonlySet<string> {
  const { subscribe, hidden } = usePendingDeletions();
  return useSyncExternalStore(subscribe, hidden);
}
