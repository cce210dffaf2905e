import { Anchor, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { DoorCard } from '../../components/DoorCard.tsx';
import { LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { useSession } from '../../lib/session.tsx';

/** The way back from the sign-in page: exchanges the code once and goes where the person was. */
export function CallbackPage() {
  const { t } = useSay();
  const session = useSession();
  const navigate = useNavigate();
  const [failed, setFailed] = useState(false);
  const once = useRef(false);

  useEffect(() => {
    if (once.current || session.state === 'starting' || session.state === 'unreachable') return;
    once.current = true; // a code is good for one exchange
    session.finish().then(
      (returnTo) => navigate(returnTo, { replace: true }),
      () => setFailed(true),
    );
  }, [session, navigate]);

  return (
    <DoorCard>
      {failed || session.state === 'unreachable' ? (
        <>
          <Text role="alert">{t('session.callbackFailed')}</Text>
          <Anchor href="/">{t('session.backToStart')}</Anchor>
        </>
      ) : (
        <LoadingLines lines={3} label={t('session.finishing')} />
      )}
    </DoorCard>
  );
}
