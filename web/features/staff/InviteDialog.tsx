import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { InviteOperator, InviteStaff, type StaffRole } from '../../../schemas/people.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { refusalWords } from '../../components/notices.tsx';
import { useSay } from '../../i18n/index.ts';
import { RoleBoxes } from './RoleBoxes.tsx';
import classes from './staff.module.css';

export interface Invited {
  readonly name: string;
  readonly email: string;
  readonly language: 'en' | 'es';
  readonly roles: StaffRole[];
}

/** Who is invited, in which roles, in which language. What was typed stays when it is refused. */
export function InviteDialog({
  title,
  withRoles,
  error,
  pending,
  onInvite,
  onClose,
}: {
  title: string;
  withRoles: boolean;
  error: Error | null;
  pending: boolean;
  onInvite: (invited: Invited) => void;
  onClose: () => void;
}) {
  const say = useSay();
  const { t, language } = say;
  const [typed, setTyped] = useState<Invited>({ name: '', email: '', language: language === 'es' ? 'es' : 'en', roles: [] });
  const [faults, setFaults] = useState<Partial<Record<'name' | 'email' | 'roles', string>>>({});
  const change = (more: Partial<Invited>) => {
    setTyped({ ...typed, ...more });
    setFaults({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { roles, ...person } = typed;
    const parsed = withRoles ? InviteStaff.safeParse(typed) : InviteOperator.safeParse(person);
    const wrong: typeof faults = {};
    for (const { path } of parsed.error?.issues ?? []) {
      const field = path[0] as 'name' | 'email' | 'roles';
      wrong[field] = t(`people.staff.faults.${field}`);
    }
    setFaults(wrong);
    if (parsed.success) onInvite(typed);
  };
  return (
    <Dialog onClose={onClose} title={title}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Text c="dimmed">{t('people.staff.inviteHint')}</Text>
        <TextInput
          label={t('people.staff.name')}
          value={typed.name}
          error={faults.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          data-autofocus
          autoComplete="off"
        />
        <TextInput
          label={t('people.staff.email')}
          type="email"
          value={typed.email}
          error={faults.email}
          onChange={(event) => change({ email: event.currentTarget.value })}
          autoComplete="off"
        />
        {withRoles && <RoleBoxes value={typed.roles} onChange={(roles) => change({ roles })} error={faults.roles} />}
        <NativeSelect
          label={t('people.staff.language')}
          data={[
            { value: 'en', label: 'English' },
            { value: 'es', label: 'Español' },
          ]}
          value={typed.language}
          onChange={(event) => change({ language: event.currentTarget.value === 'es' ? 'es' : 'en' })}
        />
        {error && (
          <Text className={classes.notice} role="alert">
            {refusalWords(say, error)}
          </Text>
        )}
        <Button type="submit" loading={pending}>
          {t('people.staff.send')}
        </Button>
      </form>
    </Dialog>
  );
}
