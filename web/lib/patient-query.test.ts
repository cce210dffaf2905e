import { describe, expect, test } from 'vitest';
import { patientSearches } from './patient-query.ts';

const asked = (text: string) => patientSearches(text, true).map((search) => search.toString().replace(/&?_count=20/, ''));

describe('what is typed to find a patient', () => {
  test.each([
    { typed: 'smi', searches: ['name=smi'], because: 'letters begin a name' },
    { typed: '  ana   garcía ', searches: ['name=ana+garc%C3%ADa'], because: 'words are one value, so that all must match' },
    { typed: 's', searches: [], because: 'one letter would find half the clinic' },
    { typed: '李', searches: ['name=%E6%9D%8E'], because: 'one Han character is a family name' },
    { typed: '10/05/1980', searches: ['birthdate=1980-10-05%2C1980-05-10'], because: 'both readings of a date are looked for' },
    {
      typed: 'smith 1980-10-05',
      searches: ['name=smith&birthdate=1980-10-05'],
      because: 'a name and a birth date narrow each other',
    },
    {
      typed: '(555) 852-8598',
      searches: ['phone=5558528598', 'identifier=%28555%29+852-8598'],
      because: 'digits are a phone or a record number',
    },
    { typed: '19801005', searches: ['birthdate=1980-10-05', 'identifier=19801005'], because: 'eight digits may be either' },
    { typed: 'MRN-12A', searches: ['name=MRN-12A', 'identifier=MRN-12A'], because: 'a word with digits may be a record number' },
    { typed: "o'neil, ann", searches: ['name=o%27neil%5C%2C+ann'], because: 'a comma would mean "or" to the server' },
  ])('"$typed": $because', ({ typed, searches }) => expect(asked(typed)).toEqual(searches));
});
