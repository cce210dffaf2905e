import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useSay } from '../../i18n/index.ts';
import { useSession } from '../../lib/session.tsx';
import { IDLE_LIMIT_MS, idleState } from './idle.ts';
import classes from './SignInPage.module.css';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

interface Warning {
  /** Seconds. */
  readonly left: number;
  readonly onStay: () => void;
}

/** In place of the dialog until its code is there, and when it cannot come: the session ends either way, so it must be possible to stay. */
function PlainWarning({ left, onStay }: Warning) {
  const { t } = useSay();
  return (
    <div role="alertdialog" aria-label={t('idle.title')} className={classes.plain}>
      <p>{t('idle.text', { count: left })}</p>
      <button type="button" onClick={onStay}>
        {t('idle.stay')}
      </button>
    </div>
  );
}

/** Its code comes when it is first needed, so that no screen waits for a dialog that it does not show. */
const IdleDialog = lazy(() =>
  import('./IdleDialog.tsx').then(
    ({ IdleDialog: dialog }) => ({ default: dialog }),
    () => ({ default: PlainWarning }),
  ),
);

/**
 * Ends a session that nobody uses: a minute before, the chart blurs and a countdown asks. Being busy in another tab of the
 * same browser counts. Drafts stay, and after sign-in one is where one was.
 */
export function IdleGuard({ children, limitMs = IDLE_LIMIT_MS }: { children: ReactNode; limitMs?: number }) {
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
      {left !== undefined && (
        <Suspense fallback={<PlainWarning left={left} onStay={stay} />}>
          <IdleDialog left={left} onStay={stay} />
        </Suspense>
      )}
    </>
  );
}
