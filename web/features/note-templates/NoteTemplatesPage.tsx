import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Questionnaire } from 'fhir/r4';
import { type FormEvent, useState } from 'react';
import {
  ITEM_KINDS,
  type ItemKind,
  itemsOf,
  type NoteItem,
  type PublishTemplate,
  versionOf,
} from '../../../schemas/note-template.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDraft } from '../../lib/use-draft.ts';
import classes from './note-templates.module.css';
import { type Change, changesBetween } from './template-changes.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
/** A clinic's own answers of a choice. */
const OWN_CHOICE = 'urn:tessera:choice';

/** What notes are written in: each template with its versions; a new version is made from the last, looked at, compared, published. */
export function NoteTemplatesPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const key = [api.tenant, 'note-templates'];
  const templates = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<{ templates: readonly Questionnaire[] }>('/note-templates', signal),
  });
  const [editing, setEditing] = useState<Questionnaire | 'new'>();
  usePageTitle(t('visit.templates.title'));
  if (templates.isPending) return <LoadingLines lines={6} label={t('common.loading', { what: t('visit.templates.title') })} />;
  if (templates.isLoadingError) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />;
  const byUrl = Map.groupBy(templates.data.templates, ({ url = '' }) => url);
  const lines = [...byUrl.values()]
    .map((versions) => [...versions].sort((a, b) => versionOf(b) - versionOf(a)))
    .sort((a, b) => (a[0]?.title ?? '').localeCompare(b[0]?.title ?? ''));
  if (editing)
    return (
      <TemplateEditor
        key={editing === 'new' ? 'new' : editing.id}
        base={editing === 'new' ? undefined : editing}
        onDone={() => setEditing(undefined)}
        queryKey={key}
      />
    );
  return (
    <div className={classes.page}>
      <h1>{t('visit.templates.title')}</h1>
      <p className={classes.quiet}>{t('visit.templates.intro')}</p>
      {lines.length === 0 && <EmptyState title={t('visit.templates.empty')} />}
      {lines.map((versions) => {
        const [newest] = versions;
        return (
          <section key={newest?.url} className={classes.template} aria-label={newest?.title}>
            <header className={classes.head}>
              <h2>{newest?.title}</h2>
              {newest && (
                <Button size="compact-sm" variant="default" onClick={() => setEditing(newest)}>
                  {t('visit.templates.edit')}
                </Button>
              )}
            </header>
            {versions.map((version, at) => {
              const older = versions[at + 1];
              return (
                <details key={version.id} className={classes.version}>
                  <summary>
                    {t('visit.templates.version', { version: versionOf(version) })} ·{' '}
                    <span className={classes.quiet}>
                      {t(version.status === 'active' ? 'visit.templates.used' : 'visit.templates.past')}
                    </span>
                  </summary>
                  <ol className={classes.questions}>
                    {itemsOf(version).map((item) => (
                      <li key={item.linkId}>
                        {item.text} <span className={classes.quiet}>{t(`visit.templates.kinds.${item.kind}`)}</span>
                      </li>
                    ))}
                  </ol>
                  {older && (
                    <>
                      <h3 className={classes.small}>{t('visit.templates.compare', { version: versionOf(older) })}</h3>
                      <Changes before={itemsOf(older)} after={itemsOf(version)} />
                    </>
                  )}
                </details>
              );
            })}
          </section>
        );
      })}
      <Button onClick={() => setEditing('new')} className={classes.add}>
        {t('visit.templates.create')}
      </Button>
    </div>
  );
}

function Changes({ before, after }: { before: readonly NoteItem[]; after: readonly NoteItem[] }) {
  const { t } = useSay();
  const changes = changesBetween(before, after, ({ kind }) => t(`visit.templates.kinds.${kind}`));
  const words = (change: Change): string =>
    change.kind === 'changed'
      ? t('visit.templates.changed', { before: change.before, after: change.after })
      : t(`visit.templates.${change.kind}`, { what: change.what });
  if (changes.length === 0) return <p className={classes.quiet}>{t('visit.templates.noChanges')}</p>;
  return (
    <ul className={classes.questions}>
      {changes.map((change) => (
        <li key={words(change)}>{words(change)}</li>
      ))}
    </ul>
  );
}

/** A question as it is edited: texts only, so that a draft keeps them as typed. */
interface Edited {
  readonly linkId: string;
  readonly text: string;
  readonly kind: ItemKind;
  readonly options: string;
  readonly unit: string;
  readonly code: string;
}
const editedOf = ({ linkId, text, kind, options = [], unit, code }: NoteItem): Edited => ({
  linkId,
  text,
  kind,
  options: options.map(({ display, code: option }) => display ?? option ?? '').join('\n'),
  unit: unit?.code ?? '',
  code: code?.system === LOINC ? (code.code ?? '') : '',
});
/** The question that is meant. Choices that were there keep their codes; new ones get their words as a code of the clinic's own. */
function itemOf({ linkId, text, kind, options, unit, code }: Edited, before: NoteItem | undefined): NoteItem {
  const lines = options
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  // The same words twice are one choice.
  const choices = [...new Set(lines)].map(
    (display) =>
      before?.options?.find((one) => one.display === display) ?? { system: OWN_CHOICE, code: display.slice(0, 100), display },
  );
  return {
    linkId,
    text: text.trim(),
    kind,
    ...(kind === 'choice' && choices.length > 0 && { options: choices }),
    ...(kind === 'number' && unit.trim() !== '' && { unit: { system: UCUM, code: unit.trim() } }),
    ...(code.trim() !== '' && kind !== 'problems' && kind !== 'allergies' && { code: { system: LOINC, code: code.trim() } }),
  };
}

function TemplateEditor({
  base,
  onDone,
  queryKey,
}: {
  base: Questionnaire | undefined;
  onDone: () => void;
  queryKey: readonly unknown[];
}) {
  const { t } = useSay();
  const { api, owner } = useTenant();
  const queries = useQueryClient();
  const before = base ? itemsOf(base) : [];
  const version = base ? versionOf(base) : 0;
  const draft = useDraft({ ...owner, patient: '-', form: `note-template:${base?.url ?? 'new'}:${version}` }, () => ({
    title: base?.title ?? '',
    items: before.map(editedOf),
  }));
  const { title, items } = draft.value;
  const set = (change: Partial<typeof draft.value>) => draft.change({ ...draft.value, ...change });
  const edit = (at: number, change: Partial<Edited>) =>
    set({ items: items.map((item, other) => (other === at ? { ...item, ...change } : item)) });
  const move = (at: number, by: 1 | -1) => {
    const next = [...items];
    const [taken] = next.splice(at, 1);
    if (taken) next.splice(at + by, 0, taken);
    set({ items: next });
  };
  const next = items.map((item) =>
    itemOf(
      item,
      before.find(({ linkId }) => linkId === item.linkId),
    ),
  );
  const isSound =
    title.trim() !== '' &&
    next.length > 0 &&
    next.every(({ text, kind, options }) => text !== '' && (kind !== 'choice' || options));
  const publish = useMutation({
    mutationFn: () =>
      api.post<Questionnaire>('/note-templates', {
        ...(base?.url && { of: { url: base.url, version } }),
        title: title.trim(),
        items: next,
      } as PublishTemplate),
    onSuccess: async (published) => {
      draft.drop();
      await queries.invalidateQueries({ queryKey });
      tellDone({ t }, t('visit.templates.published', { version: versionOf(published) }));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSound) publish.mutate();
  };
  return (
    <form onSubmit={submit} className={classes.editor} noValidate>
      <div className={classes.questionsEdited}>
        <h1>
          {base ? t('visit.templates.editing', { title: base.title ?? '', version: version + 1 }) : t('visit.templates.create')}
        </h1>
        <TextInput
          label={t('visit.templates.name')}
          required
          value={title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <h2 className={classes.small}>{t('visit.templates.questions')}</h2>
        {items.map((item, at) => (
          <fieldset key={item.linkId} className={classes.question}>
            <div className={classes.pair}>
              <TextInput
                label={t('visit.templates.question')}
                value={item.text}
                onChange={(event) => edit(at, { text: event.currentTarget.value })}
              />
              <NativeSelect
                label={t('visit.templates.kind')}
                value={item.kind}
                data={ITEM_KINDS.map((kind) => ({ value: kind, label: t(`visit.templates.kinds.${kind}`) }))}
                onChange={(event) => edit(at, { kind: event.currentTarget.value as ItemKind })}
              />
            </div>
            {item.kind === 'choice' && (
              <Textarea
                label={t('visit.templates.options')}
                autosize
                minRows={2}
                value={item.options}
                onChange={(event) => edit(at, { options: event.currentTarget.value })}
              />
            )}
            {item.kind === 'number' && (
              <TextInput
                label={t('visit.templates.unit')}
                value={item.unit}
                onChange={(event) => edit(at, { unit: event.currentTarget.value })}
              />
            )}
            {item.kind !== 'text' && item.kind !== 'problems' && item.kind !== 'allergies' && (
              <TextInput
                label={t('visit.templates.code')}
                value={item.code}
                onChange={(event) => edit(at, { code: event.currentTarget.value })}
              />
            )}
            <div className={classes.buttons}>
              {(['up', 'down'] as const).map((way) => (
                <Button
                  key={way}
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`${t(`visit.templates.${way}`)}: ${item.text}`}
                  disabled={at === (way === 'up' ? 0 : items.length - 1)}
                  onClick={() => move(at, way === 'up' ? -1 : 1)}
                >
                  {t(`visit.templates.${way}`)}
                </Button>
              ))}
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                aria-label={`${t('visit.templates.remove')}: ${item.text}`}
                onClick={() => set({ items: items.filter((_, other) => other !== at) })}
              >
                {t('visit.templates.remove')}
              </Button>
            </div>
          </fieldset>
        ))}
        <Button
          variant="default"
          className={classes.add}
          onClick={() =>
            set({
              items: [
                ...items,
                { linkId: crypto.randomUUID().slice(0, 8), text: '', kind: 'text', options: '', unit: '', code: '' },
              ],
            })
          }
        >
          {t('visit.templates.add')}
        </Button>
        {publish.isError && <SaveError error={publish.error} />}
        {!isSound && <p className={classes.quiet}>{t('visit.templates.nameless')}</p>}
        <div className={classes.buttons}>
          <Button type="submit" loading={publish.isPending} disabled={!isSound}>
            {t('visit.templates.publish', { version: version + 1 })}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('form.close')}
          </Button>
        </div>
      </div>
      <aside className={classes.preview}>
        <h2 className={classes.small}>{t('visit.templates.preview')}</h2>
        <h3 className={classes.previewTitle}>{title}</h3>
        {next.map((item) => (
          <div key={item.linkId} className={classes.previewItem}>
            <strong>{item.text}</strong>
            <span className={classes.quiet}>
              {item.options?.map(({ display }) => display).join(' · ') ?? t(`visit.templates.kinds.${item.kind}`)}
              {item.unit?.code && ` ${item.unit.code}`}
            </span>
          </div>
        ))}
        {base && (
          <>
            <h2 className={classes.small}>{t('visit.templates.changes')}</h2>
            <Changes before={before} after={next} />
          </>
        )}
      </aside>
    </form>
  );
}
