import { describe, expect, test } from 'vitest';
import { Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
const acl = synthesis.one('AWS::WAFv2::WebACL').Properties as {
  Scope: string;
  Rules: {
    Name: string;
    Priority: number;
    Action?: unknown;
    OverrideAction?: unknown;
    Statement: Record<string, Record<string, unknown>>;
  }[];
};
const rule = (name: string) => {
  const found = acl.Rules.find(({ Name }) => Name === name);
  if (!found) throw new Error(`There is no rule ${name}.`);
  return found;
};
const overrides = Object.fromEntries(
  acl.Rules.map(({ Name, Statement }) => [Name, Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? []]),
);

test('five rules, as the budget says, of the CloudFront scope', () => {
  expect(acl.Scope).toBe('CLOUDFRONT');
  expect(acl.Rules.map(({ Name }) => Name)).toEqual([
    'per-address',
    'per-token',
    'core',
    'bodies-outside-api',
    'known-bad-inputs',
  ]);
});

test('exactly two managed rules only count: the body size and the body XSS of the core set', () => {
  expect(overrides).toEqual({
    'per-address': [],
    'per-token': [],
    core: [
      { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
      { Name: 'CrossSiteScripting_BODY', ActionToUse: { Count: {} } },
    ],
    'bodies-outside-api': [],
    'known-bad-inputs': [],
  });
  for (const name of ['core', 'known-bad-inputs']) {
    expect(rule(name).OverrideAction).toEqual({ None: {} });
    expect(rule(name).Statement.ManagedRuleGroupStatement).not.toHaveProperty('ScopeDownStatement');
    expect(rule(name).Statement.ManagedRuleGroupStatement).not.toHaveProperty('ExcludedRules');
  }
});

test('outside /api/* what they counted is blocked, by a rule that runs after them', () => {
  const outside = rule('bodies-outside-api');
  expect(outside.Action).toEqual({ Block: {} });
  expect(outside.Priority).toBeGreaterThan(rule('core').Priority);
  expect(outside.Statement).toEqual({
    AndStatement: {
      Statements: [
        {
          OrStatement: {
            Statements: [
              { LabelMatchStatement: { Scope: 'LABEL', Key: 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body' } },
              { LabelMatchStatement: { Scope: 'LABEL', Key: 'awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body' } },
            ],
          },
        },
        {
          NotStatement: {
            Statement: {
              ByteMatchStatement: {
                FieldToMatch: { UriPath: {} },
                PositionalConstraint: 'STARTS_WITH',
                SearchString: '/api/',
                TextTransformations: [{ Priority: 0, Type: 'NONE' }],
              },
            },
          },
        },
      ],
    },
  });
});

describe('rates, per five minutes', () => {
  test.each([
    { name: 'per-address', limit: 10_000, key: 'IP' },
    { name: 'per-token', limit: 3_000, key: 'CUSTOM_KEYS' },
  ])('$name: $limit, answered with 429', ({ name, limit, key }) => {
    expect(rule(name).Statement.RateBasedStatement).toMatchObject({
      Limit: limit,
      AggregateKeyType: key,
      EvaluationWindowSec: 300,
    });
    expect(rule(name).Action).toEqual({ Block: { CustomResponse: { ResponseCode: 429 } } });
  });
  test('one token is one caller, whatever its address', () => {
    expect(rule('per-token').Statement.RateBasedStatement?.CustomKeys).toMatchObject([{ Header: { Name: 'authorization' } }]);
  });
});

test('its log keeps no token, no cookie, no query string', () => {
  expect(synthesis.one('AWS::WAFv2::LoggingConfiguration').Properties.RedactedFields).toEqual([
    { SingleHeader: { Name: 'authorization' } },
    { SingleHeader: { Name: 'cookie' } },
    { QueryString: {} },
  ]);
});
