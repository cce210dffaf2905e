import { IconChevronRight } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { hasMore } from '../../lib/chart-query.ts';
import { isAdult, summarisePatient } from '../../lib/patient-summary.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useOwnChart } from './own-chart.ts';
import { BackLink, PageTitle, Quiet } from './parts.tsx';
import { isRecordKind, type PlainLine, plainLines, RECORD_KINDS } from './plain-lines.ts';
import classes from './portal.module.css';

/** Which kinds of records there are, each with how many. */
export function RecordsPage() {
  const say = useSay();
  const { t } = say;
  const { slug } = useTenant();
  const chart = useOwnChart();
  return (
    <>
      <PageTitle>{t('portal.records.title')}</PageTitle>
      <Quiet>{t('portal.records.intro')}</Quiet>
      {chart.isLoadingError && <ErrorState error={chart.error} onRetry={() => void chart.refetch()} />}
      <ul className={classes.list}>
        {RECORD_KINDS.map((kind) => {
          const count = chart.data && plainLines(chart.data, kind, say, false).length;
          return (
            <li key={kind}>
              <Link to={addresses.portal(slug, `records/${kind}`)} className={classes.row}>
                <span>
                  <strong>{t(`portal.records.kinds.${kind}`)}</strong>
                  <br />
                  <span className={classes.quiet}>{count === undefined ? ' ' : t('portal.records.count', { count })}</span>
                </span>
                <IconChevronRight size={20} aria-hidden />
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** One kind of records. */
export function RecordKindPage() {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  const { kind: name } = useParams();
  const chart = useOwnChart();
  const kind = isRecordKind(name) ? name : 'results';
  const adult = chart.data ? isAdult(summarisePatient(chart.data.patient, Date.now(), locale.timeZone).age) : false;
  const lines = chart.data ? plainLines(chart.data, kind, say, adult) : [];
  const [now, over] = [lines.filter(({ current }) => current), lines.filter(({ current }) => !current)];
  const isCut = chart.data && (kind === 'results' || kind === 'vitals') && hasMore(chart.data, 'Observation');
  return (
    <>
      <BackLink to={addresses.portal(slug, 'records')} />
      <PageTitle>{t(`portal.records.kinds.${kind}`)}</PageTitle>
      {chart.isPending && <LoadingLines lines={6} height={48} label={t('portal.frame.opening')} />}
      {chart.isLoadingError && <ErrorState error={chart.error} onRetry={() => void chart.refetch()} />}
      {chart.data && lines.length === 0 && <Quiet>{t(`portal.records.none.${kind}`)}</Quiet>}
      <Lines lines={now} />
      {over.length > 0 && <h2 className={classes.heading}>{t('portal.records.over')}</h2>}
      <Lines lines={over} />
      {isCut && <Quiet>{t('portal.records.older')}</Quiet>}
    </>
  );
}

function Lines({ lines }: { lines: readonly PlainLine[] }) {
  const { t } = useSay();
  return (
    <ul className={classes.list}>
      {lines.map(({ id, title, value, standing, range, details }) => (
        <li key={id} className={classes.item}>
          <strong>{title}</strong>
          {value && <span className={classes.value}>{value}</span>}
          {standing && (
            <span className={standing.startsWith('critical') ? classes.far : standing === 'within' ? undefined : classes.outside}>
              {t(`portal.records.standing.${standing}`)}
            </span>
          )}
          {range && <span className={classes.quiet}>{t('portal.records.usual', { range })}</span>}
          {details.length > 0 && <span className={classes.quiet}>{details.join(' · ')}</span>}
        </li>
      ))}
    </ul>
  );
}
