import { Anchor, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { DoorCard } from '../../components/DoorCard.tsx';
import { LanguageChoice } from '../../components/LanguageChoice.tsx';
import { LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useSession } from '../../lib/session.tsx';
import classes from './SignInPage.module.css';

/** The door for staff. Whoever was sent here from a page comes back to exactly that page. */
export function SignInPage() {
  const { t } = useSay();
  const session = useSession();
  const location = useLocation();
  const [failed, setFailed] = useState(false);
  const [leaving, setLeaving] = useState(false);
  usePageTitle(t('session.title'));

  const signIn = () => {
    setFailed(false);
    setLeaving(true);
    session.signIn(`${location.pathname}${location.search}`).catch(() => {
      setFailed(true);
      setLeaving(false);
    });
  };
  const unreachable = session.state === 'unreachable' || failed;

  return (
    <DoorCard>
      {session.state === 'starting' ? (
        <LoadingLines lines={3} label={t('session.starting')} />
      ) : (
        <>
          <h1>{t('session.title')}</h1>
          {session.endedBecause && (
            <Text className={classes.notice} role="status">
              {t(`session.ended.${session.endedBecause}`)}
            </Text>
          )}
          {unreachable ? (
            <>
              <Text className={classes.notice} role="alert">
                {t('session.unreachable')}
              </Text>
              <Button size="md" onClick={session.state === 'unreachable' ? session.retry : signIn}>
                {t('common.tryAgain')}
              </Button>
            </>
          ) : (
            <>
              <Text c="dimmed">{t('session.intro')}</Text>
              <Button size="md" onClick={signIn} loading={leaving} autoFocus>
                {t('session.signIn')}
              </Button>
              <Anchor component={Link} to={addresses.signUp()}>
                {t('session.signUp')}
              </Anchor>
            </>
          )}
        </>
      )}
      <LanguageChoice />
    </DoorCard>
  );
}
