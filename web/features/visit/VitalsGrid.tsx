import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Observation } from 'fhir/r4';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import type { ChartOverview } from '../../../schemas/chart.ts';
import { FaultList, RestoredNote, SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import { chartKeys, inOverview } from '../../lib/chart-query.ts';
import { anyCode } from '../../lib/concept.ts';
import { formatDay, newestFirst } from '../../lib/dates.ts';
import { quantityText, unitText } from '../../lib/quantity.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useDraft } from '../../lib/use-draft.ts';
import { counts, observedAt } from '../../lib/vital-signs.ts';
import { observationValue } from '../chart/lines.ts';
import classes from './visit.module.css';
import {
  bmiOf,
  faultsOf,
  NOTHING_TYPED,
  numberOf,
  observationsOf,
  outsideOf,
  PRESSURE_CODE,
  ROWS,
  type Row,
  SPECS,
  usualOf,
  type VitalFault,
  type VitalsTyped,
} from './vitals.ts';

/** Earlier values beside the new one. */
const EARLIER = 3;
const YEAR_MS = 365.25 * 86_400_000;
/** Heads are measured in small children. */
const HEAD_UNTIL_YEARS = 3;

const fieldId = (field: string): string => `vital-${field}`;

/** What is typed, and the try to save it: a repeat sends the same, also after a reload, so that nothing is measured twice. */
interface Sheet {
  readonly typed: VitalsTyped;
  readonly attempt?: { readonly content: string; readonly key: string; readonly at: string };
}

/** A habit of the person in this browser; one that keeps nothing forgets it. */
function keptUnits(key: string): Partial<Record<Row, string>> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Record<Row, string>>;
  } catch {
    return {};
  }
}
function keepUnits(key: string, units: VitalsTyped['units']): void {
  try {
    localStorage.setItem(key, JSON.stringify(units));
  } catch {
    // full, or refused
  }
}

/** Vital signs down one column: Enter and the arrow keys go to the next row. Earlier values stand beside. */
export function VitalsGrid({
  patientId,
  visitId,
  overview,
  onDone,
}: {
  patientId: string;
  visitId: string;
  overview: ChartOverview | undefined;
  onDone: () => void;
}) {
  const say = useSay();
  const { t } = say;
  const { api, owner, me } = useTenant();
  const queries = useQueryClient();
  const kept = `tessera.units/${owner.user}/${owner.tenant}`;
  const draft = useDraft<Sheet>({ ...owner, patient: patientId, form: `vitals:${visitId}` }, () => ({
    typed: NOTHING_TYPED(keptUnits(kept)),
  }));
  const { typed } = draft.value;
  const write = (next: VitalsTyped) => draft.change({ ...draft.value, typed: next });
  const [tried, setTried] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());

  const birth = overview?.patient.birthDate;
  const age = birth ? (Date.now() - Date.parse(birth)) / YEAR_MS : undefined;
  const rows = ROWS.filter((row) => row !== 'head' || (age !== undefined && age < HEAD_UNTIL_YEARS) || typed.values.head !== '');
  const nameOf = (row: Row | 'bmi' | 'pressure'): string => t(`visit.vitals.names.${row}`);
  const faults = faultsOf(typed);
  const isEmpty = observationsOf(typed, { patient: '', visit: '', performer: undefined, at: '', name: nameOf }).length === 0;
  const faultWords = (fault: VitalFault): string => {
    const what =
      fault.field === 'systolic' || fault.field === 'diastolic' ? t(`visit.vitals.${fault.field}`) : nameOf(fault.field as Row);
    return fault.kind === 'range'
      ? t('visit.vitals.faults.range', { what, low: fault.low, high: fault.high, unit: unitText(fault.unit) })
      : t(`visit.vitals.faults.${fault.kind}`, { what });
  };
  const errorOf = (field: string): string | undefined => {
    const fault = faults.find((one) => one.field === field);
    return fault && (tried || left.has(field)) ? faultWords(fault) : undefined;
  };
  const earlier = (code: string): readonly Observation[] =>
    (overview ? inOverview<Observation>(overview, 'Observation') : [])
      .filter((one) => counts(one) && anyCode([one.code], code))
      .toSorted((a, b) => newestFirst(observedAt(a), observedAt(b)))
      .slice(0, EARLIER);

  const save = useMutation({
    mutationFn: () => {
      const { values, units, systolic, diastolic } = typed;
      const content = JSON.stringify({ values, units, systolic, diastolic });
      const { attempt: before } = draft.value;
      const attempt = before?.content === content ? before : { content, key: crypto.randomUUID(), at: new Date().toISOString() };
      draft.change({ typed, attempt });
      const context = { patient: patientId, visit: visitId, performer: me, at: attempt.at, name: nameOf };
      return api.transact<Observation>(observationsOf(typed, context), attempt.key);
    },
    onSuccess: async () => {
      draft.drop();
      keepUnits(kept, typed.units);
      await queries.invalidateQueries({ queryKey: chartKeys.all(api, patientId) });
      tellDone({ t }, t('visit.vitals.saved'));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length === 0 && !isEmpty) save.mutate();
  };
  const form = useRef<HTMLFormElement>(null);
  const onKey = (event: KeyboardEvent<HTMLFormElement>) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || event.ctrlKey || event.metaKey) return;
    const step = event.key === 'Enter' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const fields = [...(form.current?.querySelectorAll<HTMLInputElement>('input[data-vital]') ?? [])];
    const next = fields[fields.indexOf(field) + step];
    event.preventDefault();
    if (next) next.focus();
    else if (event.key === 'Enter') form.current?.requestSubmit();
  };
  const value = (row: Row, text: string) => write({ ...typed, values: { ...typed.values, [row]: text } });
  const leave = (field: string) => setLeft(new Set([...left, field]));
  const bmi = bmiOf(typed);

  return (
    <form
      ref={form}
      className={`${surfaces.surface} ${classes.vitals}`}
      onSubmit={submit}
      onKeyDown={onKey}
      noValidate
      aria-label={t('visit.vitals.title')}
    >
      <h2 className={classes.noteTitle}>{t('visit.vitals.title')}</h2>
      {draft.restored && <RestoredNote onStartOver={() => write(NOTHING_TYPED(keptUnits(kept)))} />}
      {tried && <FaultList faults={faults.map((fault) => ({ field: fieldId(fault.field), text: faultWords(fault) }))} />}
      {tried && isEmpty && (
        <p className={classes.attentionText} role="alert">
          {t('visit.vitals.nothing')}
        </p>
      )}
      {save.isError && <SaveError error={save.error} />}
      <div className={classes.vitalRow}>
        <span className={classes.vitalName}>{nameOf('pressure')}</span>
        <div className={classes.vitalNow}>
          {(['systolic', 'diastolic'] as const).map((part) => (
            <TextInput
              key={part}
              id={fieldId(part)}
              data-vital
              aria-label={`${nameOf('pressure')}: ${t(`visit.vitals.${part}`)}`}
              placeholder={t(`visit.vitals.${part}`)}
              inputMode="numeric"
              value={typed[part]}
              onChange={(event) => write({ ...typed, [part]: event.currentTarget.value })}
              onBlur={() => leave(part)}
              error={errorOf(part)}
            />
          ))}
          <span className={classes.unit}>mmHg</span>
        </div>
        <Earlier observations={earlier(PRESSURE_CODE)} />
      </div>
      {rows.map((row) => {
        const { units, codes } = SPECS[row];
        const unit = typed.units[row];
        const usual = usualOf(row, unit, age);
        const number = numberOf(typed.values[row]);
        const mark = outsideOf(number, usual);
        return (
          <div key={row} className={classes.vitalRow}>
            <label className={classes.vitalName} htmlFor={fieldId(row)}>
              {nameOf(row)}
              {usual && <span className={classes.usual}>{t('visit.vitals.usual', { range: `${usual[0]}–${usual[1]}` })}</span>}
            </label>
            <div className={classes.vitalNow}>
              <TextInput
                id={fieldId(row)}
                data-vital
                inputMode="decimal"
                value={typed.values[row]}
                onChange={(event) => value(row, event.currentTarget.value)}
                onBlur={() => leave(row)}
                error={errorOf(row)}
              />
              {units.length > 1 ? (
                <NativeSelect
                  aria-label={t('visit.vitals.unit', { what: nameOf(row) })}
                  value={unit}
                  data={units.map((code) => ({ value: code, label: unitText(code) }))}
                  onChange={(event) => write({ ...typed, units: { ...typed.units, [row]: event.currentTarget.value } })}
                />
              ) : (
                <span className={classes.unit}>{unitText(unit)}</span>
              )}
              {mark && (
                <span className={classes.attentionText}>
                  {mark === 'high' ? '↑' : '↓'} {t(`visit.vitals.${mark}`)}
                </span>
              )}
            </div>
            <Earlier observations={earlier(codes[0]?.[0] ?? '')} />
          </div>
        );
      })}
      <div className={classes.vitalRow}>
        <span className={classes.vitalName}>{nameOf('bmi')}</span>
        <output className={classes.vitalNow}>
          {quantityText(bmi === undefined ? undefined : { value: bmi, unit: 'kg/m2' }, say.locale) ?? '–'}
        </output>
        <Earlier observations={earlier('39156-5')} />
      </div>
      <div className={classes.choices}>
        <Button type="submit" loading={save.isPending}>
          {t('visit.vitals.save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('form.close')}
        </Button>
      </div>
    </form>
  );
}

function Earlier({ observations }: { observations: readonly Observation[] }) {
  const say = useSay();
  return (
    <span className={classes.earlier}>
      {observations.map((one) => (
        <span key={one.id}>
          {observationValue(one, say)} <span className={classes.quiet}>{formatDay(observedAt(one), say.locale)}</span>
        </span>
      ))}
    </span>
  );
}
