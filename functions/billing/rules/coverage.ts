import type { Coverage, FhirResource } from 'fhir/r4';
import { said } from '../../../core/outcome.ts';
import type { RuleContext, WriteRule } from '../../../core/rules.ts';
import { patientOf } from '../../../schemas/fhir/compartment.ts';

/**
 * On a day one coverage pays first: two active ones of the same order never hold on one day, whatever way they are written. A second
 * insurer of the same days has another order (FHIR R4, Coverage.order).
 */
export const coverageDays: WriteRule = async (resource, context) => {
  if (resource.resourceType !== 'Coverage' || resource.status !== 'active') return [];
  const { start, end } = resource.period ?? {};
  if (start && end && dayOf(end, 'last') < dayOf(start, 'first')) return [{ ...said('coverage-dates'), path: 'Coverage.period' }];
  const other = (await coveragesBeside(resource, context)).find((beside) => overlap(resource, beside));
  if (!other) return [];
  return [
    {
      ...said('coverage-overlaps', {
        insurer: other.payor[0]?.display ?? other.type?.text ?? '?',
        from: other.period?.start?.slice(0, 10) ?? '…',
        to: other.period?.end?.slice(0, 10) ?? '…',
      }),
      path: 'Coverage.period',
    },
  ];
};

/** Whether both are active, of the same order, and hold on one day at least. Both ends count; no end is for ever. */
export function overlap(one: Coverage, other: Coverage): boolean {
  if (one.status !== 'active' || other.status !== 'active' || (one.order ?? 1) !== (other.order ?? 1)) return false;
  const [first, second] = [daysOf(one), daysOf(other)];
  return first.from <= second.to && second.from <= first.to;
}

const daysOf = ({ period }: Coverage): { from: string; to: string } => ({
  from: period?.start ? dayOf(period.start, 'first') : '0000-01-01',
  to: period?.end ? dayOf(period.end, 'last') : '9999-12-31',
});

/** A FHIR date may stop at the year or the month: then its first day or its last. */
function dayOf(date: string, which: 'first' | 'last'): string {
  const first = which === 'first';
  if (date.length === 4) return `${date}${first ? '-01-01' : '-12-31'}`;
  return date.length === 7 ? `${date}${first ? '-01' : '-31'}` : date.slice(0, 10);
}

async function coveragesBeside(resource: Coverage, { scope, records, alongside }: RuleContext): Promise<readonly Coverage[]> {
  const patient = patientOf(resource);
  if (!patient) return [];
  const written = new Set(alongside.map(({ resourceType, id }) => `${resourceType}/${id}`));
  const { items } = await records.chart(scope, patient, { types: 'Coverage', count: 200 });
  return [...items.filter(({ id }) => !written.has(`Coverage/${id}`)), ...alongside]
    .filter((other): other is FhirResource & Coverage => other.resourceType === 'Coverage' && patientOf(other) === patient)
    .filter((other) => other !== resource && (other.id === undefined || other.id !== resource.id));
}
