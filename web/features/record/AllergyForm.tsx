import { Autocomplete, Button, NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance } from 'fhir/r4';
import { type FormEvent, useState } from 'react';
import { FaultList, FormFoot, RestoredNote, SaveError } from '../../components/FormParts.tsx';
import form from '../../components/form.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { deniedBy, isActiveAllergy, isNoKnownAllergy, summariseAllergies } from '../../lib/allergies.ts';
import { ApiError, type Kept } from '../../lib/api.ts';
import { inOverview, overviewQuery } from '../../lib/chart-query.ts';
import { formatDay } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDraft } from '../../lib/use-draft.ts';
import { dayIn } from '../../lib/wall-clock.ts';
import { ALLERGENS, findAllergen } from './allergens.ts';
import {
  type AllergyFault,
  type AllergyTyped,
  allergyFaults,
  allergyInError,
  NEW_ALLERGY,
  noKnownAllergies,
  noLongerNone,
  toAllergy,
  typedOf,
} from './allergy-form.ts';
import { Conflict } from './Conflict.tsx';
import { contestedFields, merged } from './contested.ts';
import { useSave } from './use-save.tsx';

interface AllergyFormProps {
  patientId: string;
  /** The version that is corrected; undefined for a new allergy. */
  base: Kept<AllergyIntolerance> | undefined;
  onDone: () => void;
}

/** What the form's fields are called and how their values read: for the form itself and for a conflict. */
const labels = ({ t }: Say): Record<keyof AllergyTyped, string> => ({
  substance: t('allergyForm.substance'),
  category: t('allergyForm.category'),
  criticality: t('allergyForm.criticality'),
  reactions: t('allergyForm.reactions'),
  severity: t('allergyForm.severity'),
  clinical: t('allergyForm.clinical'),
  verification: t('allergyForm.verification'),
  onset: t('allergyForm.onset'),
});

const valueWords = (say: Say) => (name: keyof AllergyTyped, value: string) =>
  name === 'substance' || name === 'reactions'
    ? value.replaceAll('\n', ', ')
    : name === 'onset'
      ? (formatDay(value, say.locale) ?? '')
      : value && say.word('codes', value);

export function AllergyForm({ patientId, base, onDone }: AllergyFormProps) {
  const say = useSay();
  const { t, word } = say;
  const { api, owner, me } = useTenant();
  const overview = useQuery(overviewQuery(api, patientId));
  const draft = useDraft({ ...owner, patient: patientId, form: base ? `allergy:${base.id}` : 'allergy' }, () => ({
    typed: base ? typedOf(base) : NEW_ALLERGY,
    base,
  }));
  const { typed } = draft.value;
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [theirs, setTheirs] = useState<Kept<AllergyIntolerance>>();
  const save = useSave<AllergyIntolerance>(patientId);

  const today = dayIn(Date.now(), say.locale.timeZone);
  const faults = allergyFaults(typed, today);
  const faultText = (field: keyof AllergyTyped) => {
    const fault = faults.find((candidate) => candidate.field === field);
    return fault && (tried || left.has(field)) ? faultWords(fault) : undefined;
  };
  const known = overview.data ? inOverview<Kept<AllergyIntolerance>>(overview.data, 'AllergyIntolerance') : [];
  const summary = summariseAllergies(known).kind;
  const faultWords = ({ fault }: AllergyFault) =>
    fault === 'not-a-substance' ? t(`allergyForm.faults.not-a-substance-${summary}`) : t(`allergyForm.faults.${fault}`);
  const repeats = known.some(
    (other) =>
      other.id !== base?.id &&
      isActiveAllergy(other) &&
      !isNoKnownAllergy(other) &&
      typedOf(other).substance.toLowerCase() === typed.substance.trim().toLowerCase(),
  );
  const set = (change: Partial<AllergyTyped>) => draft.change({ ...draft.value, typed: { ...typed, ...change } });
  const leave = (field: string) => setLeft(new Set([...left, field]));
  const context = { patient: patientId, recorder: me, nowIso: new Date().toISOString() };
  const denied = deniedBy(toAllergy(typed, draft.value.base, context), known);

  const finish = () => {
    draft.drop();
    onDone();
  };
  const write = (next: AllergyTyped, onto: Kept<AllergyIntolerance> | undefined) => {
    const resource = toAllergy(next, onto, context);
    const beside = deniedBy(resource, known).map((before) => ({ before, after: noLongerNone(before) }));
    const done = onto ? t('allergyForm.corrected') : t('allergyForm.recorded');
    save.mutate(
      {
        resource,
        beside,
        done: beside.length > 0 ? t('allergyForm.noLongerNone', { done }) : done,
        undo: (written) => (onto ? { ...onto, meta: written.meta } : allergyInError(written, undefined)),
      },
      {
        onSuccess: finish,
        onError: async (error) => {
          if (onto && error instanceof ApiError && error.status === 412)
            setTheirs(await api.read<AllergyIntolerance>('AllergyIntolerance', onto.id));
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length === 0) write(typed, draft.value.base);
  };
  const noneKnown = () =>
    save.mutate(
      {
        resource: noKnownAllergies(patientId, me, context.nowIso, t('allergy.noneKnown')),
        done: t('allergyForm.noneRecorded'),
        undo: (written) => allergyInError(written, undefined),
      },
      { onSuccess: finish },
    );

  if (theirs) {
    const names = labels(say);
    const fields = contestedFields(typed, typedOf(theirs), valueWords(say)).map((field) => ({
      ...field,
      label: names[field.name],
    }));
    return (
      <Conflict
        fields={fields}
        theirsAt={theirs.meta.lastUpdated}
        saving={save.isPending}
        onTakeTheirs={finish}
        onSave={(choice) => {
          const next = merged(typed, typedOf(theirs), choice);
          draft.change({ typed: next, base: theirs });
          setTheirs(undefined);
          write(next, theirs);
        }}
      />
    );
  }

  const choices = (codes: readonly string[], none?: string) => [
    ...(none ? [{ value: '', label: none }] : []),
    ...codes.map((value) => ({ value, label: word('codes', value) })),
  ];
  const severe = ['mild', 'moderate', 'severe'];
  return (
    <form className={form.form} onSubmit={submit} noValidate>
      {draft.restored && (
        <RestoredNote
          onStartOver={() => {
            draft.change({ typed: base ? typedOf(base) : NEW_ALLERGY, base });
            setTried(false);
          }}
        />
      )}
      {!base && overview.data && summary === 'not-asked' && (
        <div className={form.restored}>
          <span>{t('allergyForm.noneAsk')}</span>
          <Button size="compact-sm" variant="default" onClick={noneKnown} loading={save.isPending}>
            {t('allergyForm.noneButton')}
          </Button>
        </div>
      )}
      {tried && <FaultList faults={faults.map((fault) => ({ field: `allergy-${fault.field}`, text: faultWords(fault) }))} />}
      {save.isError && <SaveError error={save.error} />}
      <Autocomplete
        id="allergy-substance"
        label={t('allergyForm.substance')}
        description={t('allergyForm.substanceHint')}
        required
        data={ALLERGENS.map((allergen) => allergen.name)}
        limit={8}
        value={typed.substance}
        onChange={(substance) => {
          const category = findAllergen(substance)?.category;
          set({ substance, ...(category && typed.category === '' && { category }) });
        }}
        onBlur={() => leave('substance')}
        error={faultText('substance')}
      />
      {denied.length > 0 && (
        <Text className={form.restored} role="status">
          {t('allergyForm.deniesNone')}
        </Text>
      )}
      {repeats && <Text className={form.warning}>{t('allergyForm.repeats')}</Text>}
      <NativeSelect
        label={t('allergyForm.category')}
        value={typed.category}
        onChange={(event) => set({ category: event.currentTarget.value as AllergyTyped['category'] })}
        data={choices(['medication', 'food', 'environment', 'biologic'], t('common.notRecorded'))}
      />
      <NativeSelect
        label={t('allergyForm.criticality')}
        description={t('allergyForm.criticalityHint')}
        value={typed.criticality}
        onChange={(event) => set({ criticality: event.currentTarget.value as AllergyTyped['criticality'] })}
        data={choices(['low', 'high', 'unable-to-assess'], t('common.notRecorded'))}
      />
      <Textarea
        label={t('allergyForm.reactions')}
        description={t('allergyForm.reactionsHint')}
        autosize
        minRows={2}
        value={typed.reactions}
        onChange={(event) => set({ reactions: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('allergyForm.severity')}
        value={typed.severity}
        onChange={(event) => set({ severity: event.currentTarget.value as AllergyTyped['severity'] })}
        data={choices(severe, t('common.notRecorded'))}
      />
      <div className={form.pair}>
        <NativeSelect
          label={t('allergyForm.clinical')}
          value={typed.clinical}
          onChange={(event) => set({ clinical: event.currentTarget.value as AllergyTyped['clinical'] })}
          data={choices(['active', 'inactive', 'resolved'])}
        />
        <NativeSelect
          label={t('allergyForm.verification')}
          value={typed.verification}
          onChange={(event) => set({ verification: event.currentTarget.value as AllergyTyped['verification'] })}
          data={choices(['confirmed', 'unconfirmed', 'refuted'])}
        />
      </div>
      <TextInput
        id="allergy-onset"
        type="date"
        label={t('allergyForm.onset')}
        max={today}
        value={typed.onset}
        onChange={(event) => set({ onset: event.currentTarget.value })}
        onBlur={() => leave('onset')}
        error={faultText('onset')}
      />
      <FormFoot saving={save.isPending} onCancel={onDone} />
    </form>
  );
}
