import { describe, expect, test } from 'vitest';
import { mayDo, type Role, TENANT_ROLES } from '../../../schemas/access.ts';
import { cardsFor } from './cards.ts';

const cardsOf = (...roles: Role[]) => cardsFor(roles, (type, interaction) => mayDo(roles, type, interaction));

describe('the first page by role', () => {
  test.each<{ roles: Role[]; expected: string[]; because: string }>([
    { roles: ['physician'], expected: ['my-visits', 'inbox', 'notes', 'review-result'], because: 'patients, then paper' },
    { roles: ['nurse'], expected: ['rooming', 'inbox'], because: 'who is here waits for vital signs' },
    { roles: ['front-desk'], expected: ['visits', 'inbox', 'file-document'], because: 'arrivals and scans' },
    { roles: ['biller'], expected: ['money', 'inbox'], because: 'money' },
    { roles: ['admin'], expected: ['clinic', 'inbox'], because: 'the clinic itself' },
    {
      roles: ['admin', 'physician'],
      expected: ['my-visits', 'inbox', 'notes', 'review-result', 'clinic'],
      because: 'the union, each card once, patients first',
    },
    { roles: ['auditor'], expected: [], because: 'nothing waits for them' },
  ])('$roles: $because', ({ roles, expected }) => {
    expect(cardsOf(...roles)).toEqual(expected);
  });

  test('nobody is shown a card that the server would refuse', () => {
    for (const role of TENANT_ROLES) if (!mayDo([role], 'Task', 'search')) expect(cardsOf(role)).toEqual([]);
  });
});
