import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useSay } from '../i18n/index.ts';
import classes from './Panel.module.css';

/** An open menu, list or dialog takes the first Esc for itself. */
const somethingIsOpen = (): boolean =>
  [...document.querySelectorAll('[role="listbox"], [role="menu"], [role="dialog"]')].some(
    (element) => element.closest('[data-portal]') && element.checkVisibility({ checkOpacity: true }),
  );

/**
 * The right panel: beside the chart on a wide screen, so that facts stay in sight; over it on a phone.
 * It takes the focus when it opens and gives it back when it closes; Esc closes, and what was typed is kept by whoever typed it.
 */
export function Panel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useSay();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  const id = useId();

  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !somethingIsOpen()) close.current();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <aside className={classes.panel} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} ref={heading} tabIndex={-1} className={classes.title}>
          {title}
        </h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={t('common.close')}
          title={t('common.closeKey')}
          onClick={onClose}
        >
          <IconX size={18} />
        </ActionIcon>
      </header>
      <div className={classes.body}>{children}</div>
    </aside>
  );
}
