import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'react-router';
import { Brand } from '../../components/Brand.tsx';
import { LanguageChoice } from '../../components/LanguageChoice.tsx';
import { LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useSession } from '../../lib/session.tsx';
import classes from './portal.module.css';

/** The door for patients. Whoever was sent here from a page comes back to it. */
export function PortalDoor() {
  const { t } = useSay();
  const session = useSession();
  const { pathname, search } = useLocation();
  const [failed, setFailed] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const title = t('portal.door.title');
  usePageTitle(title);
  const signIn = () => {
    setFailed(false);
    setLeaving(true);
    session.signIn(`${pathname}${search}`).catch(() => {
      setFailed(true);
      setLeaving(false);
    });
  };
  const unreachable = session.state === 'unreachable' || failed;
  return (
    <main className={`${classes.portal} ${classes.door}`}>
      <Brand />
      {session.state === 'starting' ? (
        <LoadingLines lines={3} label={t('session.starting')} />
      ) : (
        <>
          <h1 className={classes.title}>{title}</h1>
          {session.endedBecause && (
            <p className={classes.notice} role="status">
              {t(`portal.door.ended.${session.endedBecause}`)}
            </p>
          )}
          {unreachable && (
            <p className={classes.notice} role="alert">
              {t('session.unreachable')}
            </p>
          )}
          <p>{t('portal.door.intro')}</p>
          <Button
            className={classes.big}
            size="lg"
            onClick={session.state === 'unreachable' ? session.retry : signIn}
            loading={leaving}
            autoFocus
          >
            {unreachable ? t('common.tryAgain') : t('portal.door.signIn')}
          </Button>
          <p className={classes.quiet}>{t('portal.door.noAccess')}</p>
        </>
      )}
      <LanguageChoice />
    </main>
  );
}
