import { Button, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import type { FoundDocument } from '../../../schemas/uploads.ts';
import { ErrorState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePanel } from '../../lib/addresses.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './FindInDocuments.module.css';

/** Finds words in the text of a chart's documents. What is sought is sent, never written into the address. */
export function FindInDocuments({ patientId }: { patientId: string }) {
  const { t, locale } = useSay();
  const { api } = useTenant();
  const { addressOf } = usePanel();
  const [text, setText] = useState('');
  const find = useMutation({
    mutationFn: (words: string) =>
      api.post<{ documents: readonly FoundDocument[] }>(`/charts/${patientId}/documents`, { text: words }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim().length >= 2) find.mutate(text.trim());
  };
  const found = find.data?.documents;
  return (
    <search className={classes.find}>
      <form onSubmit={submit} className={classes.ask}>
        <TextInput
          size="sm"
          label={t('scans.find')}
          placeholder={t('scans.findHint')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className={classes.field}
        />
        <Button type="submit" size="sm" variant="default" loading={find.isPending}>
          {t('scans.find')}
        </Button>
      </form>
      {find.isError && <ErrorState error={find.error} onRetry={() => find.mutate(text.trim())} />}
      {found && (
        <div role="status">
          <Text size="sm" c="dimmed">
            {found.length === 0 ? t('scans.notFound') : t('scans.found', { count: found.length })}
          </Text>
          <ul className={classes.hits}>
            {found.map((document) => (
              <li key={document.id}>
                <Link to={addressOf({ kind: 'record', type: 'DocumentReference', id: document.id })}>{document.title}</Link>{' '}
                <Text span size="sm" c="dimmed">
                  {formatDay(document.date, locale)}
                </Text>
                <Text size="sm" className={classes.line}>
                  {document.line}
                </Text>
              </li>
            ))}
          </ul>
        </div>
      )}
    </search>
  );
}
