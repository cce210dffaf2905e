import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useLocation, useMatches } from 'react-router';
import type { ProblemReport } from '../../schemas/reports.ts';
import { useSay } from '../i18n/index.ts';
import { createApi } from '../lib/api.ts';
import { kindOf, problemReport } from '../lib/problem-report.ts';
import { useSession } from '../lib/session.tsx';
import { VERSION } from '../version.ts';
import classes from './CrashScreen.module.css';
import { KeptDrafts } from './KeptDrafts.tsx';

/**
 * What is shown in place of a page, or of a panel, that broke while it was drawn: what happened, what is safe, what to do. What was typed is
 * in its drafts, and the address is unchanged. A report is sent only when the person asks for it, and they can read it first.
 */
export function CrashScreen({
  error,
  place,
  children,
}: {
  error: unknown;
  place: ProblemReport['place'];
  /** A way out beside loading the page again. */
  children?: ReactNode;
}) {
  const { t } = useSay();
  const lost = kindOf(error) === 'part-not-loaded';
  useEffect(() => console.error(error), [error]); // the browser's own console: nothing leaves this machine
  const Heading = place === 'page' ? 'h1' : 'h3';
  return (
    <div className={`${classes.crash} ${place === 'panel' ? classes.panel : ''}`} role="alert">
      <Heading className={classes.title}>
        <IconAlertTriangle size={20} aria-hidden className={classes.sign} />
        {t(lost ? 'crash.partTitle' : place === 'page' ? 'crash.pageTitle' : 'crash.panelTitle')}
      </Heading>
      <Text>{t(lost ? 'crash.partText' : 'crash.text')}</Text>
      <Group gap="xs">
        <Button onClick={() => window.location.reload()}>{t('errors.reload')}</Button>
        {children}
        {!lost && <SendReport error={error} place={place} />}
      </Group>
      <KeptDrafts />
    </div>
  );
}

/** The button that sends, and everything that it would send. */
export function SendReport({
  error,
  place,
  label,
}: {
  /** Undefined: nothing broke, and the person says that something is not right. */
  error: unknown;
  place: ProblemReport['place'];
  label?: string;
}) {
  const { t, language } = useSay();
  const session = useSession();
  const { pathname } = useLocation();
  const matches = useMatches();
  const [state, setState] = useState<'ready' | 'sending' | 'sent' | 'failed'>('ready');
  const [report] = useState(() =>
    problemReport(error, {
      place,
      version: VERSION,
      pathname,
      // Of every level: the one that broke knows its own only.
      params: Object.assign({}, ...matches.map((match) => match.params)) as Record<string, string | undefined>,
      userAgent: navigator.userAgent,
      language,
      nowIso: new Date().toISOString(),
    }),
  );
  const api = useMemo(
    () =>
      createApi('platform', { token: session.token, onSignedOut: () => undefined, fetch: (input, init) => fetch(input, init) }),
    [session.token],
  );
  if (session.state !== 'signed-in') return null;
  const send = () => {
    setState('sending');
    api.post('/reports', report).then(
      () => setState('sent'),
      () => setState('failed'),
    );
  };
  if (state === 'sent') return <Text role="status">{t('crash.sent')}</Text>;
  return (
    <>
      <Button variant="default" onClick={send} loading={state === 'sending'}>
        {label ?? t('crash.send')}
      </Button>
      {state === 'failed' && <Text role="status">{t('crash.notSent')}</Text>}
      <details>
        <summary className={classes.summary}>{t('crash.what')}</summary>
        <pre className={classes.sent}>{JSON.stringify(report, null, 2)}</pre>
      </details>
    </>
  );
}
