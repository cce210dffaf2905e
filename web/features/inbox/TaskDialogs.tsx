import { Button, Group, Select, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { TaskChange } from '../../../schemas/task-requests.ts';
import { POOLS, type Pool } from '../../../schemas/tasks.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { ReasonDialog } from '../../components/ReasonDialog.tsx';
import { useSay } from '../../i18n/index.ts';
import { useColleagues } from '../../lib/tasks.ts';

const POOL = 'pool:';

/** Persons by name, then roles: the value is a sub, or `pool:` and a role. */
export function WhomSelect({
  value,
  onChange,
  error,
}: {
  value: string | null;
  onChange: (value: string | null) => void;
  error: string | undefined;
}) {
  const { t, word } = useSay();
  const { data: people = [] } = useColleagues();
  return (
    <Select
      label={t('task.to')}
      description={t('task.toHint')}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      required
      data-autofocus
      data={[
        {
          group: t('task.people'),
          items: people.map(({ sub, name, roles, you }) => ({
            value: sub,
            label: `${name} (${you ? t('places.you') : roles.map((role) => word('codes', role)).join(', ')})`,
          })),
        },
        { group: t('task.pools'), items: POOLS.map((pool) => ({ value: POOL + pool, label: word('codes', pool) })) },
      ]}
    />
  );
}
export const whomOf = (value: string): { person: string } | { pool: Pool } =>
  value.startsWith(POOL) ? { pool: value.slice(POOL.length) as Pool } : { person: value };

interface DialogProps {
  readonly title: string;
  readonly pending: boolean;
  readonly onClose: () => void;
  readonly onChange: (change: TaskChange) => void;
}

export function HandOverDialog({ title, pending, onClose, onChange }: DialogProps) {
  const { t } = useSay();
  const [whom, setWhom] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const shortNote = note.trim() !== '' && note.trim().length < 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (whom && !shortNote) onChange({ do: 'hand-over', ...whomOf(whom), ...(note.trim() && { note: note.trim() }) });
  };
  return (
    <Dialog onClose={onClose} title={`${t('task.handOver')}: ${title}`}>
      <form onSubmit={submit} noValidate>
        <WhomSelect value={whom} onChange={setWhom} error={asked && !whom ? t('task.chooseWhom') : undefined} />
        <Textarea
          mt="sm"
          label={t('task.noteLabel')}
          autosize
          minRows={2}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={asked && shortNote ? t('task.fewWords') : undefined}
        />
        <Foot onClose={onClose} label={t('task.handOver')} loading={pending} />
      </form>
    </Dialog>
  );
}

export function CancelDialog({ title, pending, onClose, onChange }: DialogProps) {
  const { t } = useSay();
  return (
    <ReasonDialog
      title={`${t('task.cancel')}: ${title}`}
      label={t('task.reason')}
      hint={t('task.reasonHint')}
      short={t('task.fewWords')}
      action={t('task.cancel')}
      cancel={t('task.close')}
      pending={pending}
      onClose={onClose}
      onReason={(reason) => onChange({ do: 'cancel', reason })}
    />
  );
}

export function Foot({ onClose, label, loading = false }: { onClose: () => void; label: string; loading?: boolean }) {
  const { t } = useSay();
  return (
    <Group mt="md" justify="flex-end">
      <Button variant="default" onClick={onClose}>
        {t('task.close')}
      </Button>
      <Button type="submit" loading={loading}>
        {label}
      </Button>
    </Group>
  );
}
