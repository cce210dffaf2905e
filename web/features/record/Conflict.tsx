import { Button, Radio, Text } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import classes from './record.module.css';

/** A field on which two versions differ, in words. */
export interface Contested {
  readonly name: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

interface ConflictProps {
  fields: readonly Contested[];
  theirsAt: string | undefined;
  saving: boolean;
  /** Saves with, for each field by name, whose value is to stand. */
  onSave: (choice: Readonly<Record<string, 'mine' | 'theirs'>>) => void;
  onTakeTheirs: () => void;
}

/** Somebody else saved meanwhile: both versions side by side, and a choice for each field. Nothing is chosen silently. */
export function Conflict({ fields, theirsAt, saving, onSave, onTakeTheirs }: ConflictProps) {
  const { t, locale } = useSay();
  const [choice, setChoice] = useState<Readonly<Record<string, 'mine' | 'theirs'>>>({});
  const undecided = fields.filter((field) => !choice[field.name]);
  return (
    <section className={classes.conflict} aria-label={t('conflict.title')}>
      <div role="alert">
        <Text fw={600}>{t('conflict.title')}</Text>
        <Text c="dimmed">{t('conflict.text', { at: formatMoment(theirsAt, locale) ?? t('common.undated') })}</Text>
      </div>
      {fields.length === 0 && <Text>{t('conflict.same')}</Text>}
      {fields.map((field) => (
        <Radio.Group
          key={field.name}
          label={field.label}
          value={choice[field.name] ?? ''}
          onChange={(value) => setChoice({ ...choice, [field.name]: value as 'mine' | 'theirs' })}
        >
          <div className={classes.sides}>
            <Radio value="mine" label={field.mine || t('common.notRecorded')} description={t('conflict.mine')} />
            <Radio value="theirs" label={field.theirs || t('common.notRecorded')} description={t('conflict.theirs')} />
          </div>
        </Radio.Group>
      ))}
      <div className={classes.buttons}>
        <Button type="button" disabled={undecided.length > 0} loading={saving} onClick={() => onSave(choice)}>
          {t('conflict.save')}
        </Button>
        <Button type="button" variant="default" onClick={onTakeTheirs}>
          {t('conflict.takeTheirs')}
        </Button>
      </div>
    </section>
  );
}
