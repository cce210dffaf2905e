import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, test } from 'vitest';
import { ARN, plain } from '../test/support/plain-policy.ts';
import { type Found, Synthesis } from '../test/support/templates.ts';

const synthesis = new Synthesis();
const policyOf = (found: Found, property: string): unknown => plain(synthesis, found.stack, found.Properties[property]);
const documents = `arn:aws:s3:::${synthesis.one('AWS::S3::Bucket', 'Documents').logicalId.toLowerCase()}`;
const TABLE = ARN.table(synthesis.one('AWS::DynamoDB::GlobalTable').logicalId);
const tenantRights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'TenantsTenantRole'), 'PolicyDocument');
const directoryRights = synthesis
  .all('AWS::IAM::ManagedPolicy')
  .filter(({ logicalId }) => logicalId.startsWith('DirectoryDirectoryRole'));

interface Asked {
  readonly policy: unknown;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  readonly principal?: string;
  readonly trust?: unknown;
}

/** What IAM would answer (`Allowed`, `ImplicitlyDenied`, ...). Each request carries all that a real one would: nothing is allowed by omission. */
async function ask({
  policy,
  action,
  resource,
  context = {},
  principal = 'arn:aws:sts::111111111111:assumed-role/TenantRole/lease',
  trust,
}: Asked): Promise<string> {
  const answer = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: ARN.account }, contextVariables: { ...context } },
      identityPolicies: [{ name: 'rights', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(trust !== undefined && { resourcePolicy: trust }),
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  return answer.overallResult;
}

/** A request to the table in the session of `tenant`, for items under `keys`. */
const onTable = (action: string, tenant: string | undefined, keys: string[] | undefined, resource = TABLE) =>
  ask({
    policy: tenantRights,
    action: `dynamodb:${action}`,
    resource,
    context: {
      ...(tenant !== undefined && { 'aws:PrincipalTag/tenant': tenant }),
      ...(keys && { 'dynamodb:LeadingKeys': keys }),
    },
  });

describe('the tenant role, in the session of tenant acme', () => {
  test.each([
    { action: 'GetItem', keys: ['t#acme#Patient#1'], expected: 'Allowed', because: 'its own locator' },
    { action: 'Query', keys: ['t#acme#in#1'], expected: 'Allowed', because: 'its own chart' },
    {
      action: 'BatchGetItem',
      keys: ['t#acme#in#1', 'lib#rxnorm#2026'],
      expected: 'Allowed',
      because: 'its own chart beside shared knowledge',
    },
    { action: 'PutItem', keys: ['t#acme#in#1'], expected: 'Allowed', because: 'its own record' },
    { action: 'UpdateItem', keys: ['t#acme#in#1'], expected: 'Allowed', because: 'its own record' },
    { action: 'DeleteItem', keys: ['t#acme#ix#Patient#name'], expected: 'Allowed', because: 'its own index row' },
    { action: 'ConditionCheckItem', keys: ['t#acme#only#Claim#x'], expected: 'Allowed', because: 'its own only-one row' },
    { action: 'GetItem', keys: ['lib#rxnorm#2026'], expected: 'Allowed', because: 'knowledge is shared' },
    {
      action: 'PutItem',
      keys: ['sys#due#202611230900#3'],
      expected: 'Allowed',
      because: 'due work is put beside the appointment',
    },
    { action: 'GetItem', keys: ['t#other#Patient#1'], expected: 'ImplicitlyDenied', because: "another tenant's record" },
    { action: 'Query', keys: ['t#other#in#1'], expected: 'ImplicitlyDenied', because: "another tenant's chart" },
    { action: 'PutItem', keys: ['t#other#in#1'], expected: 'ImplicitlyDenied', because: "another tenant's record" },
    { action: 'GetItem', keys: ['t#acme2#Patient#1'], expected: 'ImplicitlyDenied', because: 'acme2 begins like acme' },
    { action: 'GetItem', keys: ['t#acm#Patient#1'], expected: 'ImplicitlyDenied', because: 'acme begins like acm' },
    {
      action: 'BatchGetItem',
      keys: ['t#acme#in#1', 't#other#in#1'],
      expected: 'ImplicitlyDenied',
      because: 'one foreign key among its own',
    },
    { action: 'GetItem', keys: undefined, expected: 'ImplicitlyDenied', because: 'a request that names no key' },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied', because: 'a request that names no key' },
    { action: 'PutItem', keys: ['lib#rxnorm#2026'], expected: 'ImplicitlyDenied', because: 'knowledge is written by its loader' },
    {
      action: 'UpdateItem',
      keys: ['lib#rxnorm#2026'],
      expected: 'ImplicitlyDenied',
      because: 'knowledge is written by its loader',
    },
    {
      action: 'GetItem',
      keys: ['sys#due#202611230900#3'],
      expected: 'ImplicitlyDenied',
      because: "due work names other tenants: the sweep's to read",
    },
    {
      action: 'UpdateItem',
      keys: ['sys#due#202611230900#3'],
      expected: 'ImplicitlyDenied',
      because: 'due work is put and deleted, never changed',
    },
    { action: 'UpdateItem', keys: ['sys#usage#acme'], expected: 'Allowed', because: 'it counts in its own ledger' },
    { action: 'UpdateItem', keys: ['sys#usage#acme2'], expected: 'ImplicitlyDenied', because: 'acme2 begins like acme' },
    { action: 'UpdateItem', keys: ['sys#usage#'], expected: 'ImplicitlyDenied', because: 'the ledger of nobody' },
    { action: 'Query', keys: ['sys#usage#acme'], expected: 'Allowed', because: 'whether a limit of its plan is passed' },
    { action: 'Query', keys: ['sys#usage#acme2'], expected: 'ImplicitlyDenied', because: 'acme2 begins like acme' },
    { action: 'PutItem', keys: ['sys#usage#acme'], expected: 'ImplicitlyDenied', because: 'a ledger is added to, never set' },
    {
      action: 'DeleteItem',
      keys: ['sys#usage#acme'],
      expected: 'ImplicitlyDenied',
      because: 'a ledger is added to, never emptied',
    },
    { action: 'PutItem', keys: ['sys#failed#all'], expected: 'Allowed', because: 'the platform counts what failed' },
    {
      action: 'Query',
      keys: ['sys#failed#all'],
      expected: 'ImplicitlyDenied',
      because: 'the count over all clinics is the platform’s',
    },
    { action: 'PutItem', keys: ['sys#run#dead-letters'], expected: 'ImplicitlyDenied', because: 'runs are the platform’s' },
    { action: 'GetItem', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: "memberships are the directory role's" },
    { action: 'PutItem', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: 'nobody makes himself a member' },
    { action: 'Scan', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied', because: 'nothing scans' },
    { action: 'Scan', keys: undefined, expected: 'ImplicitlyDenied', because: 'nothing scans' },
    {
      action: 'PartiQLSelect',
      keys: ['t#acme#in#1'],
      expected: 'ImplicitlyDenied',
      because: 'a statement need not name its key',
    },
    {
      action: 'PartiQLInsert',
      keys: ['t#acme#in#1'],
      expected: 'ImplicitlyDenied',
      because: 'a statement need not name its key',
    },
    { action: 'DeleteTable', keys: undefined, expected: 'ImplicitlyDenied', because: "tables are the template's" },
  ])('$action on $keys → $expected: $because', async ({ action, keys, expected }) => {
    expect(await onTable(action, 'acme', keys)).toBe(expected);
  });

  test.each([
    { action: 'Query', keys: ['t#acme#Patient#0'], expected: 'Allowed', because: 'its own changes' },
    { action: 'Query', keys: ['t#acme2#Patient#0'], expected: 'ImplicitlyDenied', because: 'acme2 begins like acme' },
    { action: 'Scan', keys: undefined, expected: 'ImplicitlyDenied', because: 'nothing scans an index either' },
  ])('index: $action on $keys → $expected: $because', async ({ action, keys, expected }) => {
    expect(await onTable(action, 'acme', keys, `${TABLE}/index/changed`)).toBe(expected);
  });

  test.each([
    { action: 's3:GetObject', name: 't/acme/imports/1/0', expected: 'Allowed' },
    { action: 's3:PutObject', name: 't/acme/imports/1/0', expected: 'Allowed' },
    { action: 's3:GetObject', name: 't/acme2/imports/1/0', expected: 'ImplicitlyDenied' },
    { action: 's3:PutObject', name: 't/other/imports/1/0', expected: 'ImplicitlyDenied' },
    { action: 's3:GetObject', name: 'imports/1/0', expected: 'ImplicitlyDenied' },
    { action: 's3:DeleteObjectVersion', name: 't/acme/imports/1/0', expected: 'ImplicitlyDenied' },
  ])('$action $name → $expected', async ({ action, name, expected }) => {
    const context = { 'aws:PrincipalTag/tenant': 'acme' };
    expect(await ask({ policy: tenantRights, action, resource: `${documents}/${name}`, context })).toBe(expected);
  });

  test('lists nothing: names of files are kept in records', async () => {
    const context = { 'aws:PrincipalTag/tenant': 'acme', 's3:prefix': 't/acme/' };
    expect(await ask({ policy: tenantRights, action: 's3:ListBucket', resource: documents, context })).toBe('ImplicitlyDenied');
  });
});

describe('a session without a tenant', () => {
  test.each(['t#acme#in#1', 't##in#1', 't#*#in#1'])('reads nothing under %s', async (key) => {
    expect(await onTable('GetItem', undefined, [key])).toBe('ImplicitlyDenied');
  });
});

describe('who may assume the tenant role', () => {
  const role = synthesis.one('AWS::IAM::Role', 'TenantsTenantRole');
  const trust = policyOf(role, 'AssumeRolePolicyDocument');
  const assume = (functionRole: string, context: Asked['context'], rights: string, action = 'sts:AssumeRole') =>
    ask({
      policy: policyOf(synthesis.one('AWS::IAM::ManagedPolicy', rights), 'PolicyDocument'),
      action,
      resource: ARN.role(role.logicalId),
      principal: ARN.role(synthesis.one('AWS::IAM::Role', functionRole).logicalId),
      trust,
      ...(context && { context }),
    });
  const acme = { 'aws:RequestTag/tenant': 'acme', 'aws:TagKeys': ['tenant'] };

  test.each([
    {
      who: 'RecordsRestFunctionRole',
      rights: 'RecordsRestRights',
      context: acme,
      expected: 'Allowed',
      because: 'a feature names one tenant',
    },
    {
      who: 'ChartsReadFunctionRole',
      rights: 'ChartsReadRights',
      context: acme,
      expected: 'Allowed',
      because: 'a feature names one tenant',
    },
    {
      who: 'RecordsRestFunctionRole',
      rights: 'RecordsRestRights',
      context: {},
      expected: 'ImplicitlyDenied',
      because: 'no tenant is named',
    },
    {
      who: 'RecordsRestFunctionRole',
      rights: 'RecordsRestRights',
      context: { 'aws:RequestTag/tenant': '', 'aws:TagKeys': ['tenant'] },
      expected: 'ImplicitlyDenied',
      because: 'the tenant is empty',
    },
    {
      who: 'RecordsRestFunctionRole',
      rights: 'RecordsRestRights',
      context: { 'aws:RequestTag/tenant': 'acme', 'aws:TagKeys': ['tenant', 'role'] },
      expected: 'ImplicitlyDenied',
      because: 'another tag comes along',
    },
    {
      who: 'NotFoundAnswerFunctionRole',
      rights: 'NotFoundAnswerRights',
      context: acme,
      expected: 'ImplicitlyDenied',
      because: 'answering 404 needs no data',
    },
    {
      who: 'ClaimsFunctionRole',
      rights: 'ClaimsRights',
      context: acme,
      expected: 'ImplicitlyDenied',
      because: 'tokens need memberships only',
    },
  ])('$who → $expected: $because', async ({ who, rights, context, expected }) => {
    expect(await assume(who, context, rights)).toBe(expected);
    expect(await assume(who, context, rights, 'sts:TagSession')).toBe(expected);
  });
});

describe('the directory role', () => {
  const inFeatures = directoryRights.find(({ stack }) => stack === 'Features') as Found;
  test.each([
    { action: 'GetItem', keys: ['sys#slug#oak'], expected: 'Allowed' },
    { action: 'Query', keys: ['sys#user#ada'], expected: 'Allowed' },
    { action: 'GetItem', keys: ['sys#tenant#abcdefgh'], expected: 'Allowed' },
    { action: 'Query', keys: ['sys#tenants'], expected: 'Allowed' },
    { action: 'GetItem', keys: ['sys#due#202611230900#3'], expected: 'ImplicitlyDenied' },
    { action: 'GetItem', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied' },
    { action: 'PutItem', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied' },
    { action: 'Scan', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied' },
  ])('$action on $keys → $expected', async ({ action, keys, expected }) => {
    expect(directoryRights).toHaveLength(2);
    for (const found of [inFeatures, ...directoryRights]) {
      const policy = policyOf(found, 'PolicyDocument');
      expect(
        await ask({
          policy,
          action: `dynamodb:${action}`,
          resource: TABLE,
          context: keys ? { 'dynamodb:LeadingKeys': keys } : {},
        }),
      ).toBe(expected);
    }
  });
});

describe('the seal role', () => {
  const rights = synthesis.all('AWS::IAM::ManagedPolicy').filter(({ logicalId }) => logicalId.startsWith('AuditTrailSealRole'));
  test.each([
    { action: 'PutObject', key: 't/acme/2026-11-23.json', expected: 'Allowed', because: 'a seal of the tenant in the session' },
    { action: 'PutObject', key: 't/acme2/2026-11-23.json', expected: 'ImplicitlyDenied', because: 'another tenant’s' },
    { action: 'PutObject', key: 'x', expected: 'ImplicitlyDenied', because: 'nobody’s' },
    { action: 'GetObject', key: 't/acme/2026-11-23.json', expected: 'ImplicitlyDenied', because: 'it only writes' },
    { action: 'DeleteObject', key: 't/acme/2026-11-23.json', expected: 'ImplicitlyDenied', because: 'it only adds' },
    {
      action: 'PutObjectRetention',
      key: 't/acme/2026-11-23.json',
      expected: 'ImplicitlyDenied',
      because: 'the lock is not its own',
    },
  ])('$action of $key → $expected: $because', async ({ action, key, expected }) => {
    expect(rights).toHaveLength(1);
    const [found] = rights as [Found];
    const policy = policyOf(found, 'PolicyDocument');
    const bucket = `arn:aws:s3:::${synthesis.one('AWS::S3::Bucket', 'Audit').logicalId.toLowerCase()}`;
    const context = { 'aws:PrincipalTag/tenant': 'acme' };
    expect(await ask({ policy, action: `s3:${action}`, resource: `${bucket}/${key}`, context })).toBe(expected);
  });
});

describe('the texts role', () => {
  const rights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'NoticesTextsRoleRights'), 'PolicyDocument');
  test.each([
    { action: 'PutItem', keys: ['sys#texts#hash'], expected: 'Allowed' },
    { action: 'Query', keys: ['sys#texts#hash'], expected: 'Allowed' },
    { action: 'DeleteItem', keys: ['sys#texts#hash'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied' },
  ])('$action on $keys → $expected', async ({ action, keys, expected }) => {
    const context: Asked['context'] = keys ? { 'dynamodb:LeadingKeys': keys } : {};
    expect(await ask({ policy: rights, action: `dynamodb:${action}`, resource: TABLE, context })).toBe(expected);
  });
});

describe('the payments role', () => {
  const rights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'PaymentsAccessPaymentsRole'), 'PolicyDocument');
  test.each([
    { action: 'GetItem', keys: ['sys#stripe#event#evt_1'], expected: 'Allowed', because: 'what Stripe has told' },
    { action: 'PutItem', keys: ['sys#stripe#plans'], expected: 'Allowed', because: 'what a clinic pays for' },
    { action: 'UpdateItem', keys: ['sys#stripe#failed'], expected: 'Allowed', because: 'what could not be worked through' },
    { action: 'DeleteItem', keys: ['sys#stripe#failed'], expected: 'Allowed', because: 'and is done by now' },
    { action: 'Query', keys: ['sys#members#acme'], expected: 'Allowed', because: 'who prescribes is counted' },
    { action: 'Query', keys: ['sys#usage#acme'], expected: 'Allowed', because: 'what is used is counted' },
    { action: 'UpdateItem', keys: ['sys#seats#acme'], expected: 'Allowed', because: 'that a plan has fallen is counted' },
    { action: 'UpdateItem', keys: ['sys#tenant#acme'], expected: 'ImplicitlyDenied', because: 'it changes no clinic' },
    { action: 'GetItem', keys: ['sys#members#acme'], expected: 'ImplicitlyDenied', because: 'it counts, and looks nobody up' },
    { action: 'PutItem', keys: ['sys#members#acme'], expected: 'ImplicitlyDenied', because: 'it makes nobody a member' },
    { action: 'UpdateItem', keys: ['sys#usage#acme'], expected: 'ImplicitlyDenied', because: 'the ledger is the truth' },
    { action: 'PutItem', keys: ['sys#usage#acme'], expected: 'ImplicitlyDenied', because: 'the ledger is the truth' },
    { action: 'Query', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied', because: 'nothing that is in a clinic' },
    { action: 'GetItem', keys: ['t#acme#gate'], expected: 'ImplicitlyDenied', because: 'the gate is opened as the clinic' },
    { action: 'PutItem', keys: ['t#acme#gate'], expected: 'ImplicitlyDenied', because: 'the gate is opened as the clinic' },
    { action: 'Query', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: 'memberships are the directory’s' },
    { action: 'Query', keys: ['sys#link#x'], expected: 'ImplicitlyDenied', because: 'no link and no sign-up' },
    {
      action: 'Query',
      keys: ['sys#stripe#plans', 't#acme#in#1'],
      expected: 'ImplicitlyDenied',
      because: 'one key of two is not its own',
    },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied', because: 'a request that names no key' },
    { action: 'Scan', keys: ['sys#stripe#plans'], expected: 'ImplicitlyDenied', because: 'nothing scans' },
  ])('$action on $keys → $expected: $because', async ({ action, keys, expected }) => {
    const context: Asked['context'] = keys ? { 'dynamodb:LeadingKeys': keys } : {};
    expect(await ask({ policy: rights, action: `dynamodb:${action}`, resource: TABLE, context })).toBe(expected);
  });

  test('only what takes payments reads Stripe’s keys, and of the parameters nothing else', () => {
    const readers = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Role']
      .flatMap((type) => synthesis.all(type))
      .map((found) => ({ logicalId: found.logicalId, text: JSON.stringify(found) }))
      .filter(({ text }) => text.includes('ssm:GetParameter'));
    expect(readers.length).toBeGreaterThan(0);
    for (const { logicalId, text } of readers) {
      expect(logicalId).toMatch(/^(Payments|Billing)/);
      expect(text).toContain('parameter/tessera/stripe');
      expect(text).not.toContain('parameter/*');
    }
  });
});

describe('the operations role', () => {
  const rights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'OperationsOperationsRole'), 'PolicyDocument');
  test.each([
    { action: 'PutItem', keys: ['sys#run#dead-letters'], expected: 'Allowed' },
    { action: 'GetItem', keys: ['sys#run#dead-letters'], expected: 'Allowed' },
    { action: 'Query', keys: ['sys#failed#all'], expected: 'Allowed' },
    { action: 'Query', keys: ['sys#due#202611230900#3'], expected: 'Allowed' },
    { action: 'DeleteItem', keys: ['sys#due#202611230900#3'], expected: 'Allowed' },
    { action: 'PutItem', keys: ['sys#due#202611230900#3'], expected: 'ImplicitlyDenied' },
    { action: 'GetItem', keys: ['sys#usage#acme'], expected: 'Allowed' },
    { action: 'PutItem', keys: ['sys#failed#all'], expected: 'ImplicitlyDenied' },
    { action: 'PutItem', keys: ['sys#usage#acme'], expected: 'ImplicitlyDenied' },
    { action: 'GetItem', keys: ['t#acme#failed'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied' },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied' },
    { action: 'Scan', keys: ['sys#run#x'], expected: 'ImplicitlyDenied' },
  ])('$action on $keys → $expected', async ({ action, keys, expected }) => {
    const context: Asked['context'] = keys ? { 'dynamodb:LeadingKeys': keys } : {};
    expect(await ask({ policy: rights, action: `dynamodb:${action}`, resource: TABLE, context })).toBe(expected);
  });
});

test('no policy of the template names an action on items beyond the seven that carry a key', () => {
  const policies = [...synthesis.all('AWS::IAM::ManagedPolicy'), ...synthesis.all('AWS::IAM::Policy')];
  const named = policies.flatMap(
    ({ Properties }) => JSON.stringify(Properties.PolicyDocument).match(/dynamodb:[A-Z*]\w*\*?/g) ?? [],
  );
  const conditions = ['dynamodb:LeadingKeys', 'dynamodb:Select'];
  const stream = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => `dynamodb:${action}`);
  const actions = named.filter((action) => !conditions.includes(action) && !stream.includes(action));
  expect([...new Set(actions)].sort()).toEqual(
    ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (action) => `dynamodb:${action}`,
    ),
  );
});

describe('the directory writer role', () => {
  const rights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'DirectoryWritingWriterRole'), 'PolicyDocument');
  test.each([
    {
      action: 'PutItem',
      keys: ['sys#slug#oak', 'sys#tenant#abcdefgh', 'sys#tenants'],
      expected: 'Allowed',
      because: 'a clinic is made',
    },
    {
      action: 'PutItem',
      keys: ['sys#user#ada', 'sys#members#abcdefgh'],
      expected: 'Allowed',
      because: 'a membership, in both rows',
    },
    { action: 'ConditionCheckItem', keys: ['sys#members#abcdefgh'], expected: 'Allowed', because: 'an administrator remains' },
    { action: 'DeleteItem', keys: ['sys#user#ada'], expected: 'Allowed', because: 'somebody is disabled' },
    { action: 'DeleteItem', keys: ['sys#members#abcdefgh'], expected: 'Allowed', because: 'an invitation is accepted' },
    { action: 'UpdateItem', keys: ['sys#rate#signup-by-address#x'], expected: 'Allowed', because: 'attempts are counted' },
    { action: 'UpdateItem', keys: ['sys#link#x'], expected: 'Allowed', because: 'a link is used up' },
    { action: 'DeleteItem', keys: ['sys#slug#oak'], expected: 'ImplicitlyDenied', because: 'a slug is never given again' },
    { action: 'DeleteItem', keys: ['sys#tenant#abcdefgh'], expected: 'ImplicitlyDenied', because: 'no clinic goes away' },
    { action: 'DeleteItem', keys: ['sys#link#x'], expected: 'ImplicitlyDenied', because: 'a used link stays used' },
    { action: 'PutItem', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied', because: 'no record is its matter' },
    { action: 'GetItem', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied', because: 'no record is its matter' },
    {
      action: 'PutItem',
      keys: ['sys#user#ada', 't#acme#in#1'],
      expected: 'ImplicitlyDenied',
      because: 'one foreign key among its own',
    },
    { action: 'PutItem', keys: ['sys#due#202611230900#3'], expected: 'ImplicitlyDenied', because: 'due work is the tenants’' },
    { action: 'PutItem', keys: ['sys#operators2'], expected: 'ImplicitlyDenied', because: 'a whole key begins no other' },
    { action: 'PutItem', keys: undefined, expected: 'ImplicitlyDenied', because: 'a request that names no key' },
    { action: 'Scan', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: 'nothing scans' },
  ])('$action on $keys → $expected: $because', async ({ action, keys, expected }) => {
    const context: Asked['context'] = keys ? { 'dynamodb:LeadingKeys': keys } : {};
    expect(await ask({ policy: rights, action: `dynamodb:${action}`, resource: TABLE, context })).toBe(expected);
  });

  test('is lent to the functions that people join through, and to no other', () => {
    const trust = JSON.stringify(
      policyOf(synthesis.one('AWS::IAM::Role', 'DirectoryWritingWriterRole'), 'AssumeRolePolicyDocument'),
    );
    const names = trust.match(/People\w+FunctionRole/g)?.toSorted();
    expect([names, trust.match(/role\//g)?.length]).toEqual([['PeopleDeskFunctionRole', 'PeopleDoorFunctionRole'], 2]);
  });
});

describe('accounts of the pools', () => {
  const pools = { staff: 'Staff', patients: 'Patients' } as const;
  /** What a function may do in a pool. */
  const allowedIn = (pool: keyof typeof pools, rights: string): string[] => {
    const { logicalId } = synthesis.one('AWS::Cognito::UserPool', pools[pool]);
    const { Statement } = synthesis.one('AWS::IAM::ManagedPolicy', rights).Properties.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    return Statement.filter(({ Resource }) => JSON.stringify(Resource).includes(logicalId))
      .flatMap(({ Action }) => Action)
      .map((action) => action.replace('cognito-idp:', ''))
      .toSorted();
  };

  test('are made at the door, which ends none; the desk ends sessions and makes none', () => {
    const making = ['AdminCreateUser', 'AdminGetUser', 'AdminSetUserPassword'];
    expect(allowedIn('staff', 'PeopleDoorRights')).toEqual(['AdminAddUserToGroup', ...making]);
    expect(allowedIn('patients', 'PeopleDoorRights')).toEqual(making);
    expect(allowedIn('staff', 'PeopleDeskRights')).toEqual([
      'AdminRemoveUserFromGroup',
      'AdminSetUserMFAPreference',
      'AdminUserGlobalSignOut',
      'ListUsersInGroup',
    ]);
    expect(allowedIn('patients', 'PeopleDeskRights')).toEqual(['AdminGetUser', 'AdminUserGlobalSignOut']);
  });

  test('are no other function’s matter', () => {
    const policies = synthesis
      .all('AWS::IAM::ManagedPolicy')
      .filter(({ Properties }) => JSON.stringify(Properties).includes('cognito-idp:'));
    expect(policies.map(({ logicalId }) => logicalId.slice(0, 10)).toSorted()).toEqual([
      'NoticesWor',
      'PeopleDesk',
      'PeopleDoor',
    ]);
    const telling = policies.find(({ logicalId }) => logicalId.startsWith('NoticesWork'));
    // Where a mail goes, and nothing that changes an account.
    expect(JSON.stringify(telling?.Properties).match(/cognito-idp:\w+/g)).toEqual(['cognito-idp:AdminGetUser']);
    const staff = synthesis.one('AWS::Cognito::UserPool', 'Staff').logicalId;
    expect(JSON.stringify(telling?.Properties)).toContain(staff);
  });
});

describe('the tenancy role', () => {
  const rights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'TenancyTenancyRole'), 'PolicyDocument');
  test.each([
    { action: 'Query', keys: ['sys#tenants'], expected: 'Allowed', because: 'operators see which clinics there are' },
    {
      action: 'UpdateItem',
      keys: ['sys#tenants', 'sys#slug#oak', 'sys#tenant#abcdefgh'],
      expected: 'Allowed',
      because: 'and suspend one',
    },
    { action: 'Query', keys: ['sys#usage#acme'], expected: 'Allowed', because: 'operators see what a clinic uses' },
    { action: 'UpdateItem', keys: ['sys#usage#acme'], expected: 'ImplicitlyDenied', because: 'and add nothing to it' },
    { action: 'Query', keys: ['sys#failed#all'], expected: 'ImplicitlyDenied', because: 'failed work is the status page’s' },
    { action: 'PutItem', keys: ['sys#slug#oak'], expected: 'ImplicitlyDenied', because: 'it makes no clinic' },
    { action: 'DeleteItem', keys: ['sys#tenants'], expected: 'ImplicitlyDenied', because: 'and deletes none' },
    { action: 'Query', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: 'who works where is not its matter' },
    { action: 'UpdateItem', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: 'it makes nobody a member' },
    { action: 'Query', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied', because: 'an operator opens no chart' },
    {
      action: 'UpdateItem',
      keys: ['sys#tenants', 't#acme#in#1'],
      expected: 'ImplicitlyDenied',
      because: 'one foreign key among its own',
    },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied', because: 'a request that names no key' },
    { action: 'Scan', keys: ['sys#tenants'], expected: 'ImplicitlyDenied', because: 'nothing scans' },
  ])('$action on $keys → $expected: $because', async ({ action, keys, expected }) => {
    const context: Asked['context'] = keys ? { 'dynamodb:LeadingKeys': keys } : {};
    expect(await ask({ policy: rights, action: `dynamodb:${action}`, resource: TABLE, context })).toBe(expected);
  });

  test.each([
    { select: 'COUNT', expected: 'Allowed', because: 'how many work in a clinic' },
    { select: 'ALL_ATTRIBUTES', expected: 'ImplicitlyDenied', because: 'not who they are' },
    { select: undefined, expected: 'ImplicitlyDenied', because: 'not who they are' },
  ])('Query of a clinic’s staff, select $select → $expected: $because', async ({ select, expected }) => {
    const context: Asked['context'] = {
      'dynamodb:LeadingKeys': ['sys#members#abcdefgh'],
      ...(select && { 'dynamodb:Select': select }),
    };
    expect(await ask({ policy: rights, action: 'dynamodb:Query', resource: TABLE, context })).toBe(expected);
  });

  test('is lent to the operators’ desk alone', () => {
    const trust = JSON.stringify(policyOf(synthesis.one('AWS::IAM::Role', 'TenancyTenancyRole'), 'AssumeRolePolicyDocument'));
    expect(trust.match(/role\/\w+/g)).toEqual([expect.stringContaining('OperatorDeskFunctionRole')]);
  });
});

describe('the reports role', () => {
  const rights = policyOf(synthesis.one('AWS::IAM::ManagedPolicy', 'ReportsReportsRole'), 'PolicyDocument');
  test.each([
    { action: 'UpdateItem', keys: ['sys#reports'], expected: 'Allowed', because: 'a fault is counted' },
    { action: 'UpdateItem', keys: ['sys#reports#by#x'], expected: 'Allowed', because: 'and who sends how many' },
    { action: 'Query', keys: ['sys#reports'], expected: 'Allowed', because: 'operators read the list' },
    { action: 'DeleteItem', keys: ['sys#reports'], expected: 'ImplicitlyDenied', because: 'nobody makes a fault disappear' },
    {
      action: 'Query',
      keys: ['sys#tenants'],
      expected: 'ImplicitlyDenied',
      because: 'which clinics there are is not its matter',
    },
    { action: 'UpdateItem', keys: ['sys#user#ada'], expected: 'ImplicitlyDenied', because: 'it makes nobody a member' },
    { action: 'Query', keys: ['t#acme#in#1'], expected: 'ImplicitlyDenied', because: 'a report opens no chart' },
    { action: 'Query', keys: undefined, expected: 'ImplicitlyDenied', because: 'a request that names no key' },
    { action: 'Scan', keys: ['sys#reports'], expected: 'ImplicitlyDenied', because: 'nothing scans' },
  ])('$action on $keys → $expected: $because', async ({ action, keys, expected }) => {
    const context: Asked['context'] = keys ? { 'dynamodb:LeadingKeys': keys } : {};
    expect(await ask({ policy: rights, action: `dynamodb:${action}`, resource: TABLE, context })).toBe(expected);
  });
});
