import type { Observation, ObservationComponent, Reference } from 'fhir/r4';
import type { Kept } from '../../lib/api.ts';
import { bloodPressure, type TypedPressure } from '../../lib/blood-pressure.ts';
import { anyCode } from '../../lib/concept.ts';
import { DIASTOLIC, observedAt, SYSTOLIC } from '../../lib/vital-signs.ts';
import { toWallClock } from '../../lib/wall-clock.ts';

export interface PressureTyped extends TypedPressure {
  /** What the clinic's clock showed (web/lib/wall-clock.ts). */
  readonly when: string;
}

const component = (observation: Observation, code: string): ObservationComponent | undefined =>
  observation.component?.find((part) => anyCode([part.code], code));
export const isBloodPressure = (observation: Observation): boolean =>
  component(observation, SYSTOLIC) !== undefined && component(observation, DIASTOLIC) !== undefined;

/** A stored blood pressure as the form shows it: whole mmHg, and the time on the clock of `timeZone`. */
export function typedPressure(observation: Observation, timeZone: string): PressureTyped {
  const whole = (code: string) => {
    const value = component(observation, code)?.valueQuantity?.value;
    return value === undefined ? '' : String(Math.round(value));
  };
  const at = Date.parse(observedAt(observation) ?? '');
  return { systolic: whole(SYSTOLIC), diastolic: whole(DIASTOLIC), when: Number.isNaN(at) ? '' : toWallClock(at, timeZone) };
}

/** The observation that the form means. A correction keeps all that the form does not show and says that it is one (FHIR R4, ObservationStatus "corrected"). */
export function toPressure(
  typed: PressureTyped,
  effective: string,
  base: Kept<Observation> | undefined,
  context: { patient: string; performer: Reference | undefined; timeZone: string },
): Observation | Kept<Observation> {
  const fresh = bloodPressure(context.patient, typed, effective, context.performer);
  if (!base) return fresh;
  const before = typedPressure(base, context.timeZone);
  // A number or time that was not retyped keeps its decimals and seconds, and an interpretation that fitted it.
  const parts = (fresh.component ?? []).map((part) => {
    const code = part.code.coding?.[0]?.code ?? '';
    const old = component(base, code);
    const same = before[code === SYSTOLIC ? 'systolic' : 'diastolic'] === typed[code === SYSTOLIC ? 'systolic' : 'diastolic'];
    return same && old ? old : part;
  });
  const others = (base.component ?? []).filter((part) => !anyCode([part.code], SYSTOLIC) && !anyCode([part.code], DIASTOLIC));
  const { effectivePeriod, effectiveInstant, ...rest } = base;
  const timing =
    before.when === typed.when
      ? { ...(effectivePeriod && { effectivePeriod }), ...(effectiveInstant && { effectiveInstant }) }
      : { effectiveDateTime: effective };
  return {
    ...rest,
    ...timing,
    status: base.status === 'preliminary' || base.status === 'registered' ? base.status : 'corrected',
    component: [...parts, ...others],
  };
}

/** The same measurement, taken back. */
export const observationInError = (
  observation: Kept<Observation>,
  note: { text: string; time: string } | undefined,
): Kept<Observation> => ({
  ...observation,
  status: 'entered-in-error',
  ...(note && { note: [...(observation.note ?? []), note] }),
});
