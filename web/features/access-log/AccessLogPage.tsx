import { useEffect } from 'react';
import { useSay } from '../../i18n/index.ts';
import { AccessLog } from './AccessLog.tsx';

/** Settings > Access log: the whole clinic, by day and person, with refusals and what was done to people. */
export function AccessLogPage() {
  const { t } = useSay();
  useEffect(() => {
    document.title = `${t('accessLog.title')} · Tessera`;
  }, [t]);
  return (
    <>
      <h1>{t('accessLog.title')}</h1>
      <AccessLog />
    </>
  );
}
