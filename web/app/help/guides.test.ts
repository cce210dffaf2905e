import { expect, test } from 'vitest';
import { mayDo, type Role } from '../../../schemas/access.ts';
import { permissionOn, stepsFor, stepsInEmptyClinic } from './guides.ts';

const may = (role: Role) => (type: string, interaction: Parameters<typeof mayDo>[2]) => mayDo([role], type, interaction);

test.each([
  { role: 'physician', steps: ['find', 'read', 'allergy', 'keys'] },
  { role: 'nurse', steps: ['find', 'read', 'allergy', 'keys'] },
  { role: 'front-desk', steps: ['find', 'keys'] },
  { role: 'admin', steps: ['find', 'read', 'allergy', 'import', 'invite', 'keys'] },
  { role: 'auditor', steps: ['keys'] },
] as const)('$role is shown $steps', ({ role, steps }) => {
  expect(stepsFor(may(role)).map(({ id }) => id)).toEqual(steps);
});

test.each([
  { role: 'admin', steps: ['begin', 'find', 'read', 'allergy', 'invite', 'keys'] },
  { role: 'front-desk', steps: ['begin', 'find', 'keys'] },
  { role: 'auditor', steps: ['keys'] },
] as const)('in a clinic without patients $role is shown $steps', ({ role, steps }) => {
  expect(stepsInEmptyClinic(may(role)).map(({ id }) => id)).toEqual(steps);
});

test.each([
  { role: 'physician', type: 'Condition', permission: 'write' },
  { role: 'front-desk', type: 'AllergyIntolerance', permission: 'read' },
  { role: 'front-desk', type: 'DocumentReference', permission: 'none' },
] as const)('$role on $type: $permission', ({ role, type, permission }) => {
  expect(permissionOn(may(role), type)).toBe(permission);
});
