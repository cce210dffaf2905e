import { Text, TextInput } from '@mantine/core';
import type { Observation } from 'fhir/r4';
import { type FormEvent, useState } from 'react';
import { FaultList, FormFoot, RestoredNote, SaveError } from '../../components/FormParts.tsx';
import form from '../../components/form.module.css';
import { WallClockField } from '../../components/WallClockField.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError, type Kept } from '../../lib/api.ts';
import { type PressureFault, pressureFaults, pressureWarning } from '../../lib/blood-pressure.ts';
import { formatMoment } from '../../lib/dates.ts';
import { isSameZone, readersZone } from '../../lib/locale.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDraft } from '../../lib/use-draft.ts';
import { fromWallClock, readWallClock, toWallClock } from '../../lib/wall-clock.ts';
import { observationInError, type PressureTyped, toPressure, typedPressure } from './blood-pressure-form.ts';
import { Conflict } from './Conflict.tsx';
import { contestedFields, merged } from './contested.ts';
import { useSave } from './use-save.tsx';

interface BloodPressureFormProps {
  patientId: string;
  /** The version that is corrected; undefined for a new measurement. */
  base: Kept<Observation> | undefined;
  onDone: () => void;
}

const PARTS = ['systolic', 'diastolic'] as const;

export function BloodPressureForm({ patientId, base, onDone }: BloodPressureFormProps) {
  const say = useSay();
  const { t, locale } = say;
  const { timeZone } = locale;
  const { api, owner, me } = useTenant();
  const initial = (): { typed: PressureTyped; base: Kept<Observation> | undefined } => ({
    typed: base ? typedPressure(base, timeZone) : { systolic: '', diastolic: '', when: toWallClock(Date.now(), timeZone) },
    base,
  });
  const draft = useDraft({ ...owner, patient: patientId, form: base ? `blood-pressure:${base.id}` : 'blood-pressure' }, initial);
  const { typed } = draft.value;
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [theirs, setTheirs] = useState<Kept<Observation>>();
  const save = useSave<Observation>(patientId);

  const read = readWallClock(typed.when, timeZone);
  const whenFault = 'fault' in read ? read.fault : Date.parse(read.at) > Date.now() + 60_000 ? 'in-the-future' : undefined;
  const showsWhenFault = whenFault && (whenFault === 'skipped' || whenFault === 'twice' || tried || left.has('when'));
  const faults = pressureFaults(typed);
  const faultText = (part: (typeof PARTS)[number], fault: PressureFault) =>
    t(`pressureForm.faults.${fault}`, { what: t(`pressureForm.${part}`) });
  const listed = [
    ...PARTS.flatMap((part) => (faults[part] ? [{ field: `pressure-${part}`, text: faultText(part, faults[part]) }] : [])),
    ...(whenFault ? [{ field: 'pressure-when', text: t(`pressureForm.when-${whenFault}`) }] : []),
  ];
  const set = (change: Partial<PressureTyped>) => draft.change({ ...draft.value, typed: { ...typed, ...change } });
  const finish = () => {
    draft.drop();
    onDone();
  };
  const write = (next: PressureTyped, onto: Kept<Observation> | undefined) => {
    const at = fromWallClock(next.when, timeZone);
    if (!at) return;
    save.mutate(
      {
        resource: toPressure(next, at, onto, { patient: patientId, performer: me, timeZone }),
        done: onto ? t('pressureForm.corrected') : t('pressureForm.recorded'),
        undo: (written) => (onto ? { ...onto, meta: written.meta } : observationInError(written, undefined)),
      },
      {
        onSuccess: finish,
        onError: async (error) => {
          if (onto && error instanceof ApiError && error.status === 412)
            setTheirs(await api.read<Observation>('Observation', onto.id));
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (listed.length === 0) write(typed, draft.value.base);
  };

  if (theirs) {
    const fields = contestedFields(typed, typedPressure(theirs, timeZone), (name, value) =>
      name === 'when' ? (formatMoment(fromWallClock(value, timeZone), locale) ?? '') : `${value}\u00a0mmHg`,
    );
    return (
      <Conflict
        fields={fields.map((field) => ({ ...field, label: t(`pressureForm.${field.name}`) }))}
        theirsAt={theirs.meta.lastUpdated}
        saving={save.isPending}
        onTakeTheirs={finish}
        onSave={(choice) => {
          const next = merged(typed, typedPressure(theirs, timeZone), choice);
          draft.change({ typed: next, base: theirs });
          setTheirs(undefined);
          write(next, theirs);
        }}
      />
    );
  }

  return (
    <form className={form.form} onSubmit={submit} noValidate>
      {draft.restored && <RestoredNote onStartOver={() => draft.change(initial())} />}
      {tried && <FaultList faults={listed} />}
      {save.isError && <SaveError error={save.error} />}
      <div className={form.pair}>
        {PARTS.map((part) => {
          const fault = faults[part];
          const warning = pressureWarning(part, typed[part]);
          const shown = fault && (tried || left.has(part)) ? faultText(part, fault) : undefined;
          return (
            <div key={part}>
              <TextInput
                id={`pressure-${part}`}
                label={t(`pressureForm.${part}`)}
                required
                inputMode="numeric"
                maxLength={3}
                autoComplete="off"
                rightSection={<span aria-hidden>mmHg</span>}
                rightSectionWidth={60}
                aria-describedby={warning ? `pressure-${part}-warning` : undefined}
                value={typed[part]}
                onChange={(event) => set({ [part]: event.currentTarget.value })}
                onBlur={() => setLeft(new Set([...left, part]))}
                error={shown}
              />
              {warning && (
                <Text id={`pressure-${part}-warning`} className={form.warning} role="status">
                  {t(`pressureForm.${warning}`)}
                </Text>
              )}
            </div>
          );
        })}
      </div>
      <WallClockField
        id="pressure-when"
        label={t('pressureForm.when')}
        required
        description={isSameZone(timeZone, readersZone()) ? undefined : t('pressureForm.zone', { zone: timeZone })}
        value={typed.when}
        timeZone={timeZone}
        onChange={(when) => set({ when })}
        onBlur={() => setLeft(new Set([...left, 'when']))}
        error={showsWhenFault ? t(`pressureForm.when-${whenFault}`) : undefined}
      />
      <FormFoot saving={save.isPending} onCancel={onDone} />
    </form>
  );
}
