import { Alert, Button, Progress, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EmptyState, ErrorState, errorWords, LoadingLines } from '../../../components/states.tsx';
import { useSay } from '../../../i18n/index.ts';
import { usePageTitle } from '../../../lib/page-title.ts';
import { useTenant } from '../../../lib/tenant.tsx';
import { importFiles, isFhirFile, isTable, UploadStopped, useRunningUpload } from '../../../lib/uploads.ts';
import { CsvImport } from './CsvImport.tsx';
import { DropZone } from './DropZone.tsx';
import { ImportCard } from './ImportCard.tsx';
import classes from './import.module.css';
import { importsQuery, useRefreshImports } from './queries.ts';

/** "Old clinic" as the URI that is kept with every record. */
export const sourceUri = (name: string): string => {
  const typed = name.trim();
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(typed)) return typed;
  const slug = typed
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return slug ? `urn:tessera:import:${encodeURIComponent(slug)}` : 'urn:tessera:import';
};

/** Records from elsewhere: files in, progress, what was refused and why, and back out again. */
export function ImportPage() {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [table, setTable] = useState<File>();
  const [source, setSource] = useState('');
  const [unfit, setUnfit] = useState<readonly string[]>([]);
  const upload = useRunningUpload();
  const refresh = useRefreshImports(api);
  const imports = useQuery(importsQuery(api));
  usePageTitle(t('settingsPages.sections.import'));

  const begin = useMutation({
    mutationFn: (chosen: { files: readonly File[]; source: string }) => importFiles(api, sourceUri(chosen.source), chosen.files),
    onSuccess: () => {
      setFiles([]);
      setTable(undefined);
    },
    onSettled: refresh,
  });
  const take = (chosen: readonly File[]) => {
    if (chosen.length === 0) return;
    begin.reset();
    setUnfit(chosen.filter(({ name }) => !isFhirFile(name) && !isTable(name)).map(({ name }) => name));
    setTable(chosen.find(({ name }) => isTable(name)));
    setFiles(chosen.filter(({ name }) => isFhirFile(name)));
  };

  return (
    <div className={classes.page}>
      <h1>{t('settingsPages.sections.import')}</h1>
      {!table && <DropZone onFiles={take} />}
      {unfit.length > 0 && (
        <Alert color="red" variant="light" role="alert">
          {t('imports.unfit', { names: unfit.join(', ') })}
        </Alert>
      )}
      {table && (
        <CsvImport
          key={`${table.name}-${table.size}-${table.lastModified}`}
          file={table}
          busy={begin.isPending}
          onCancel={() => setTable(undefined)}
          onImport={(file, from) => begin.mutate({ files: [file], source: from })}
        />
      )}
      {files.length > 0 && (
        <form
          className={classes.begin}
          onSubmit={(event) => {
            event.preventDefault();
            begin.mutate({ files, source });
          }}
        >
          <ul className={classes.files}>
            {files.map((file) => (
              <li key={file.name}>
                {file.name}{' '}
                <Text span c="dimmed">
                  {sizeText(file.size, say.locale.tag)}
                </Text>
              </li>
            ))}
          </ul>
          <TextInput
            label={t('imports.source')}
            description={t('imports.sourceHint')}
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          <Button type="submit" loading={begin.isPending}>
            {t('imports.begin', { count: files.length })}
          </Button>
        </form>
      )}
      {upload?.tenant === api.tenant && (
        <div role="status" className={classes.uploading}>
          <Text>{t('imports.uploading', { name: upload.name })}</Text>
          <Progress
            value={upload.totalBytes ? (100 * upload.sentBytes) / upload.totalBytes : 100}
            aria-label={t('imports.uploading', { name: upload.name })}
          />
        </div>
      )}
      {begin.isError && (
        <Alert color="red" variant="light" role="alert">
          {begin.error instanceof UploadStopped
            ? t('imports.uploadStopped', { name: begin.error.file })
            : Object.values(errorWords(begin.error, say))
                .filter((words) => typeof words === 'string')
                .join(' ')}
        </Alert>
      )}
      <section aria-label={t('imports.list')}>
        <h2 className={classes.heading}>{t('imports.list')}</h2>
        {imports.isPending && <LoadingLines lines={4} height={40} label={t('common.loading', { what: t('imports.list') })} />}
        {imports.isLoadingError && <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />}
        {imports.data?.length === 0 && <EmptyState title={t('imports.none')} />}
        {imports.data?.map((status, index) => (
          <ImportCard key={status.id} status={status} opened={index === 0} />
        ))}
      </section>
    </div>
  );
}

const sizeText = (bytes: number, tag: string): string =>
  bytes < 1_000_000
    ? `${new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }).format(Math.max(1, bytes / 1_000))} kB`
    : `${new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }).format(bytes / 1_000_000)} MB`;
