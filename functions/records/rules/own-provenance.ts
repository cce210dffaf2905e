import type { FhirResource, Provenance, ProvenanceAgent } from 'fhir/r4';
import { type ProblemIssue, said } from '../../../core/outcome.ts';
import type { RuleContext } from '../../../core/rules.ts';
import type { Scope } from '../../../core/scope.ts';

/**
 * Who a Provenance may name. A member of staff speaks for themselves: as an agent of this clinic they name no other practitioner.
 * Patients, relatives, devices and organizations are named freely ("the mother reported it"). The clinic's admin, who brings in records from
 * elsewhere, names whoever the source named. The system's own Provenance of each version names its true author whatever is written here.
 */
export function ownProvenance(resource: FhirResource, { scope }: Pick<RuleContext, 'scope'>): readonly ProblemIssue[] {
  if (scope.roles.includes('admin')) return [];
  return (resource as Provenance).agent.flatMap((agent, index) =>
    namesAnother(agent, scope)
      ? [
          {
            ...said('provenance-not-yours'),
            path: `Provenance.agent[${index}].who`,
          },
        ]
      : [],
  );
}

function namesAnother({ who }: ProvenanceAgent, { user }: Scope): boolean {
  const { reference = '', type } = who;
  const isStaff = /^Practitioner(Role)?\//.test(reference) || type === 'Practitioner' || type === 'PractitionerRole';
  if (!isStaff) return false;
  return reference === '' ? who.identifier?.value !== user.id : reference !== user.fhirUser;
}
