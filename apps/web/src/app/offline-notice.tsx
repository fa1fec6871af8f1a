import { useSyncExternalStore } from 'react';
import { Notice } from '../parts/notice.tsx';

/** Says that there is no network for as long as there is none. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(
    (onChange) => {
      addEventListener('online', onChange);
      addEventListener('offline', onChange);
      return () => {
        removeEventListener('online', onChange);
        removeEventListener('offline', onChange);
      };
    },
    () => navigator.onLine,
  );
  if (isOnline) return null;
  return (
    <Notice kind="warning">
      You are offline. What you see may be old, and nothing can be changed until the network is
      back.
    </Notice>
  );
}
