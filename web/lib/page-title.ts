import { useEffect } from 'react';

/**
 * What a page is called in the browser's tab, and so in its history, which others may read and some browsers send to their maker: what the
 * page is, never whose, and nothing of anybody's health.
 */
export function usePageTitle(name: string): void {
  useEffect(() => {
    document.title = name === 'Tessera' ? name : `${name} · Tessera`;
  }, [name]);
}
