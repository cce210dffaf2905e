import { Button, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { StaffEntry, StaffRole } from '../../../schemas/people.ts';
import { Dialog as DialogFrame } from '../../components/Dialog.tsx';
import { refusalWords } from '../../components/notices.tsx';
import { useSay } from '../../i18n/index.ts';
import { RoleBoxes } from './RoleBoxes.tsx';
import classes from './staff.module.css';

interface DialogProps {
  readonly entry: StaffEntry;
  readonly error: Error | null;
  readonly pending: boolean;
  readonly onClose: () => void;
}

const nameOf = ({ name, email }: StaffEntry): string => name ?? email ?? '';

function Dialog({
  title,
  button,
  color,
  onSubmit,
  error,
  pending,
  onClose,
  children,
}: Omit<DialogProps, 'entry'> & { title: string; button: string; color?: string; onSubmit: () => void; children: ReactNode }) {
  const say = useSay();
  const { t } = say;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <DialogFrame onClose={onClose} title={title}>
      <form className={classes.form} onSubmit={submit} noValidate>
        {children}
        {error && (
          <Text className={classes.notice} role="alert">
            {refusalWords(say, error)}
          </Text>
        )}
        <div className={classes.row}>
          <Button type="submit" loading={pending} {...(color && { color })}>
            {button}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('people.staff.cancel')}
          </Button>
        </div>
      </form>
    </DialogFrame>
  );
}

export function RolesDialog({ entry, onSave, ...rest }: DialogProps & { onSave: (roles: StaffRole[]) => void }) {
  const { t } = useSay();
  const [roles, setRoles] = useState<StaffRole[]>([...entry.roles]);
  const [fault, setFault] = useState<string>();
  return (
    <Dialog
      {...rest}
      title={t('people.staff.rolesOf', { name: nameOf(entry) })}
      button={t('people.staff.save')}
      onSubmit={() => (roles.length > 0 ? onSave(roles) : setFault(t('people.staff.faults.roles')))}
    >
      <RoleBoxes value={roles} onChange={setRoles} error={fault} />
      {entry.state === 'active' && <Text c="dimmed">{t('people.staff.rolesWhen')}</Text>}
    </Dialog>
  );
}

/** A sign-out cannot be undone: so it asks why. */
export function DisableDialog({ entry, onDisable, ...rest }: DialogProps & { onDisable: (reason: string) => void }) {
  const { t } = useSay();
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string>();
  return (
    <Dialog
      {...rest}
      title={t('people.staff.disableTitle', { name: nameOf(entry) })}
      button={t('people.staff.disable')}
      color="red"
      onSubmit={() => (reason.trim().length >= 3 ? onDisable(reason.trim()) : setFault(t('people.staff.faults.reason')))}
    >
      <Text>{t('people.staff.disableWhat')}</Text>
      <TextInput
        label={t('people.staff.reason')}
        description={t('people.staff.reasonHint')}
        value={reason}
        error={fault}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
    </Dialog>
  );
}

export function ResetFactorDialog({ entry, onReset, ...rest }: DialogProps & { onReset: () => void }) {
  const { t } = useSay();
  return (
    <Dialog
      {...rest}
      title={t('people.staff.resetTitle', { name: nameOf(entry) })}
      button={t('people.staff.resetConfirm')}
      onSubmit={onReset}
    >
      <Text>{t('people.staff.resetWhat')}</Text>
    </Dialog>
  );
}
