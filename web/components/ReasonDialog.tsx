import { Button, Group, Text, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useSay } from '../i18n/index.ts';
import { Dialog } from './Dialog.tsx';
import { refusalWords } from './notices.tsx';

/** Signs of a reason, without those around it. */
const SHORTEST = 3;

/** Asks why, before something that is not undone by itself. The reason is kept in the dialog when the server refuses. */
export function ReasonDialog({
  title,
  what,
  label,
  hint,
  short,
  action,
  cancel,
  most = 300,
  danger = false,
  pending = false,
  error = null,
  onReason,
  onClose,
}: {
  title: string;
  /** What will be done, and to whom. */
  what?: ReactNode;
  label: string;
  hint?: string;
  /** Said of a reason that is none. */
  short: string;
  action: string;
  cancel: string;
  /** Signs that the server takes. */
  most?: number;
  danger?: boolean;
  pending?: boolean;
  error?: Error | null;
  onReason: (reason: string) => void;
  onClose: () => void;
}) {
  const say = useSay();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const isGood = reason.trim().length >= SHORTEST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isGood) onReason(reason.trim());
  };
  return (
    <Dialog onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate>
        {what && (
          <Text component="div" mb="sm">
            {what}
          </Text>
        )}
        <Textarea
          label={label}
          description={hint}
          required
          autosize
          minRows={2}
          maxLength={most}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={asked && !isGood ? short : undefined}
          data-autofocus
        />
        {error && (
          <Text role="alert" c="red" mt="sm">
            {refusalWords(say, error)}
          </Text>
        )}
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button type="submit" loading={pending} color={danger ? 'red' : undefined}>
            {action}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
