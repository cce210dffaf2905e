import { Button, NativeSelect, SegmentedControl, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { UPLOAD_SOURCES, UPLOAD_STATES, type UploadStatus } from '../../../schemas/uploads.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { issuesOf } from '../../lib/api.ts';
import { formatMoment } from '../../lib/dates.ts';
import { howLong } from '../../lib/how-long.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { usePatients } from '../../lib/patient-search.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { sendMissing } from '../../lib/scan-uploads.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { AddDocument } from './AddDocument.tsx';
import { boardQuery, scanKeys } from './queries.ts';
import classes from './scans.module.css';

const OPEN_STATES = UPLOAD_STATES.filter((state) => state !== 'filed' && state !== 'discarded');

/** The filing board: what waits, the oldest first, and what was filed. */
export function DocumentsPage() {
  const say = useSay();
  const { t } = say;
  const { api, may } = useTenant();
  const [query, setQuery] = useSearchParams();
  const settled = query.get('list') === 'filed';
  const [source, state] = [query.get('source') ?? '', query.get('state') ?? ''];
  const board = useQuery(boardQuery(api, settled));
  const waiting = useQuery(boardQuery(api, false));
  usePageTitle(t('scans.title'));
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value) next.set(name, value);
    else next.delete(name);
    setQuery(next, { replace: true });
  };
  const uploads = board.data?.uploads ?? [];
  const waitingCount = waiting.data?.uploads.length ?? 0;
  const shown = uploads.filter((one) => (!source || one.source === source) && (settled || !state || one.state === state));
  const ids = [...new Set(uploads.flatMap((one) => one.filing?.patient ?? one.suggestion?.patient?.id ?? []))];
  const patients = usePatients(api, ids);
  const nameOf = (id: string | undefined): string | undefined => {
    const found = patients.data?.find((patient) => patient.id === id);
    return found && summarisePatient(found, Date.now(), say.locale.timeZone).name;
  };

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('scans.title')}</h1>
      <Text c="dimmed">{t('scans.intro')}</Text>
      {may('Scan', 'create') && <AddDocument />}
      <div className={classes.filters}>
        <SegmentedControl
          aria-label={t('scans.show')}
          value={settled ? 'filed' : 'waiting'}
          data={[
            {
              value: 'waiting',
              label: t(waiting.data?.more ? 'scans.waitingMore' : 'scans.waiting', { count: waitingCount }),
            },
            { value: 'filed', label: t('scans.settled') },
          ]}
          onChange={(value) => set('list', value === 'filed' ? 'filed' : '')}
        />
        <NativeSelect
          label={t('scans.source')}
          value={source}
          data={[
            { value: '', label: t('scans.all') },
            ...UPLOAD_SOURCES.map((value) => ({ value, label: t(`scans.sources.${value}`) })),
          ]}
          onChange={(event) => set('source', event.currentTarget.value)}
        />
        {!settled && (
          <NativeSelect
            label={t('scans.state')}
            value={state}
            data={[
              { value: '', label: t('scans.all') },
              ...OPEN_STATES.map((value) => ({ value, label: t(`scans.states.${value}`) })),
            ]}
            onChange={(event) => set('state', event.currentTarget.value)}
          />
        )}
      </div>
      {board.isPending && <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('scans.title') })} />}
      {board.isLoadingError && <ErrorState error={board.error} onRetry={() => void board.refetch()} />}
      {board.data && shown.length === 0 && (
        <EmptyState title={t(uploads.length > 0 ? 'scans.noneShown' : settled ? 'scans.noneSettled' : 'scans.none')} />
      )}
      {shown.length > 0 && <Board uploads={shown} nameOf={nameOf} settled={settled} />}
      {board.data?.more && (
        <Text c="dimmed">{t(settled ? 'scans.newestShown' : 'scans.oldestShown', { count: uploads.length })}</Text>
      )}
    </div>
  );
}

function Board({
  uploads,
  nameOf,
  settled,
}: {
  uploads: readonly UploadStatus[];
  nameOf: (id: string | undefined) => string | undefined;
  settled: boolean;
}) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  return (
    <Table className={tables.cards} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {(['document', 'state', 'came', settled ? 'from' : 'age'] as const).map((head) => (
            <Table.Th key={head} scope="col">
              {t(`scans.${head}`)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {uploads.map((upload) => (
          <Table.Tr key={upload.id}>
            <Table.Th scope="row" className={classes.name}>
              <Link to={addresses.documents(slug, upload.id)} className={classes.link}>
                {titleOf(upload, say)}
              </Link>
              <Text size="sm" c="dimmed" component="div">
                {nameOf(upload.filing?.patient ?? upload.suggestion?.patient?.id) ??
                  (upload.state === 'to-file' ? t('scans.patientUnsure') : '')}
                {upload.pages && ` · ${t('scans.pages', { count: upload.pages.length })}`}
              </Text>
              {upload.state === 'receiving' && <Missing upload={upload} />}
            </Table.Th>
            <Table.Td data-column={t('scans.state')}>
              <span className={upload.state === 'refused' ? classes.refused : undefined}>
                {t(`scans.states.${upload.state}`)}
              </span>
              {upload.outcome?.issue[0]?.details?.text && (
                <Text size="sm" component="div">
                  {reasonOf(upload, say)}
                </Text>
              )}
            </Table.Td>
            <Table.Td data-column={t('scans.came')}>
              {t(`scans.sources.${upload.source}`)}
              <Text size="sm" c="dimmed" component="div">
                {formatMoment(upload.created, locale)}
              </Text>
            </Table.Td>
            <Table.Td data-column={t(settled ? 'scans.from' : 'scans.age')}>
              {settled
                ? (upload.filing?.by ?? upload.by ?? '')
                : (howLong(Date.now() - Date.parse(upload.created), locale) ?? t('scans.ageNow'))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** After a reload the tab has the files no more: the same ones again go on with it. */
function Missing({ upload }: { upload: UploadStatus }) {
  const { t } = useSay();
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const missing = upload.files.some(({ checked }) => !checked);
  if (!missing || Date.now() - Date.parse(upload.created) < 20_000) return null;
  const go = async (files: readonly File[]) => {
    setWrong(!(await sendMissing(api, upload.id, files).catch(() => true)));
    await queries.invalidateQueries({ queryKey: scanKeys.all(slug) });
  };
  return (
    <div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('scans.chooseMissing')}
        onChange={(event) => void go([...(event.currentTarget.files ?? [])])}
      />
      <Button size="compact-sm" variant="default" onClick={() => input.current?.click()}>
        {t('scans.chooseMissing')}
      </Button>
      <Text size="sm" c={wrong ? 'red' : 'dimmed'} role={wrong ? 'alert' : undefined}>
        {t(wrong ? 'scans.notTheSame' : 'scans.missing')}
      </Text>
    </div>
  );
}

export const titleOf = (upload: UploadStatus, { t }: Say): string => {
  const code = upload.filing?.type ?? upload.suggestion?.type?.code;
  return code ? t(`scans.types.${code}`) : t('scans.unnamed');
};

/** Why it was refused, in the reader's language where the text has a name. */
export const reasonOf = ({ outcome }: UploadStatus, { fault }: Say): string =>
  issuesOf(outcome)
    .map((issue) => fault(issue))
    .join(' ');
