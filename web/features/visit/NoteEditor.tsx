import { Button, Kbd, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Encounter, QuestionnaireResponse } from 'fhir/r4';
import { useCallback, useState } from 'react';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { WITHHELD_REASONS, type WithheldReason } from '../../../schemas/portal-records.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { LoadingLines } from '../../components/states.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import type { Kept } from '../../lib/api.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { ClashChoice } from './ClashChoice.tsx';
import { NoteField } from './NoteField.tsx';
import { type Entry, typedOf, unreadable, withAnswer } from './note-typed.ts';
import { signNote, visitKey } from './queries.ts';
import { type SavedState, useNote } from './use-note.ts';
import classes from './visit.module.css';

interface NoteEditorProps {
  patientId: string;
  encounter: Encounter;
  note: Kept<QuestionnaireResponse>;
  title: string;
  items: readonly NoteItem[];
  previous: QuestionnaireResponse | undefined;
  onMeasure: () => void;
}

const fieldId = (linkId: string): string => `note-${linkId}`;

/** The note while it is written. Every keystroke is safe; Ctrl Enter signs. */
export function NoteEditor({ patientId, encounter, note, title, items, previous, onMeasure }: NoteEditorProps) {
  const say = useSay();
  const { t, locale } = say;
  const { api, owner, may } = useTenant();
  const queries = useQueryClient();
  const { typed, change, clashes, settle, state, isNowhere, restored, saved } = useNote({ api, owner, note, items });
  const [withhold, setWithhold] = useState<WithheldReason>();
  const [blocked, setBlocked] = useState<'notSaved' | 'decide' | 'unreadable'>();
  const bad = unreadable(typed, items);
  const maySign = may('Signature', 'create');
  const before = previous ? typedOf(previous) : {};
  const beforeAt = formatDay(previous?.authored, locale) ?? t('common.undated');

  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: chartKeys.all(api, patientId) }),
    [queries, api, patientId],
  );
  const sign = useMutation({
    mutationFn: async () => {
      setBlocked(undefined);
      const version = await saved();
      if (version === undefined) return undefined;
      return signNote(api, encounter.id ?? '', version, withhold);
    },
    onSuccess: async (signed) => {
      if (!signed) return setBlocked(clashes.length > 0 ? 'decide' : bad.length > 0 ? 'unreadable' : 'notSaved');
      await refresh();
      tellDone({ t }, t('visit.sign.done'));
    },
    onError: () => void queries.invalidateQueries({ queryKey: visitKey(api, patientId, encounter.id ?? '') }),
  });
  const press = () => {
    if (maySign && !sign.isPending && state.kind !== 'signed') sign.mutate();
  };
  useShortcuts({
    // Not from a form or a panel beside the note: whoever writes there means that one.
    sign: ({ target }) => !(target instanceof Element && target.closest('form, aside')) && press(),
  });

  if (restored === undefined) return <LoadingLines lines={8} height={28} label={t('visit.writing.looking')} />;
  const run = (command: string) => {
    if (command === 'vitals') return onMeasure();
    document.getElementById(fieldId(command))?.focus();
  };
  const add = (linkId: string, entry: Entry) =>
    change((written) => withAnswer(written, linkId, [...(written[linkId] ?? []), entry]));
  return (
    <section className={`${surfaces.surface} ${classes.editor}`} aria-label={title}>
      <h2 className={classes.noteTitle}>{title}</h2>
      {restored && (
        <p className={classes.told} role="status">
          {t('visit.writing.restored')}
        </p>
      )}
      {state.kind === 'signed' && (
        <div className={classes.attention} role="alert">
          <p>{t('visit.sign.meanwhile')}</p>
          <Button size="compact-sm" variant="default" onClick={() => void refresh()}>
            {t('visit.sign.toAddendum')}
          </Button>
        </div>
      )}
      {items.map((item) => {
        const clash = clashes.find(({ linkId }) => linkId === item.linkId);
        const last = before[item.linkId];
        return (
          <div key={item.linkId} className={classes.item}>
            <NoteField
              id={fieldId(item.linkId)}
              item={item}
              items={items}
              entries={typed[item.linkId] ?? []}
              readOnly={sign.isPending}
              isUnreadable={bad.includes(item.linkId)}
              onChange={(entries) => change((written) => withAnswer(written, item.linkId, entries))}
              onCommand={run}
              onAdd={add}
              {...(last &&
                !typed[item.linkId] && {
                  carry: {
                    from: beforeAt,
                    text: last.map(({ text }) => text).join(', '),
                    use: () => change((written) => withAnswer(written, item.linkId, last)),
                  },
                })}
            />
            {clash && <ClashChoice clash={clash} onSettle={(entries) => settle(item.linkId, entries)} />}
          </div>
        );
      })}
      {sign.isError && <SaveError error={sign.error} />}
      <footer className={classes.foot}>
        <div className={classes.signing}>
          {maySign ? (
            <Button onClick={press} loading={sign.isPending} disabled={state.kind === 'signed'}>
              {t('visit.sign.button')}
            </Button>
          ) : (
            <span className={classes.quiet}>{t('visit.sign.notYours')}</span>
          )}
          {maySign && (
            <span className={classes.key} aria-hidden>
              <Kbd size="xs">{t('visit.sign.key')}</Kbd>
            </span>
          )}
          {maySign && (
            <div className={classes.withhold}>
              <NativeSelect
                aria-label={t('visit.sign.forPatient')}
                size="xs"
                value={withhold ?? ''}
                data={[
                  { value: '', label: t('visit.sign.shown') },
                  ...WITHHELD_REASONS.map((reason) => ({
                    value: reason,
                    label: t('visit.sign.withheldFor', { why: t(`visit.sign.reasons.${reason}`) }),
                  })),
                ]}
                onChange={(event) => setWithhold(WITHHELD_REASONS.find((reason) => reason === event.currentTarget.value))}
              />
            </div>
          )}
          <Saved state={state} isNowhere={isNowhere} at={(ms) => formatMoment(new Date(ms).toISOString(), locale) ?? ''} />
        </div>
        {blocked && (
          <p className={classes.attentionText} role="alert">
            {t(`visit.sign.${blocked}`)}
          </p>
        )}
      </footer>
    </section>
  );
}

/** Where the text is. Said aloud only when it is not on the server. */
function Saved({ state, isNowhere, at }: { state: SavedState; isNowhere: boolean; at: (ms: number) => string }) {
  const say = useSay();
  const { t } = say;
  const words = (): string => {
    switch (state.kind) {
      case 'saved':
        return state.atMs ? t('visit.writing.savedAt', { at: at(state.atMs) }) : t('visit.writing.saved');
      case 'refused':
        return t('visit.writing.refused', { why: state.error.issues.map(say.fault).join(' ') });
      case 'here-only':
        return t(isNowhere ? 'visit.writing.nowhere' : 'visit.writing.hereOnly');
      case 'saving':
      case 'undecided':
      case 'unreadable':
        return t(`visit.writing.${state.kind}`);
      case 'signed':
        return '';
    }
  };
  if (state.kind === 'signed') return null;
  const isTold = state.kind !== 'saved' && state.kind !== 'saving';
  return (
    <span className={isTold ? classes.attentionText : classes.quiet} data-saved={state.kind} {...(isTold && { role: 'status' })}>
      {words()}
    </span>
  );
}
