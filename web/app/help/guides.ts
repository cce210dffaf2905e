import type { May } from '../../features/settings/sections.ts';

/**
 * The first steps of each role and the short how-tos of the help. A step is offered to whoever may do it, by the permissions that the server
 * judges by (schemas/access.ts), so that nobody is told to do what they will be refused. Texts: `guide.steps` of the catalogue.
 */
const BEGIN = { id: 'begin', needs: ['Patient', 'create'], place: 'patients' } as const;
const STEPS = [
  { id: 'find', needs: ['Patient', 'search'], place: 'patients' },
  { id: 'read', needs: ['Condition', 'read'], place: 'patients' },
  { id: 'allergy', needs: ['AllergyIntolerance', 'create'], place: 'patients' },
  { id: 'import', needs: ['Tenant', 'import'], place: 'settings' },
  { id: 'invite', needs: ['Tenant', 'update'], place: 'settings' },
  { id: 'keys', needs: undefined, place: undefined },
] as const satisfies readonly {
  readonly id: string;
  readonly needs: readonly [type: string, interaction: Parameters<May>[1]] | undefined;
  readonly place: 'patients' | 'settings' | undefined;
}[];
export type Step = (typeof STEPS)[number] | typeof BEGIN;

const permitted = <S extends Step>(steps: readonly S[], may: May): readonly S[] =>
  steps.filter(({ needs }) => needs === undefined || may(needs[0], needs[1]));

export const stepsFor = (may: May): readonly Step[] => permitted(STEPS, may);

/** In a clinic without patients nobody can be found: whoever may add them begins with that, and finds and reads afterwards. */
export const stepsInEmptyClinic = (may: May): readonly Step[] => {
  const begin = permitted([BEGIN], may);
  const rest = stepsFor(may);
  return begin.length === 0 ? rest : [...begin, ...rest.filter(({ id }) => id !== 'import')];
};

/** What the help says about a role, in the words of the catalogue's types. */
export const AREAS = [
  'Patient',
  'Condition',
  'MedicationRequest',
  'AllergyIntolerance',
  'Observation',
  'Encounter',
  'DocumentReference',
  'Coverage',
  'Claim',
] as const;
export const permissionOn = (may: May, type: string): 'write' | 'read' | 'none' =>
  may(type, 'create') || may(type, 'update') ? 'write' : may(type, 'read') ? 'read' : 'none';
