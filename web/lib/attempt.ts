import { useCallback, useRef } from 'react';

/** The key of an attempt to send `content`: the same for each repeat of the same, so that one after a lost answer does nothing twice. */
export function useAttempt(): (content: unknown) => string {
  const last = useRef<{ readonly content: string; readonly key: string }>(undefined);
  return useCallback((sent) => {
    const content = JSON.stringify(sent);
    if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() };
    return last.current.key;
  }, []);
}
