import { Button, Modal, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSay } from '../../i18n/index.ts';
import { useSession } from '../../lib/session.tsx';
import { IDLE_LIMIT_MS, idleState } from './idle.ts';
import classes from './SignInPage.module.css';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Ends a session that nobody uses: a minute before, the chart blurs and a countdown asks. Being busy in another tab of the
 * same browser counts. Drafts stay, and after sign-in one is where one was.
 */
export function IdleGuard({ children, limitMs = IDLE_LIMIT_MS }: { children: ReactNode; limitMs?: number }) {
  const { t } = useSay();
  const { end } = useSession();
  const lastSign = useRef(Date.now());
  const [left, setLeft] = useState<number>(); // seconds, while warning
  const warning = left !== undefined;

  useEffect(() => {
    const tabs = new BroadcastChannel('tessera.activity');
    let told = 0;
    const busy = () => {
      if (idleState(Date.now() - lastSign.current, limitMs).kind !== 'busy') return; // once warned, only the button counts
      lastSign.current = Date.now();
      if (lastSign.current - told > 5_000) {
        told = lastSign.current;
        tabs.postMessage('busy');
      }
    };
    tabs.onmessage = () => {
      lastSign.current = Date.now();
    };
    for (const sign of SIGNS) window.addEventListener(sign, busy, { passive: true });
    const clock = setInterval(() => {
      const state = idleState(Date.now() - lastSign.current, limitMs);
      setLeft(state.kind === 'warning' ? state.secondsLeft : undefined);
      if (state.kind === 'over') void end('idle');
    }, 500);
    return () => {
      for (const sign of SIGNS) window.removeEventListener(sign, busy);
      clearInterval(clock);
      tabs.close();
    };
  }, [end, limitMs]);

  const stay = () => {
    lastSign.current = Date.now();
    setLeft(undefined);
  };

  return (
    <>
      <div className={warning ? classes.blurred : undefined}>{children}</div>
      <Modal opened={warning} onClose={stay} title={t('idle.title')} centered withCloseButton={false}>
        <Text className={classes.count} aria-hidden>
          {left}
        </Text>
        <Text mb="md">{t('idle.text', { count: left ?? 0 })}</Text>
        <Button onClick={stay} data-autofocus>
          {t('idle.stay')}
        </Button>
      </Modal>
    </>
  );
}
