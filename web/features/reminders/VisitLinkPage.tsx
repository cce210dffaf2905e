import { Anchor, Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocation, useParams } from 'react-router';
import { visitTime } from '../../../schemas/reminder-messages.ts';
import type { VisitLinkView } from '../../../schemas/reminders.ts';
import { Brand } from '../../components/Brand.tsx';
import { LanguageChoice } from '../../components/LanguageChoice.tsx';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { isLanguageChosen, setLanguage, useSay } from '../../i18n/index.ts';
import { ApiError, createApi } from '../../lib/api.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import classes from './reminders.module.css';

const TOKEN = /^[A-Za-z0-9-]{36}\.[A-Za-z0-9_-]{20,100}$/;
const anonymous = (tenant: string) =>
  createApi(tenant, {
    token: async () => undefined,
    onSignedOut: () => undefined,
    fetch: (input, init) => fetch(input, init),
  });

/**
 * Where a patient answers a reminder, without an account. Opening it shows the visit and changes nothing; its buttons use the link up. The
 * secret is in the fragment, which the browser sends nowhere.
 */
export function VisitLinkPage() {
  const { t } = useSay();
  const { tenant = '' } = useParams();
  const token = useLocation().hash.slice(1);
  const isWhole = TOKEN.test(token);
  const link = useQuery({
    queryKey: ['visit-link', tenant, token],
    enabled: isWhole,
    queryFn: () => anonymous(tenant).post<VisitLinkView>('/visit-links/look', { token }),
    retry: false,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  usePageTitle(t('reminders.page.title'));
  const language = link.data?.language;
  useEffect(() => {
    // In the words of the message that brought them here, unless somebody has chosen others in this browser.
    if (language && !isLanguageChosen()) void setLanguage(language, false);
  }, [language]);
  const unknown = !isWhole || (link.error instanceof ApiError && link.error.status === 404);
  return (
    <main className={classes.screen}>
      <div className={classes.card}>
        <Brand />
        {unknown && (
          <>
            <h1 className={classes.day}>{t('reminders.page.unknown')}</h1>
            <Text>{t('reminders.page.unknownNext')}</Text>
          </>
        )}
        {isWhole && link.isPending && <LoadingLines lines={5} height={28} label={t('reminders.page.loading')} />}
        {link.isLoadingError && !unknown && <ErrorState error={link.error} onRetry={() => void link.refetch()} />}
        {link.data && <Visit tenant={tenant} token={token} view={link.data} />}
        <LanguageChoice />
      </div>
    </main>
  );
}

function Visit({ tenant, token, view }: { tenant: string; token: string; view: VisitLinkView }) {
  const { t, locale } = useSay();
  const { state, clinic, phone, start, timeZone } = view;
  const language = locale.tag.startsWith('es') ? 'es' : 'en';
  const { day, time } = visitTime({ startMs: Date.parse(start), timeZone, language });
  return (
    <>
      <div>
        <Text c="dimmed">{t('reminders.page.title')}</Text>
        <h1 className={classes.day}>{`${day}, ${time}`}</h1>
        <Text>{t('reminders.page.at', { clinic })}</Text>
      </div>
      {state === 'open' ? (
        <Question tenant={tenant} token={token} view={view} />
      ) : (
        <div role="status">
          <Text fw={600}>{t(`reminders.page.${state}`)}</Text>
          <Text>{t(`reminders.page.${state}Next`)}</Text>
        </div>
      )}
      {phone && (
        <Anchor href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`} className={classes.big}>
          {t('reminders.page.call', { phone })}
        </Anchor>
      )}
    </>
  );
}

function Question({ tenant, token, view }: { tenant: string; token: string; view: VisitLinkView }) {
  const say = useSay();
  const { t } = say;
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const queryKey = ['visit-link', tenant, token];
  const answer = useMutation({
    mutationFn: (verb: 'confirm' | 'cancel') => anonymous(tenant).post<VisitLinkView>(`/visit-links/${verb}`, { token }),
    onSuccess: (next) => queries.setQueryData(queryKey, next),
    // A refusal means that the visit is no longer what this page shows.
    onError: (error) => error instanceof ApiError && error.status === 409 && void queries.invalidateQueries({ queryKey }),
  });
  const words = answer.error && errorWords(answer.error, say);
  return (
    <>
      {view.confirmed && <Text role="status">{t('reminders.page.already')}</Text>}
      {words && (
        <Text role="alert" className={classes.attention}>
          {words.title} {words.next}
        </Text>
      )}
      {asks ? (
        <>
          <Text fw={600}>{t('reminders.page.sure')}</Text>
          <Button className={classes.big} color="red" loading={answer.isPending} onClick={() => answer.mutate('cancel')}>
            {t('reminders.page.reallyCancel')}
          </Button>
          <Button className={classes.big} variant="default" disabled={answer.isPending} onClick={() => setAsks(false)}>
            {t('reminders.page.keep')}
          </Button>
        </>
      ) : (
        <>
          {!view.confirmed && (
            <>
              <Text fw={600}>{t('reminders.page.question')}</Text>
              <Button className={classes.big} loading={answer.isPending} onClick={() => answer.mutate('confirm')}>
                {t('reminders.page.confirm')}
              </Button>
            </>
          )}
          <Button className={classes.big} variant="default" disabled={answer.isPending} onClick={() => setAsks(true)}>
            {t('reminders.page.cancel')}
          </Button>
        </>
      )}
    </>
  );
}
