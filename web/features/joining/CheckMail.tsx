import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { DoorCard } from '../../components/DoorCard.tsx';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';
import classes from './joining.module.css';

/** Where the link went, what is needed next, and what to do when no mail comes. */
export function CheckMail({
  email,
  hours,
  onChange,
  again,
}: {
  email: string;
  hours: number;
  onChange: () => void;
  again: () => Promise<unknown>;
}) {
  const say = useSay();
  const { t } = say;
  const title = useRef<HTMLHeadingElement>(null);
  const resend = useMutation({ mutationFn: again });
  useEffect(() => title.current?.focus(), []);
  const words = resend.error && errorWords(resend.error, say);
  const tooOften = resend.error instanceof ApiError && resend.error.status === 429;
  return (
    <DoorCard wide>
      <h1 ref={title} tabIndex={-1}>
        {t('people.signUp.sentTitle')}
      </h1>
      <Text>{t('people.signUp.sent', { email, hours })}</Text>
      <Text>{t('people.signUp.phone')}</Text>
      <div>
        <Text fw={600}>{t('people.signUp.noMail')}</Text>
        <ul className={classes.list}>
          <li>{t('people.signUp.noMailSpam')}</li>
          <li>{t('people.signUp.noMailAddress', { email })}</li>
        </ul>
      </div>
      {resend.isSuccess && (
        <Text className={classes.done} role="status">
          {t('people.signUp.againDone')}
        </Text>
      )}
      {words && (
        <Text className={classes.notice} role="alert">
          {tooOften ? t('people.signUp.tooOften') : `${words.title} ${words.next}`}
        </Text>
      )}
      <div className={classes.row}>
        <Button variant="default" onClick={() => resend.mutate()} loading={resend.isPending}>
          {t('people.signUp.again')}
        </Button>
        <Button variant="default" onClick={onChange}>
          {t('people.signUp.change')}
        </Button>
      </div>
    </DoorCard>
  );
}
