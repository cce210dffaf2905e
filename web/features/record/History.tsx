import { useQuery } from '@tanstack/react-query';
import type { BundleEntry, FhirResource } from 'fhir/r4';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { historyQuery } from '../../lib/chart-query.ts';
import { formatMoment } from '../../lib/dates.ts';
import { fieldsOf } from '../../lib/describe.ts';
import { differences } from '../../lib/difference.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './record.module.css';
import { fieldLabel, fieldWords } from './record-words.ts';

type Entry = BundleEntry<FhirResource>;

function Version({ entry, older }: { entry: Entry; older: Entry | undefined }) {
  const say = useSay();
  const { t, locale } = say;
  const resource = entry.resource;
  const words = fieldWords(say);
  const before = older?.resource;
  const changes = resource && before ? differences(fieldsOf(before, words), fieldsOf(resource, words)) : [];
  const version = resource?.meta?.versionId ?? /"(\d+)"/.exec(entry.response?.etag ?? '')?.[1] ?? '';
  const at = resource?.meta?.lastUpdated ?? entry.response?.lastModified;
  const what = !resource
    ? t('record.deleted')
    : !before
      ? t('record.created')
      : changes.length === 0
        ? t('record.noVisibleChange')
        : undefined;
  return (
    <li className={classes.version}>
      <div className={classes.versionHead}>
        {t('record.versionNumber', { version })} <span>{formatMoment(at, locale) ?? t('common.undated')}</span>
      </div>
      {what && <div>{what}</div>}
      <ul className={classes.changes}>
        {changes.map((change) => (
          <li key={change.name}>
            <span className={classes.changeLabel}>{fieldLabel(change.name, say)}</span>
            {change.before === undefined ? t('record.added') : <del>{change.before}</del>}{' '}
            {change.after === undefined ? t('record.removed') : <ins>{change.after}</ins>}
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Every version of a record, newest first, each with what it changed. */
export function History({ patientId, type, id }: { patientId: string; type: string; id: string }) {
  const { t } = useSay();
  const { api } = useTenant();
  const history = useQuery(historyQuery(api, patientId, type, id));
  if (history.isPending) return <LoadingLines lines={5} label={t('common.loading', { what: t('record.history') })} />;
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  const entries: readonly Entry[] = history.data.entry ?? [];
  return (
    <ol className={classes.changes}>
      {entries.map((entry, index) => (
        <Version
          key={entry.resource?.meta?.versionId ?? entry.response?.etag ?? String(index)}
          entry={entry}
          older={entries[index + 1]}
        />
      ))}
    </ol>
  );
}
