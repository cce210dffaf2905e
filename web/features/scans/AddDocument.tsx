import { Button, NativeSelect, Progress, Text } from '@mantine/core';
import { IconCamera, IconFileImport, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { MAX_FILE_BYTES, MAX_FILES, UPLOAD_SOURCES, UPLOAD_TYPES, type UploadSource } from '../../../schemas/uploads.ts';
import { DropPlace, FileChoice } from '../../components/DropPlace.tsx';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { faultOf, ScanStopped, sendMissing, sendScan, useRunningScan } from '../../lib/scan-uploads.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { scanKeys } from './queries.ts';
import classes from './scans.module.css';

const MEGABYTES = MAX_FILE_BYTES / 1024 / 1024;

/** Where scans are dropped, chosen or photographed. Several files become one document. */
export function AddDocument() {
  const say = useSay();
  const { t } = say;
  const { api, slug } = useTenant();
  const queries = useQueryClient();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [source, setSource] = useState<UploadSource>('upload');
  const [said, setSaid] = useState('');
  const [stopped, setStopped] = useState<string>();
  const [busy, setBusy] = useState(false);
  const running = useRunningScan();

  const add = (added: readonly File[], from?: UploadSource) => {
    const all = [...files, ...added];
    const fault = faultOf(all);
    if (fault) {
      setSaid(
        fault.kind === 'tooMany'
          ? t('scans.tooMany', { files: MAX_FILES })
          : t(`scans.${fault.kind}`, { name: fault.name, megabytes: MEGABYTES }),
      );
      return;
    }
    setSaid('');
    setFiles(all);
    if (from) setSource(from);
  };
  const send = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setSaid('');
    try {
      await work();
      setFiles([]);
      setStopped(undefined);
    } catch (error) {
      if (error instanceof ScanStopped) setStopped(error.upload);
      else {
        const words = errorWords(error as Error, say);
        setSaid(`${words.title} ${words.next}`);
      }
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: scanKeys.all(slug) });
    }
  };

  return (
    <DropPlace onFiles={add}>
      <div className={classes.addHead}>
        <div>
          <Text fw={600}>{t('scans.drop')}</Text>
          <Text c="dimmed" size="sm">
            {t('scans.dropHint', { megabytes: MEGABYTES })}
          </Text>
        </div>
        <div className={classes.addButtons}>
          <FileChoice label={t('scans.choose')} Icon={IconFileImport} accept={UPLOAD_TYPES.join(',')} multiple onFiles={add} />
          <FileChoice
            label={t('scans.camera')}
            Icon={IconCamera}
            accept="image/jpeg,image/png"
            camera
            onFiles={(taken) => add(taken, 'camera')}
          />
        </div>
      </div>
      {files.length > 0 && (
        <>
          <ol className={classes.chosen}>
            {files.map((file, at) => (
              <li key={`${file.name}-${String(at)}`}>
                <span>{file.name}</span>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="gray"
                  leftSection={<IconX size={14} aria-hidden />}
                  aria-label={`${t('scans.clear')}: ${file.name}`}
                  disabled={busy}
                  onClick={() => setFiles(files.filter((_, other) => other !== at))}
                >
                  {t('scans.clear')}
                </Button>
              </li>
            ))}
          </ol>
          <div className={classes.addButtons}>
            <NativeSelect
              aria-label={t('scans.source')}
              value={source}
              data={UPLOAD_SOURCES.map((value) => ({ value, label: t(`scans.sources.${value}`) }))}
              onChange={(event) => setSource(event.currentTarget.value as UploadSource)}
            />
            {stopped ? (
              <Button loading={busy} onClick={() => void send(() => sendMissing(api, stopped, files))}>
                {t('scans.goOn')}
              </Button>
            ) : (
              <Button loading={busy} onClick={() => void send(() => sendScan(api, files, source))}>
                {t('scans.send', { count: files.length })}
              </Button>
            )}
          </div>
        </>
      )}
      {running && running.tenant === slug && (
        <div role="status">
          <Text size="sm">{t('scans.sending', { file: running.file, files: running.files })}</Text>
          <Progress
            value={running.totalBytes === 0 ? 0 : (running.sentBytes / running.totalBytes) * 100}
            aria-label={t('scans.sending', { file: running.file, files: running.files })}
          />
        </div>
      )}
      {(said || stopped) && (
        <Text role="alert" c="red" size="sm">
          {said || t('scans.stopped')}
        </Text>
      )}
    </DropPlace>
  );
}
