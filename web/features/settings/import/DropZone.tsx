import { Button, Text } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useSay } from '../../../i18n/index.ts';
import classes from './import.module.css';

/** Where files are dropped, or chosen by keyboard. */
export function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useSay();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button below does the same by keyboard
    <div
      className={classes.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileImport size={28} aria-hidden />
      <Text fw={600}>{t('imports.drop')}</Text>
      <Text c="dimmed" size="sm">
        {t('imports.dropHint')}
      </Text>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('imports.choose')}
        accept=".json,.ndjson,.gz,.csv,.tsv,.txt"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = ''; // the same file can be chosen again
        }}
      />
      <Button variant="default" onClick={() => input.current?.click()}>
        {t('imports.choose')}
      </Button>
    </div>
  );
}
