import type { Coverage, FhirResource } from 'fhir/r4';
import { endsBeforeItBegins, overlap, overlapWith } from '../../../core/billing/coverage-days.ts';
import { said } from '../../../core/outcome.ts';
import type { RuleContext, WriteRule } from '../../../core/rules.ts';
import { patientOf } from '../../../schemas/fhir/compartment.ts';

/** What a coverage says is held against the others before it is written. The store holds it against them once more in the writing. */
export const coverageDays: WriteRule = async (resource, context) => {
  if (resource.resourceType !== 'Coverage' || resource.status !== 'active') return [];
  if (endsBeforeItBegins(resource)) return [{ ...said('coverage-dates'), path: 'Coverage.period' }];
  const other = (await coveragesBeside(resource, context)).find((beside) => overlap(resource, beside));
  return other ? [overlapWith(other)] : [];
};

async function coveragesBeside(
  resource: Coverage,
  { scope, records, alongside, leaving = new Set() }: RuleContext,
): Promise<readonly Coverage[]> {
  const patient = patientOf(resource);
  if (!patient) return [];
  const written = new Set(alongside.map(({ resourceType, id }) => `${resourceType}/${id}`));
  const { items } = await records.chart(scope, patient, { types: 'Coverage', count: 200 });
  const stands = ({ id }: { id?: string }): boolean => !written.has(`Coverage/${id}`) && !leaving.has(`Coverage/${id}`);
  return [...items.filter(stands), ...alongside]
    .filter((other): other is FhirResource & Coverage => other.resourceType === 'Coverage' && patientOf(other) === patient)
    .filter((other) => other !== resource && (other.id === undefined || other.id !== resource.id));
}
