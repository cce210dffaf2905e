import { useSyncExternalStore } from 'react';

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
};

/** Whether this machine has a connection at all; false is certain, true only hopeful. */
export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);
