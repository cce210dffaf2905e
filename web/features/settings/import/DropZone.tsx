import { Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { DropPlace, FileChoice } from '../../../components/DropPlace.tsx';
import { useSay } from '../../../i18n/index.ts';
import classes from './import.module.css';

/** Where another system's files are dropped, or chosen. */
export function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useSay();
  return (
    <DropPlace onFiles={onFiles}>
      <div className={classes.drop}>
        <IconFileImport size={28} aria-hidden />
        <Text fw={600}>{t('imports.drop')}</Text>
        <Text c="dimmed" size="sm">
          {t('imports.dropHint')}
        </Text>
        <FileChoice
          label={t('imports.choose')}
          Icon={IconFileImport}
          accept=".json,.ndjson,.gz,.csv,.tsv,.txt"
          multiple
          onFiles={onFiles}
        />
      </div>
    </DropPlace>
  );
}
