import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useSay } from '../i18n/index.ts';

/** What had the focus; of an item of a menu, which goes with its menu, the button that opened the menu. */
function focused(): HTMLElement | undefined {
  const { activeElement } = document;
  const menu = activeElement?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const opener = menu ? document.getElementById(menu) : activeElement;
  return opener instanceof HTMLElement && opener !== document.body ? opener : undefined;
}

/**
 * Something that is asked before the page goes on: it has the focus, and gives it back to what opened it, also where it is not closed but no
 * longer drawn. Without `opened` it is open for as long as it is drawn.
 */
export function Dialog({ opened = true, ...rest }: Omit<ModalProps, 'opened'> & { readonly opened?: boolean }) {
  const { t } = useSay();
  const [opener] = useState(() => (opened ? focused() : undefined));
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        const { activeElement } = document;
        if (!activeElement || activeElement === document.body) opener?.focus({ preventScroll: true });
      });
    },
    [opener],
  );
  return <Modal opened={opened} closeButtonProps={{ 'aria-label': t('common.close') }} {...rest} />;
}
