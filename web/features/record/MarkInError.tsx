import { Button, Text, TextInput } from '@mantine/core';
import type { AllergyIntolerance, Observation } from 'fhir/r4';
import { type FormEvent, useState } from 'react';
import { SaveError } from '../../components/FormParts.tsx';
import form from '../../components/form.module.css';
import { useSay } from '../../i18n/index.ts';
import { ApiError, type Kept } from '../../lib/api.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDraft } from '../../lib/use-draft.ts';
import { allergyInError } from './allergy-form.ts';
import { observationInError } from './blood-pressure-form.ts';
import classes from './record.module.css';
import { useSave } from './use-save.tsx';

type Markable = AllergyIntolerance | Observation;

/** Takes a record back: it stays in the chart, struck through, with the reason. */
export function MarkInError({
  patientId,
  resource,
  onClose,
}: {
  patientId: string;
  resource: Kept<Markable>;
  onClose: () => void;
}) {
  const { t } = useSay();
  const { owner } = useTenant();
  const draft = useDraft({ ...owner, patient: patientId, form: `in-error:${resource.id}` }, () => ({ reason: '' }));
  const [missing, setMissing] = useState(false);
  const save = useSave<Markable>(patientId);
  const { reason } = draft.value;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    const note = { text: t('inError.note', { reason: reason.trim() }), time: new Date().toISOString() };
    const marked: Kept<Markable> =
      resource.resourceType === 'AllergyIntolerance' ? allergyInError(resource, note) : observationInError(resource, note);
    save.mutate(
      { resource: marked, done: t('inError.done'), undo: (written) => ({ ...resource, meta: written.meta }) },
      {
        onSuccess: () => {
          draft.drop();
          onClose();
        },
      },
    );
  };

  return (
    <form className={classes.conflict} onSubmit={submit} noValidate>
      <Text fw={600}>{t('inError.title')}</Text>
      <Text c="dimmed">{t('inError.text')}</Text>
      {save.isError &&
        (save.error instanceof ApiError && save.error.status === 412 ? (
          <Text className={form.warning} role="alert">
            {t('inError.changed')}
          </Text>
        ) : (
          <SaveError error={save.error} />
        ))}
      <TextInput
        label={t('inError.reason')}
        required
        value={reason}
        onChange={(event) => draft.change({ reason: event.currentTarget.value })}
        error={missing && reason.trim() === '' ? t('inError.reasonMissing') : undefined}
        autoFocus
      />
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending}>
          {t('record.markInError')}
        </Button>
        <Button type="button" variant="default" onClick={onClose}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  );
}
