import type { Observation, Quantity } from 'fhir/r4';
import { type ProblemIssue, said } from '../../../core/outcome.ts';
import type { WriteRule } from '../../../core/rules.ts';
import { VITAL_LIMITS, type VitalLimits } from '../../../schemas/vital-limits.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';

export const impossibleVitals: WriteRule = (resource) => {
  if (resource.resourceType !== 'Observation' || resource.status === 'entered-in-error') return [];
  const components = (resource.component ?? []).map((part, index) => [part, `Observation.component[${index}]`] as const);
  return [[resource, 'Observation'] as const, ...components].flatMap(([part, path]) => objectionTo(part, path));
};

function objectionTo({ code, valueQuantity }: Pick<Observation, 'code' | 'valueQuantity'>, path: string): ProblemIssue[] {
  const loinc = code.coding?.find(
    (coding) => coding.system === LOINC && coding.code !== undefined && Object.hasOwn(VITAL_LIMITS, coding.code),
  )?.code;
  const limits = loinc === undefined ? undefined : VITAL_LIMITS[loinc];
  if (!limits || !valueQuantity || valueQuantity.value === undefined) return [];
  const fault = faultOf(valueQuantity, limits);
  return fault ? [{ ...fault, path: `${path}.valueQuantity` }] : [];
}

/** A unit without a UCUM code is text for people, and cannot be judged. */
function faultOf({ value = 0, system, code }: Quantity, { name, range }: VitalLimits): ProblemIssue | undefined {
  if (system !== UCUM || code === undefined) return undefined;
  const limit = Object.hasOwn(range, code) ? range[code] : undefined;
  if (!limit) return said('vital-unit', { what: name, units: Object.keys(range).join(', ') });
  const [low, high] = limit;
  return value < low || value > high ? said('vital-impossible', { what: name, low, high, unit: code }) : undefined;
}
