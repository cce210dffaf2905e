import { Button, Group, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ChangeOfState, type ListedClinic } from '../../../schemas/operator.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import classes from './operator.module.css';
import { useChangeState } from './queries.ts';

/** Asks for the reason before a clinic is suspended or opened again: its administrators are told. */
export function ChangeStateDialog({ clinic, onClose }: { clinic: ListedClinic | undefined; onClose: () => void }) {
  const { t } = useSay();
  return (
    <Dialog
      opened={clinic !== undefined}
      onClose={onClose}
      title={
        clinic &&
        t(clinic.status === 'active' ? 'operator.clinics.suspendTitle' : 'operator.clinics.reactivateTitle', {
          name: clinic.name,
        })
      }
    >
      {clinic && <ReasonForm key={clinic.slug} clinic={clinic} onClose={onClose} />}
    </Dialog>
  );
}

function ReasonForm({ clinic, onClose }: { clinic: ListedClinic; onClose: () => void }) {
  const say = useSay();
  const { t } = say;
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const change = useChangeState();
  const suspends = clinic.status === 'active';
  const valid = ChangeOfState.safeParse({ reason }).success;
  const failed = change.error && errorWords(change.error, say);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!valid) return;
    change.mutate(
      { clinic, reason: reason.trim() },
      {
        onSuccess: () => {
          tellDone(say, t(suspends ? 'operator.clinics.suspendedNow' : 'operator.clinics.reactivatedNow', { name: clinic.name }));
          onClose();
        },
      },
    );
  };

  return (
    <form onSubmit={submit} noValidate>
      <Text mb="sm">{t(suspends ? 'operator.clinics.suspendWhat' : 'operator.clinics.reactivateWhat')}</Text>
      <Textarea
        label={t('operator.clinics.reason')}
        description={t('operator.clinics.reasonHint')}
        required
        autosize
        minRows={2}
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={asked && !valid ? t('operator.clinics.reasonShort') : undefined}
        data-autofocus
      />
      {failed && (
        <Text className={classes.failed} role="alert">
          {failed.title} {failed.next}
        </Text>
      )}
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('operator.clinics.cancel')}
        </Button>
        <Button type="submit" color={suspends ? 'red' : undefined} loading={change.isPending}>
          {t(suspends ? 'operator.clinics.suspend' : 'operator.clinics.reactivate')}
        </Button>
      </Group>
    </form>
  );
}
