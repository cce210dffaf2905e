import { useQuery } from '@tanstack/react-query';
import type { BundleEntry, FhirResource, Provenance } from 'fhir/r4';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { authorsQuery, historyQuery } from '../../lib/chart-query.ts';
import { formatMoment } from '../../lib/dates.ts';
import { fieldsOf } from '../../lib/describe.ts';
import { differences } from '../../lib/difference.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './record.module.css';
import { fieldLabel, fieldWords } from './record-words.ts';

type Entry = BundleEntry<FhirResource>;

/** "by Jonas Keller", or who brought a version in from elsewhere; undefined when the record of it does not say. */
function authorText(provenance: Provenance | undefined, { t }: Say): string | undefined {
  const [agent] = provenance?.agent ?? [];
  const name = agent?.who.display;
  if (!name) return undefined;
  return agent.type?.coding?.[0]?.code === 'author' ? t('record.writtenBy', { name }) : t('record.broughtInBy', { name });
}

function Version({
  entry,
  older,
  authors,
}: {
  entry: Entry;
  older: Entry | undefined;
  authors: ReadonlyMap<string, Provenance> | undefined;
}) {
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
        {t('record.versionNumber', { version })} <span>{formatMoment(at, locale) ?? t('common.undated')}</span>{' '}
        <span>{authorText(authors?.get(version), say)}</span>
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
  const { api, may } = useTenant();
  const authors = useQuery({ ...authorsQuery(api, patientId, type, id), enabled: may('Provenance', 'search') });
  const history = useQuery(historyQuery(api, patientId, type, id));
  if (history.isPending) return <LoadingLines lines={5} label={t('common.loading', { what: t('record.history') })} />;
  if (history.isLoadingError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  const entries: readonly Entry[] = history.data.entry ?? [];
  return (
    <ol className={classes.changes}>
      {entries.map((entry, index) => (
        <Version
          key={entry.resource?.meta?.versionId ?? entry.response?.etag ?? String(index)}
          entry={entry}
          older={entries[index + 1]}
          authors={authors.data}
        />
      ))}
    </ol>
  );
}
