import { describe, expect, test } from 'vitest';
import { leaks, secretsOf } from './no-patient-data.ts';

const secrets = secretsOf([
  {
    resourceType: 'Patient',
    name: [{ family: 'Okonkwo', given: ['Ada'] }, { family: 'Li' }],
    birthDate: '1980-10-05',
    telecom: [{ value: '+1 555 010 2030' }, { value: 'ada@example.org' }],
  },
]);
const leaksIn = (text: string): string[] => leaks([{ where: 'a log', text }], secrets);

describe('leaks', () => {
  test.each([
    { text: '{"detail":"Okonkwo"}', found: ['name in a log'] },
    { text: '{"birth":"1980-10-05"}', found: ['birth date in a log'] },
    { text: 'call +1 555 010 2030 now', found: ['phone or e-mail in a log'] },
    { text: 'to:ada@example.org', found: ['phone or e-mail in a log'] },
    { text: '{"at":"1980-10-059"}', found: [] },
    { text: 'Okonkwola', found: [] },
    { text: 'List', found: [] },
  ])('$text → $found', ({ text, found }) => expect(leaksIn(text)).toEqual(found));
});
