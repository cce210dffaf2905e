import { Alert, Button, Progress, Table, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileProgress, ImportStatus, UndoProgress } from '../../../../schemas/imports.ts';
import { Dialog } from '../../../components/Dialog.tsx';
import { errorWords } from '../../../components/states.tsx';
import { useSay } from '../../../i18n/index.ts';
import { formatMoment } from '../../../lib/dates.ts';
import { download } from '../../../lib/download.ts';
import { useTenant } from '../../../lib/tenant.tsx';
import classes from './import.module.css';
import { isMoving, refusedFile, useStartImport, useUndoImport } from './queries.ts';

const counted = (file: FileProgress): number => file.created + file.present + file.refused;
const REFUSED_SHOWN = 50;

/** One import: how far it is, what came in, what was refused and why, and the way back. */
export function ImportCard({ status, opened }: { status: ImportStatus; opened: boolean }) {
  const { t, locale } = useSay();
  const { api } = useTenant();
  const start = useStartImport(api);
  const { files, state } = status;
  const total = (of: 'created' | 'present' | 'refused') => files.reduce((sum, file) => sum + file[of], 0);
  const names = files.map(({ name }) => name);
  const title = names.length > 2 ? t('imports.andMore', { name: names[0] ?? '', count: names.length - 1 }) : names.join(', ');
  return (
    <details className={classes.card} open={opened || isMoving(status)} data-state={state}>
      <summary className={classes.summary}>
        <span className={classes.name}>{title}</span>
        <span className={classes.state} role="status">
          {t(`imports.states.${state}`)}
        </span>
        <span className={classes.counts}>
          {t('imports.counts', { created: total('created'), present: total('present'), refused: total('refused') })}
        </span>
        <span className={classes.when}>{formatMoment(status.created, locale)}</span>
      </summary>
      {state === 'waiting-for-upload' && <Text>{t('imports.waiting')}</Text>}
      {files.map((file, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a file's place is its name in the import: two may be called alike
        <FileFacts key={`${index}-${file.name}`} file={file} many={files.length > 1} running={state === 'running'} />
      ))}
      {status.undo && <UndoFacts undo={status.undo} running={state === 'undoing'} />}
      <Refusals status={status} />
      <div className={classes.buttons}>
        {state === 'running' && (
          <Button variant="subtle" size="xs" loading={start.isPending} onClick={() => start.mutate(status.id)}>
            {t('imports.nudge')}
          </Button>
        )}
        {(state === 'done' || state === 'failed') && total('created') > 0 && <UndoButton status={status} title={title} />}
      </div>
    </details>
  );
}

function FileFacts({ file, many, running }: { file: FileProgress; many: boolean; running: boolean }) {
  const { t } = useSay();
  const { entries } = file;
  const types = Object.entries(file.byType).sort(([a], [b]) => a.localeCompare(b));
  return (
    <div className={classes.file}>
      {many && <Text fw={600}>{file.name}</Text>}
      {file.failure && (
        <Alert color="red" variant="light">
          {file.failure}
        </Alert>
      )}
      {running && !file.done && (
        <>
          <Text size="sm">{t('imports.entries', { counted: counted(file), entries: entries ?? '…' })}</Text>
          <Progress
            value={entries ? (100 * counted(file)) / entries : 0}
            aria-label={t('imports.entries', { counted: counted(file), entries: entries ?? '…' })}
          />
        </>
      )}
      {types.length > 0 && (
        <Table className={classes.types}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('imports.type')}</Table.Th>
              <Table.Th ta="right">{t('imports.created')}</Table.Th>
              <Table.Th ta="right">{t('imports.present')}</Table.Th>
              <Table.Th ta="right">{t('imports.refused')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {types.map(([type, counts]) => (
              <TypeRow key={type} type={type} counts={counts} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {file.unresolved > 0 && (
        <Text size="sm" c="dimmed">
          {t('imports.unresolved', { count: file.unresolved })}
        </Text>
      )}
    </div>
  );
}

function TypeRow({ type, counts }: { type: string; counts: FileProgress['byType'][string] }) {
  const { word } = useSay();
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {word('types', type)}
      </Table.Th>
      <Table.Td ta="right">{counts.created}</Table.Td>
      <Table.Td ta="right">{counts.present}</Table.Td>
      <Table.Td ta="right">{counts.refused}</Table.Td>
    </Table.Tr>
  );
}

/** The first refusals with their reasons, and the file of all of them. */
function Refusals({ status }: { status: ImportStatus }) {
  const say = useSay();
  const { t, word } = say;
  const { api } = useTenant();
  const fetchFile = useMutation({
    mutationFn: () => refusedFile(api, status),
    onSuccess: (blob) => download(blob, `refused-${status.id}.ndjson`),
  });
  const all = status.files.flatMap(({ refusals, name }) => refusals.map((refusal) => ({ ...refusal, name })));
  if (all.length === 0) return null;
  const count = status.files.reduce((sum, { refused }) => sum + refused, 0);
  return (
    <section className={classes.file} aria-label={t('imports.refusedTitle', { count })}>
      <Text fw={600}>{t('imports.refusedTitle', { count })}</Text>
      <div className={classes.scroll}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">{t('imports.position')}</Table.Th>
              <Table.Th>{t('imports.type')}</Table.Th>
              <Table.Th>{t('imports.reason')}</Table.Th>
              <Table.Th>{t('imports.element')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {all.slice(0, REFUSED_SHOWN).map(({ entry, type, issues, name }) => (
              <Table.Tr key={`${name}-${entry}`}>
                <Table.Td ta="right">{entry + 1}</Table.Td>
                <Table.Td>{word('types', type)}</Table.Td>
                <Table.Td>{issues.map(({ text }) => text).join(' ')}</Table.Td>
                <Table.Td className={classes.element}>{issues.map(({ expression }) => expression ?? '').join(' ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {count > REFUSED_SHOWN && (
        <Text size="sm" c="dimmed">
          {t('imports.refusedMore', { shown: Math.min(all.length, REFUSED_SHOWN), count })}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('imports.mendHint')}
      </Text>
      <Button variant="default" size="xs" loading={fetchFile.isPending} onClick={() => fetchFile.mutate()}>
        {t('imports.mend')}
      </Button>
      {fetchFile.isError && (
        <Text c="red" role="alert">
          {errorWords(fetchFile.error, say).title}
        </Text>
      )}
    </section>
  );
}

function UndoFacts({ undo, running }: { undo: UndoProgress; running: boolean }) {
  const { t } = useSay();
  const kept = Object.values(undo.kept).reduce((sum, count) => sum + count, 0);
  const done = undo.deleted + undo.gone;
  return (
    <section className={classes.file} aria-label={t('imports.undo.title')}>
      <Text fw={600}>{t('imports.undo.title')}</Text>
      <Text c="dimmed">{t('imports.undo.reasonWas', { reason: undo.reason })}</Text>
      {running && (
        <Progress
          value={undo.left === undefined ? 0 : (100 * done) / Math.max(1, done + undo.left)}
          aria-label={t('imports.undo.title')}
        />
      )}
      <Text>{t('imports.undo.counts', { deleted: undo.deleted, kept })}</Text>
      {kept > 0 && (
        <ul className={classes.kept}>
          {(['changed', 'referenced', 'shared'] as const)
            .filter((why) => undo.kept[why] > 0)
            .map((why) => (
              <li key={why}>{t(`imports.undo.why.${why}`, { count: undo.kept[why] })}</li>
            ))}
        </ul>
      )}
    </section>
  );
}

function UndoButton({ status, title }: { status: ImportStatus; title: string }) {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const undo = useUndoImport(api);
  const created = status.files.reduce((sum, file) => sum + file.created, 0);
  return (
    <>
      <Button variant="light" color="red" size="xs" onClick={() => setAsking(true)}>
        {t('imports.undo.ask')}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t('imports.undo.ask')}>
        <form
          className={classes.begin}
          onSubmit={(event) => {
            event.preventDefault();
            undo.mutate({ id: status.id, reason }, { onSuccess: () => setAsking(false) });
          }}
        >
          <Text>{t('imports.undo.text', { title, count: created })}</Text>
          <Textarea
            label={t('imports.undo.reason')}
            required
            minRows={2}
            autosize
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          {undo.isError && (
            <Text c="red" role="alert">
              {errorWords(undo.error, say).next}
            </Text>
          )}
          <Button type="submit" color="red" loading={undo.isPending} disabled={reason.trim().length < 5}>
            {t('imports.undo.do')}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
