import type { Provenance, Reference } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { anyScope } from '../../../test/support/scope.ts';
import { ownProvenance } from './own-provenance.ts';

const doctor = anyScope({ user: { id: 'user-1', fhirUser: 'Practitioner/me' }, roles: ['physician'] });
const by = (...agents: Reference[]): Provenance => ({
  resourceType: 'Provenance',
  target: [{ reference: 'Observation/1' }],
  recorded: '2026-01-01T00:00:00Z',
  agent: agents.map((who) => ({ who })),
});

describe('ownProvenance: a physician who is Practitioner/me', () => {
  test.each<{ who: Reference; fine: boolean; because: string }>([
    { who: { reference: 'Practitioner/me' }, fine: true, because: 'that is themselves' },
    { who: { reference: 'Practitioner/other' }, fine: false, because: 'nobody speaks for a colleague' },
    { who: { reference: 'PractitionerRole/other' }, fine: false, because: 'a role is a colleague too' },
    { who: { type: 'Practitioner', identifier: { value: 'user-2' } }, fine: false, because: 'nor by an identifier' },
    { who: { type: 'Practitioner', identifier: { value: 'user-1' } }, fine: true, because: 'their own identifier' },
    { who: { reference: 'Patient/1' }, fine: true, because: 'the patient said so' },
    { who: { reference: 'Organization/1' }, fine: true, because: 'the laboratory sent it' },
    { who: { display: 'The mother' }, fine: true, because: 'a person without a record' },
  ])('$who → $fine: $because', ({ who, fine }) => {
    expect(ownProvenance(by({ reference: 'Practitioner/me' }, who), { scope: doctor }).map(({ path }) => path)).toEqual(
      fine ? [] : ['Provenance.agent[1].who'],
    );
  });

  test('somebody without a record of their own names no practitioner', () => {
    expect(ownProvenance(by({ reference: 'Practitioner/me' }), { scope: anyScope() })).toHaveLength(1);
  });
  test('the admin, who brings in records from elsewhere, names anybody', () => {
    expect(ownProvenance(by({ reference: 'Practitioner/other' }), { scope: anyScope({ roles: ['admin'] }) })).toEqual([]);
  });
});
