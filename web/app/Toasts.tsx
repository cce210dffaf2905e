import { notificationsStore } from '@mantine/notifications';
import { type ComponentType, useEffect, useState } from 'react';

/**
 * Where "Saved" and "Undo" appear. No first view has any, so what draws them comes with the first touch or key, or with the first of them;
 * where it cannot be fetched, the next of them asks again.
 */
export function Toasts() {
  const [List, setList] = useState<ComponentType>();
  useEffect(() => {
    if (List) return;
    const fetchList = () =>
      void import('./ToastList.tsx').then(
        ({ ToastList }) => setList(() => ToastList),
        () => undefined,
      );
    if (notificationsStore.getState().notifications.length > 0) fetchList();
    const leave = notificationsStore.subscribe(fetchList);
    window.addEventListener('pointerdown', fetchList, { once: true });
    window.addEventListener('keydown', fetchList, { once: true });
    return () => {
      leave();
      window.removeEventListener('pointerdown', fetchList);
      window.removeEventListener('keydown', fetchList);
    };
  }, [List]);
  return List ? <List /> : null;
}
