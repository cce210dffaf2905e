import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSay } from '../i18n/index.ts';
import classes from './form.module.css';
import { errorWords } from './states.tsx';

/** What keeps the form from being saved, each with a way to its field. It takes the focus when it appears. */
export function FaultList({ faults }: { faults: readonly { field: string; text: string }[] }) {
  const { t } = useSay();
  const box = useRef<HTMLDivElement>(null);
  const many = faults.length;
  useEffect(() => {
    if (many > 0) document.getElementById(faultsField(box.current))?.focus();
  }, [many]);
  if (many === 0) return null;
  return (
    <div ref={box} className={classes.faults} role="alert" data-first={faults[0]?.field}>
      <strong>{t('form.faults', { count: many })}</strong>
      <ul>
        {faults.map((fault) => (
          <li key={fault.field}>
            <Anchor href={`#${fault.field}`}>{fault.text}</Anchor>
          </li>
        ))}
      </ul>
    </div>
  );
}
const faultsField = (box: HTMLElement | null): string => box?.dataset.first ?? '';

export function RestoredNote({ onStartOver }: { onStartOver: () => void }) {
  const { t } = useSay();
  return (
    <div className={classes.restored} role="status">
      <span>{t('form.restored')}</span>
      <Button size="compact-sm" variant="subtle" onClick={onStartOver}>
        {t('form.startOver')}
      </Button>
    </div>
  );
}

/** Why the last attempt failed, and that nothing typed is lost. */
export function SaveError({ error }: { error: Error }) {
  const say = useSay();
  const words = errorWords(error, say);
  return (
    <Alert color="red" variant="light" title={words.title} role="alert">
      <Text>{words.next}</Text>
      <Text>{say.t('form.typedIsSafe')}</Text>
    </Alert>
  );
}

export function FormFoot({
  saving,
  onCancel,
  save,
  children,
}: {
  saving: boolean;
  onCancel: () => void;
  /** What the button says; "Save to chart" without it. */
  save?: string;
  children?: ReactNode;
}) {
  const { t } = useSay();
  return (
    <Group className={classes.foot} gap="xs">
      <Button type="submit" loading={saving}>
        {save ?? t('form.save')}
      </Button>
      <Button variant="default" onClick={onCancel}>
        {t('form.close')}
      </Button>
      {children}
      <Text c="dimmed" size="xs" className={classes.kept}>
        {t('form.keptAsTyped')}
      </Text>
    </Group>
  );
}
