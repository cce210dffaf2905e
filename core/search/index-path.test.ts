import { expect, test } from 'vitest';
import type { Scope } from '../scope.ts';
import type { IndexPage, Records } from '../store/types.ts';
import { indexPath } from './index-path.ts';
import { parseQuery } from './query.ts';

/** Which index rows a Patient search reads: parameter, then what the value is or begins with. */
async function lookups(query: string): Promise<string[]> {
  const asked: string[] = [];
  const byIndex: Records['byIndex'] = async (_scope, _type, parameter, match): Promise<IndexPage> => {
    const span =
      'exact' in match ? `= ${match.exact}` : 'prefix' in match ? `${match.prefix}*` : `${match.from}..${match.before}`;
    asked.push(`${parameter} ${span}`);
    return { items: [], values: [], cursorAfter: () => '' };
  };
  const parsed = parseQuery('Patient', new URLSearchParams(query), { strict: true, base: '', nowMs: 0 });
  const plan = indexPath({ byIndex } as Partial<Records> as Records, {} as Scope, parsed);
  if (plan?.kind === 'sources') for (const { open } of plan.sources) await open(1, undefined);
  return asked;
}

test.each([
  ['name=ann%20smithers', ['name smithers*'], 'the longest word is the rarest'],
  ['name=Zo%C3%AB', ['name zoe*'], 'folded as it was stored'],
  ['name=smith,jones', ['name smith*', 'name jones*'], 'one look-up for each of the alternatives'],
  ['family=smith&given=ann', ['name smith*'], 'family and given names stand in the index of names'],
  ['name=smith&birthdate=1980-05-01', ['birthdate = 1980-05-01'], 'a birth date is narrower than a name'],
  ['birthdate=1980-05', ['birthdate 1980-05*'], 'a month is a beginning'],
  ['birthdate=1980&name=smith', ['name smith*'], 'a year is wider than a name'],
  ['name=smith&identifier=urn:mrn|A-1', ['identifier = a-1'], 'an identifier is the narrowest'],
  ['phone=%2B1%20(555)%20123-4567&name=smith', ['phone 5551234567*'], 'a whole telephone number is narrow'],
  ['phone=5&name=smith', ['name smith*'], 'one digit is not'],
  ['telecom=ann@example.org', ['email ann@example.org*'], ''],
  ['birthdate=ge1980', ['name *'], 'comparisons read the list of all patients'],
  ['gender=female', ['name *'], ''],
  ['name:contains=mit', ['name *'], 'a middle is no beginning'],
  ['', ['name *'], 'no criterion at all lists all patients'],
])('%s reads %j %s', async (query, expected) => {
  expect(await lookups(query)).toEqual(expected);
});
