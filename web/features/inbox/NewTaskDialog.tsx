import { Select, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { FhirId } from '../../../schemas/ids.ts';
import { kindRow, PRIORITIES, TASK_KIND_NAMES, type TaskKind } from '../../../schemas/tasks.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { useNewTask } from '../../lib/tasks.ts';
import { Foot, WhomSelect, whomOf } from './TaskDialogs.tsx';

const BY_HAND = TASK_KIND_NAMES.filter((kind) => kindRow(kind).byHand);
const DUE_HOURS = { today: 4, day: 24, days: 72, week: 168 } as const;
type Due = keyof typeof DUE_HOURS;

/** A task by hand: about the patient whose chart is open, or about nobody. What was typed stays when it is refused. */
export default function NewTaskDialog({ patient, onClose }: { patient: string | undefined; onClose: () => void }) {
  const { t } = useSay();
  const send = useNewTask();
  const attempt = useAttempt();
  const [kind, setKind] = useState<TaskKind>(patient ? 'call-back' : 'to-do');
  const [description, setDescription] = useState('');
  const [whom, setWhom] = useState<string | null>(null);
  const [due, setDue] = useState<Due>('day');
  const [priority, setPriority] = useState<(typeof PRIORITIES)[number]>('routine');
  const [asked, setAsked] = useState(false);
  const needsPatient = kindRow(kind).patient === true && !patient;
  const isShort = description.trim().length < 3;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isShort || needsPatient || !whom) return;
    const body = {
      kind,
      description: description.trim(),
      priority,
      due: new Date(Date.now() + DUE_HOURS[due] * 3_600_000).toISOString(),
      ...whomOf(whom),
      ...(patient && { patient: patient as FhirId }),
    };
    send.mutate(
      { body, attempt: attempt([kind, description, whom, due, priority]) },
      {
        onSuccess: () => {
          tellDone({ t }, t('task.created'));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog onClose={onClose} title={t('inbox.newTask')}>
      <form onSubmit={submit} noValidate>
        <Text size="sm" c="dimmed" mb="xs">
          {patient ? t('task.patientChosen') : t('task.noPatient')}
        </Text>
        <Select
          label={t('task.kindLabel')}
          value={kind}
          allowDeselect={false}
          onChange={(value) => value && setKind(value as TaskKind)}
          data={BY_HAND.map((each) => ({ value: each, label: t(`task.kinds.${each}`) }))}
          error={asked && needsPatient ? t('task.patientMissing') : undefined}
        />
        <Textarea
          mt="sm"
          label={t('task.description')}
          description={t('task.descriptionHint')}
          required
          autosize
          minRows={2}
          maxLength={300}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={asked && isShort ? t('task.fewWords') : undefined}
          data-autofocus
        />
        <WhomSelect value={whom} onChange={setWhom} error={asked && !whom ? t('task.chooseWhom') : undefined} />
        <Select
          mt="sm"
          label={t('task.dueLabel')}
          value={due}
          allowDeselect={false}
          onChange={(value) => value && setDue(value as Due)}
          data={(Object.keys(DUE_HOURS) as Due[]).map((each) => ({ value: each, label: t(`task.dueIn.${each}`) }))}
        />
        <Select
          mt="sm"
          label={t('task.priority')}
          value={priority}
          allowDeselect={false}
          onChange={(value) => value && setPriority(value as typeof priority)}
          data={PRIORITIES.map((each) => ({ value: each, label: t(`task.priorities.${each}`) }))}
        />
        {send.isError && <ErrorState error={send.error} onRetry={() => send.reset()} />}
        <Foot onClose={onClose} label={t('task.create')} loading={send.isPending} />
      </form>
    </Dialog>
  );
}
