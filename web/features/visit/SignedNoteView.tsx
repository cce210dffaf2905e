import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DocumentReference } from 'fhir/r4';
import { type FormEvent, Fragment, useEffect, useMemo, useState } from 'react';
import { itemsOf } from '../../../schemas/note-template.ts';
import { releaseOf, withheldReasonOf } from '../../../schemas/portal-records.ts';
import type { SignedNote } from '../../../schemas/signed-note.ts';
import { STRUCK, type StrikeNote, VITALS_TITLE, type VisitWorkspace } from '../../../schemas/visit.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { formatMoment } from '../../lib/dates.ts';
import { attachmentText } from '../../lib/describe.ts';
import { download } from '../../lib/download.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDraft } from '../../lib/use-draft.ts';
import { LeftOver } from './LeftOver.tsx';
import { verdictQuery } from './queries.ts';
import classes from './visit.module.css';

const textOf = ({ content }: DocumentReference): string =>
  content.map(({ attachment }) => attachmentText(attachment)).find(Boolean) ?? '';
const extensionOf = ({ extension = [] }: DocumentReference, url: string): string | undefined =>
  extension.find((one) => one.url === url)?.valueString;

/** A signed note with what was added to it: as it was signed, whether it still is, and what can be done. */
export function SignedNoteView({ patientId, workspace }: { patientId: string; workspace: VisitWorkspace }) {
  const { t } = useSay();
  const { may } = useTenant();
  const { signed, addenda, note, template } = workspace;
  const [doing, setDoing] = useState<'addendum' | 'strike'>();
  const [begun, setBegun] = useState('');
  const items = useMemo(() => (template ? itemsOf(template) : []), [template]);
  const headings = useMemo(
    () => new Set([template?.title ?? '', ...items.map(({ text }) => text), ...Object.values(VITALS_TITLE)]),
    [template, items],
  );
  if (!signed) return null;
  const isStruck = signed.status === 'entered-in-error';
  return (
    <section className={classes.signed} aria-label={t('visit.noteOf')}>
      {note?.id && !isStruck && (
        <LeftOver
          noteId={note.id}
          items={items}
          onTake={(text) => {
            setBegun(text);
            setDoing('addendum');
          }}
        />
      )}
      <OneNote patientId={patientId} note={signed} headings={headings} />
      {addenda.length > 0 && <h2 className={classes.noteTitle}>{t('visit.signed.addenda')}</h2>}
      {addenda.map((addendum) => (
        <OneNote key={addendum.id} patientId={patientId} note={addendum} headings={headings} />
      ))}
      {may('Signature', 'create') && !isStruck && (
        <>
          {doing === undefined && (
            <div className={classes.choices}>
              <Button size="xs" variant="default" onClick={() => setDoing('addendum')}>
                {t('visit.signed.addendum')}
              </Button>
              <Download note={signed} />
              <Button size="xs" variant="subtle" color="red" onClick={() => setDoing('strike')}>
                {t('visit.signed.strike')}
              </Button>
            </div>
          )}
          {doing === 'addendum' && (
            <AddendumForm patientId={patientId} note={signed} begun={begun} onDone={() => setDoing(undefined)} />
          )}
          {doing === 'strike' && <StrikeForm patientId={patientId} note={signed} onDone={() => setDoing(undefined)} />}
        </>
      )}
    </section>
  );
}

/** The text as it was signed, word for word; what its template calls the parts is set in bold, so that they are found. */
function NoteText({ text, headings }: { text: string; headings: ReadonlySet<string> }) {
  const lines = text.split('\n');
  return lines.map((line, at) => {
    const isHeading = headings.has(line) && (at === 0 || lines[at - 1] === '');
    return (
      <Fragment key={`${String(at)} ${line}`}>
        {at > 0 && '\n'}
        {isHeading ? <strong>{line}</strong> : line}
      </Fragment>
    );
  });
}

interface OneNoteProps {
  patientId: string;
  note: DocumentReference;
  headings: ReadonlySet<string>;
}
function OneNote({ patientId, note, headings }: OneNoteProps) {
  const { t, locale } = useSay();
  const { api } = useTenant();
  const verdict = useQuery(verdictQuery(api, patientId, note.id ?? ''));
  const isStruck = note.status === 'entered-in-error';
  const withheld = releaseOf(note) === 'withheld' ? (withheldReasonOf(note) ?? 'review') : undefined;
  const kind = verdict.data?.kind;
  return (
    <article className={`${surfaces.surface} ${classes.paper}`}>
      {isStruck && (
        <p className={classes.attention} role="alert">
          {t('visit.signed.struck', { why: extensionOf(note, STRUCK) ?? '' })}
        </p>
      )}
      <pre className={isStruck ? `${classes.noteText} ${classes.struckText}` : classes.noteText}>
        <NoteText text={textOf(note)} headings={headings} />
      </pre>
      <p className={classes.signature}>
        {t('visit.signed.by', {
          name: note.authenticator?.display ?? '',
          at: formatMoment(note.date, locale) ?? t('common.undated'),
        })}
      </p>
      {kind === 'altered' || kind === 'not-a-note' ? (
        <p className={classes.attention} role="alert">
          {t('visit.signed.altered')}
        </p>
      ) : (
        <p className={classes.quiet}>
          {t(verdict.isPending ? 'visit.signed.checking' : kind === 'valid' ? 'visit.signed.valid' : 'visit.signed.unknown')}
        </p>
      )}
      {withheld && <p className={classes.quiet}>{t('visit.signed.withheld', { why: t(`visit.sign.reasons.${withheld}`) })}</p>}
    </article>
  );
}

/** The signed file, for whoever wants to check it without us (npm run verify). */
function Download({ note }: { note: DocumentReference }) {
  const { t } = useSay();
  const { api } = useTenant();
  const save = useMutation({
    mutationFn: async () => {
      const file = await api.get<SignedNote>(`/notes/${note.id}/file`);
      download(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }), `note-${note.id}.json`);
    },
  });
  return (
    <>
      <Button size="xs" variant="default" loading={save.isPending} onClick={() => save.mutate()}>
        {t('visit.signed.file')}
      </Button>
      {save.isError && <SaveError error={save.error} />}
    </>
  );
}

interface FormProps {
  patientId: string;
  note: DocumentReference;
  onDone: () => void;
}

function AddendumForm({ patientId, note, begun, onDone }: FormProps & { begun: string }) {
  const { t } = useSay();
  const { api, owner } = useTenant();
  const queries = useQueryClient();
  const draft = useDraft({ ...owner, patient: patientId, form: `addendum:${note.id}` }, () => ({ text: '' }));
  const attempt = useAttempt();
  const { text } = draft.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form is opened with a text
  useEffect(() => {
    if (begun !== '') draft.change({ text: [text, begun].filter(Boolean).join('\n\n') });
  }, []);
  const add = useMutation({
    mutationFn: () => {
      return api.post(`/notes/${note.id}/addenda`, { text }, attempt(text));
    },
    onSuccess: async () => {
      draft.drop();
      await queries.invalidateQueries({ queryKey: chartKeys.all(api, patientId) });
      tellDone({ t }, t('visit.signed.addendumDone'));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') add.mutate();
  };
  return (
    <form onSubmit={submit} className={`${surfaces.surface} ${classes.small}`} noValidate>
      <Textarea
        label={t('visit.signed.addendumText')}
        autosize
        minRows={3}
        required
        autoFocus
        value={text}
        onChange={(event) => draft.change({ text: event.currentTarget.value })}
      />
      {add.isError && <SaveError error={add.error} />}
      <div className={classes.choices}>
        <Button type="submit" loading={add.isPending} disabled={text.trim() === ''}>
          {t('visit.signed.addendumSign')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  );
}

const KINDS = ['wrong-patient', 'wrong-visit', 'other'] as const satisfies readonly StrikeNote['kind'][];

function StrikeForm({ patientId, note, onDone }: FormProps) {
  const { t } = useSay();
  const { api } = useTenant();
  const queries = useQueryClient();
  const [kind, setKind] = useState<StrikeNote['kind']>('wrong-patient');
  const [reason, setReason] = useState('');
  const strike = useMutation({
    mutationFn: () => api.post(`/notes/${note.id}/strike`, { kind, reason }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: chartKeys.all(api, patientId) });
      tellDone({ t }, t('visit.signed.strikeDone'));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== '') strike.mutate();
  };
  return (
    <form onSubmit={submit} className={`${surfaces.surface} ${classes.small}`} noValidate>
      <p>{t('visit.signed.strikeText')}</p>
      <NativeSelect
        label={t('visit.signed.strikeKind')}
        autoFocus
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as StrikeNote['kind'])}
        data={KINDS.map((value) => ({ value, label: t(`visit.signed.strikeKinds.${value}`) }))}
      />
      <TextInput
        label={t('visit.signed.strikeReason')}
        required
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {strike.isError && <SaveError error={strike.error} />}
      <div className={classes.choices}>
        <Button type="submit" color="red" loading={strike.isPending} disabled={reason.trim() === ''}>
          {t('visit.signed.strike')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  );
}
