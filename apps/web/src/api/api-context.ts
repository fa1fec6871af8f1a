import type { ShortstackClient } from '@shortstack/client';
import { createContext, useContext } from 'react';

export const ApiContext = createContext<ShortstackClient | null>(null);

/** The API, as whoever is signed in here. */
export function useApi(): ShortstackClient {
  const api = useContext(ApiContext);
  if (!api) throw new Error('useApi needs an ApiContext above it.');
  return api;
}
