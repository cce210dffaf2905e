import { expect, test } from 'vitest';
import { panelOf, withPanel } from './addresses.ts';

test('a panel goes into the address and comes back, and the filter stays', () => {
  const filtered = new URLSearchParams('find=x&record=Condition/old');
  for (const panel of [
    { kind: 'record', type: 'Observation', id: 'o-1.2' },
    { kind: 'write', what: 'allergy', id: undefined },
    { kind: 'write', what: 'blood-pressure', id: 'o1' },
  ] as const) {
    const address = withPanel(filtered, panel);
    expect(panelOf(address)).toEqual(panel);
    expect(address.get('find')).toBe('x');
  }
  expect(withPanel(filtered, undefined).toString()).toBe('find=x');
});

test('what is no record and no form opens nothing', () => {
  for (const query of ['record=../secrets', 'record=Observation', 'record=Observation/a b', 'write=everything', ''])
    expect(panelOf(new URLSearchParams(query))).toBeUndefined();
});
