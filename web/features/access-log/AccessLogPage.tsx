import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { AccessLog } from './AccessLog.tsx';

/** Settings > Access log: the whole clinic, by day and person, with refusals and what was done to people. */
export function AccessLogPage() {
  const { t } = useSay();
  usePageTitle(t('accessLog.title'));
  return (
    <>
      <h1>{t('accessLog.title')}</h1>
      <AccessLog />
    </>
  );
}
