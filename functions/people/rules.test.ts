import { describe, expect, test } from 'vitest';
import type { Member } from '../../core/directory/membership.ts';
import type { Role } from '../../schemas/access.ts';
import { lastAdminStays } from './rules.ts';

const member = (sub: string, roles: readonly Role[], state: Member['state'] = 'active'): Member => ({
  sub,
  roles,
  state,
  revision: 0,
});
const ada = member('ada', ['admin', 'physician']);
const demoted = { ...ada, roles: ['physician'] as const };
const disabled = { ...ada, state: 'disabled' as const };

describe('lastAdminStays', () => {
  test.each([
    { others: [member('bob', ['admin'])], after: demoted, witness: 'bob', because: 'somebody else administers' },
    { others: [member('bob', ['admin'])], after: disabled, witness: 'bob', because: 'somebody else administers' },
    { others: [], after: { ...ada, roles: ['admin'] as const }, witness: undefined, because: 'she still administers' },
    { others: [], after: ada, witness: undefined, because: 'nothing changes' },
  ])('allowed with witness $witness: $because', ({ others, after, witness }) => {
    expect(lastAdminStays([ada, ...others], ada, after)?.sub).toBe(witness);
  });

  test.each([
    { others: [], because: 'nobody else is there' },
    { others: [member('bob', ['nurse'])], because: 'the other one does not administer' },
    { others: [member('bob', ['admin'], 'disabled')], because: 'the other administrator is disabled' },
  ])('refused: $because', ({ others }) => {
    for (const after of [demoted, disabled]) expect(() => lastAdminStays([ada, ...others], ada, after)).toThrow('rule-broken');
  });

  test('a disabled administrator may be enabled without a witness', () => {
    expect(lastAdminStays([disabled], disabled, ada)).toBeUndefined();
  });
});
