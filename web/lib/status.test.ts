import { expect, test } from 'vitest';
import { statusOf } from './status.ts';

const status = (code: string) => ({ coding: [{ code }] });
const condition = (clinical: string, verification: string) => ({
  resourceType: 'Condition' as const,
  subject: {},
  clinicalStatus: status(clinical),
  verificationStatus: status(verification),
});
const observation = (code: 'final' | 'preliminary' | 'amended' | 'corrected' | 'entered-in-error') => ({
  resourceType: 'Observation' as const,
  code: {},
  status: code,
});

test.each([
  { of: condition('active', 'confirmed'), code: 'active', trust: 'settled', current: true, because: 'holds now' },
  { of: condition('resolved', 'confirmed'), code: 'resolved', trust: 'settled', current: false, because: 'is over' },
  { of: condition('active', 'provisional'), code: 'active', trust: 'unconfirmed', current: true, because: 'nobody is sure' },
  {
    of: condition('active', 'refuted'),
    code: 'refuted',
    trust: 'not-done',
    current: false,
    because: 'verification takes the state back',
  },
  {
    of: { ...condition('', 'entered-in-error'), clinicalStatus: undefined },
    code: 'entered-in-error',
    trust: 'entered-in-error',
    current: false,
    because: 'was never true',
  },
  { of: observation('final'), code: 'final', trust: 'settled', current: true, because: 'stands' },
  { of: observation('preliminary'), code: 'preliminary', trust: 'preliminary', current: true, because: 'may change' },
  { of: observation('corrected'), code: 'corrected', trust: 'amended', current: true, because: 'was changed' },
  {
    of: observation('entered-in-error'),
    code: 'entered-in-error',
    trust: 'entered-in-error',
    current: false,
    because: 'was never true',
  },
  { of: { resourceType: 'Patient' as const }, code: undefined, trust: 'settled', current: true, because: 'has no status' },
])('$of.resourceType $code: $because', ({ of, code, trust, current }) => expect(statusOf(of)).toEqual({ code, trust, current }));
