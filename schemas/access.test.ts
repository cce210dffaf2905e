import { describe, expect, test } from 'vitest';
import { INTERACTIONS, mayDo, type Role, TENANT_ROLES } from './access.ts';

/** Where a visit's words are kept: notes, reports, questionnaires. */
const NOTES = ['DocumentReference', 'Composition', 'DiagnosticReport', 'ClinicalImpression', 'QuestionnaireResponse', 'Binary'];
const able = (type: string): Role[] => TENANT_ROLES.filter((role) => INTERACTIONS.some((action) => mayDo([role], type, action)));

describe('no role reaches further than its work', () => {
  test.each(NOTES)('%s is for those who treat and the admin; a patient reads finished ones of their own chart', (type) => {
    expect(able(type).filter((role) => role !== 'patient')).toEqual(['admin', 'physician', 'nurse']);
  });

  test('a patient writes no record by itself', () => {
    const types = ['Patient', 'Appointment', 'Observation', 'DocumentReference', 'Invoice', 'Task', 'Communication'];
    for (const action of ['create', 'update', 'delete', 'import', 'history', 'vread'] as const)
      expect(types.filter((type) => mayDo(['patient'], type, action))).toEqual([]);
  });

  test('the trail of who did what is written by nobody, and read by admin and auditor', () => {
    expect(able('AuditEvent')).toEqual(['admin', 'auditor']);
    for (const action of ['create', 'update', 'delete', 'import'] as const)
      expect(TENANT_ROLES.filter((role) => mayDo([role], 'AuditEvent', action))).toEqual([]);
  });

  test('whoever has several roles has the sum of them, and whoever has none has nothing', () => {
    expect(mayDo(['biller', 'front-desk'], 'Claim', 'create')).toBe(true);
    expect(mayDo(['biller', 'front-desk'], 'Observation', 'read')).toBe(false);
    expect(mayDo([], 'Tenant', 'read')).toBe(false);
  });
});

test.each(['Account', 'ChargeItem', 'ChargeItemDefinition', 'Claim', 'Invoice', 'PaymentNotice', 'PaymentReconciliation'])(
  '%s is written at the billing desk: who treats may read it and no more',
  (type) => {
    for (const action of ['create', 'update', 'delete'] as const)
      expect(TENANT_ROLES.filter((role) => mayDo([role], type, action) && role !== 'front-desk')).toEqual(['admin', 'biller']);
    expect(mayDo(['physician'], type, 'read')).toBe(true);
  },
);

test('what the clinic pays the platform is for its administrators and billers, and for nobody else', () => {
  const may = TENANT_ROLES.filter((role) => mayDo([role], 'Plan', 'read') || mayDo([role], 'Plan', 'update'));
  expect(may).toEqual(['admin', 'biller']);
});
