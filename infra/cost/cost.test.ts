import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumOf, withoutFirewall } from '../../schemas/cost.ts';
import { ReminderSettings } from '../../schemas/settings/reminders.ts';
import { Synthesis } from '../../test/support/templates.ts';
import { OPERATIONS_PAGE, PERFORMANCE_PAGE, REPORT_FILE, reportText } from './cost.ts';
import { idleBill, type Templates } from './idle.ts';
import { withCost } from './page.ts';
import { costReport } from './report.ts';
import type { TemplateResource } from './resource-types.ts';
import { ticksAMonth } from './schedule-ticks.ts';
import { OPERATIONS, REMINDERS, unitsOf, visitsBill } from './visits.ts';

const { templates } = new Synthesis();
const idle = (of: Templates): number => sumOf(idleBill(of));
/** The templates with more resources in one of their stacks, as a change of infra/ would add them. */
const withMore = (resources: Readonly<Record<string, TemplateResource>>): Templates => ({
  ...templates,
  Features: { Resources: { ...templates.Features?.Resources, ...resources } },
});
const many = (count: number, resource: TemplateResource): Record<string, TemplateResource> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`Added${at}`, resource]));

describe('a month in which nobody works', () => {
  test('costs less than $15 with the firewall and less than $5 without', () => {
    expect(idle(templates)).toBeLessThan(15);
    expect(idle(new Synthesis({ firewall: 'false' }).templates)).toBeLessThan(5);
    // As after two years: each of a key's first two rotations adds a dollar.
    expect(sumOf(withoutFirewall(idleBill(templates))) + 2).toBeLessThan(5);
  });

  test('without the firewall costs less by exactly its lines', () => {
    const lines = idleBill(templates);
    const without = idle(new Synthesis({ firewall: 'false' }).templates);
    const ofFirewall = lines.filter(({ meter }) => meter.startsWith('firewall-'));
    expect(ofFirewall.map(({ meter, quantity }) => [meter, quantity])).toEqual([
      ['firewall-acl', 1],
      ['firewall-rule', 5],
    ]);
    expect(sumOf(withoutFirewall(lines))).toBeCloseTo(sumOf(lines) - sumOf(ofFirewall), 9);
    expect(sumOf(lines) - without).toBeCloseTo(sumOf(ofFirewall), 9);
  });

  test('stays within the budget of what costs by being there: two keys, ten alarms, three polled queues', () => {
    const quantity = (meter: string): number => idleBill(templates).find((line) => line.meter === meter)?.quantity ?? 0;
    expect(quantity('key')).toBeLessThanOrEqual(2);
    expect(quantity('alarm')).toBeLessThanOrEqual(10);
    const polled = idleBill(withMore({ Poll: POLLED })).find(({ meter }) => meter === 'queue-request')?.quantity ?? 0;
    const oneQueue = polled - quantity('queue-request');
    expect(oneQueue).toBe(5 * 3 * 43_800);
    expect(quantity('queue-request') / oneQueue).toBeLessThan(4);
  });

  const POLLED = { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } };

  test('costs a dollar more for every key that is added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (keys) => {
        expect(idle(withMore(many(keys, { Type: 'AWS::KMS::Key' })))).toBeCloseTo(idle(templates) + keys, 9);
      }),
      { numRuns: 15 },
    );
  });

  test('costs ten cents more for every alarm beyond the tenth of the account', () => {
    const there = Object.values(templates)
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), (alarms) => {
        const beyond = Math.max(0, there + alarms - 10);
        const more = idle(withMore(many(alarms, { Type: 'AWS::CloudWatch::Alarm' }))) - idle(templates);
        expect(more).toBeCloseTo(0.1 * beyond, 9);
      }),
      { numRuns: 15 },
    );
  });

  test.each([
    { because: 'a type nobody has thought about', resource: { Type: 'AWS::EC2::NatGateway' } },
    {
      because: 'a function kept warm',
      resource: { Type: 'AWS::Lambda::Alias', Properties: { ProvisionedConcurrencyConfig: {} } },
    },
    {
      because: 'a table by the hour',
      resource: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { BillingMode: 'PROVISIONED' } },
    },
    { because: 'Cognito’s dear plan', resource: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolTier: 'PLUS' } } },
    {
      because: 'pollers by the hour',
      resource: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ProvisionedPollerConfig: { MinimumPollers: 2 } } },
    },
    {
      because: 'a schedule in words we do not know',
      resource: { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'daily' } },
    },
  ])('cannot be told with $because: it is named', ({ resource }) => {
    expect(() => idleBill(withMore({ Unheard: resource }))).toThrow(`Features/Unheard (${resource.Type})`);
  });

  test('a schedule costs its ticks and the look that each of them takes', () => {
    const schedule = {
      Type: 'AWS::Scheduler::Schedule',
      Properties: { ScheduleExpression: 'rate(1 minute)', Target: { Arn: { 'Fn::GetAtt': ['Ticked', 'Arn'] } } },
    };
    const ticked = { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 1_024 } };
    const before = new Map(idleBill(templates).map(({ meter, quantity }) => [meter, quantity]));
    const grown = idleBill(withMore({ Schedule: schedule, Ticked: ticked }))
      .map(({ meter, quantity }) => [meter, Math.round(quantity - (before.get(meter) ?? 0))] as const)
      .filter(([, more]) => more > 0);
    expect(Object.fromEntries(grown)).toEqual({
      'schedule-tick': 43_800,
      'function-request': 43_800,
      'function-gb-second': 4_380, // 43,800 ticks of a tenth of a second at 1 GB
      trace: 43_800,
      'table-read': 438_000,
      'key-request': 8_760,
    });
  });

  test('can be told of every deployment that the settings allow, in another region too', () => {
    const before = process.env.CDK_DEFAULT_REGION;
    process.env.CDK_DEFAULT_REGION = 'eu-central-1';
    try {
      const everything = new Synthesis({
        alarmEmail: 'ops@clinic.example',
        mailFrom: 'no-reply@clinic.example',
        smsFrom: 'arn:aws:sms-voice:eu-central-1:111111111111:phone-number/phone-1',
        domainName: 'app.clinic.example',
        certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
      });
      expect(idle(everything.templates)).toBeLessThan(15);
    } finally {
      if (before === undefined) delete process.env.CDK_DEFAULT_REGION;
      else process.env.CDK_DEFAULT_REGION = before;
    }
  });
});

describe('ticksAMonth', () => {
  test.each([
    { expression: 'rate(1 minute)', expected: 43_800 },
    { expression: 'rate(5 minutes)', expected: 8_760 },
    { expression: 'rate(1 day)', expected: 365 / 12 },
    { expression: 'cron(0 3 * * ? *)', expected: 365 / 12 },
    { expression: 'cron(0/15 * * * ? *)', expected: 4 * 24 * (365 / 12) },
    { expression: 'cron(*/10 8-17 ? * MON-FRI *)', expected: 6 * 10 * (5 / 7) * (365 / 12) },
    { expression: 'cron(0 0,12 1 * ? *)', expected: (2 / 31) * (365 / 12) },
    { expression: 'at(2026-12-01T00:00:00)', expected: 0 },
  ])('$expression: $expected', ({ expression, expected }) => {
    expect(ticksAMonth(expression)).toBeCloseTo(expected, 6);
  });

  test('does not guess', () => {
    expect(() => ticksAMonth('every minute')).toThrow('every minute');
  });
});

describe('visits', () => {
  const page = readFileSync(PERFORMANCE_PAGE, 'utf8');
  const units = unitsOf(page);

  test('are counted in operations that the bench has measured', () => {
    for (const operation of Object.values(OPERATIONS)) expect([operation, units.has(operation)]).toEqual([operation, true]);
    expect(() => visitsBill(1, new Map())).toThrow('patient search by name');
    expect(() => unitsOf('# Measured')).toThrow('npm run bench');
  });

  test('cost what their units cost, whatever else is around them', () => {
    const known = new Map([...units].map(([name]) => [name, { read: 0, write: 0 }]));
    const dearer = new Map(known).set('read by id', { read: 8, write: 16 });
    const visit = { search: 0, chart: 0, read: 1, observation: 0, record: 0, update: 0 };
    const more = sumOf(visitsBill(1_000_000, dearer, visit)) - sumOf(visitsBill(1_000_000, known, visit));
    expect(more).toBeCloseTo(8 * 0.125 + 16 * 0.625, 6);
  });

  test('are reminded of: each reminder is a mail, and what its service tells of it passes a queue and a function', () => {
    const bill = new Map(visitsBill(1, units).map(({ meter, quantity }) => [meter, quantity]));
    const silent = { search: 0, chart: 0, read: 0, observation: 0, record: 0, update: 0 };
    const alone = new Map(visitsBill(1, units, silent).map(({ meter, quantity }) => [meter, quantity]));
    expect(bill.get('mail')).toBe(REMINDERS.aVisit);
    expect([alone.get('queue-request'), alone.get('function-request')]).toEqual([12, 4]);
    expect([alone.get('table-write'), alone.get('event')]).toEqual([52, undefined]);
    expect(REMINDERS.aVisit).toBe(ReminderSettings.parse({}).offsetsMinutes.length);
  });

  test('cost the same each, however many there are', () => {
    const one = sumOf(visitsBill(1_000, units));
    expect(one).toBeGreaterThan(0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), (thousands) => {
        expect(sumOf(visitsBill(thousands * 1_000, units)) / thousands).toBeCloseTo(one, 6);
      }),
    );
  });
});

describe('what is written down', () => {
  const report = costReport(templates, readFileSync(PERFORMANCE_PAGE, 'utf8'));
  test('in docs/operations.md and for the operators’ page is what the template costs: else run npm run cost -- --write', () => {
    const page = readFileSync(OPERATIONS_PAGE, 'utf8');
    expect(withCost(page, report)).toBe(page);
    expect(readFileSync(REPORT_FILE, 'utf8')).toBe(reportText(report));
  });

  test('keeps to its marks', () => {
    expect(() => withCost('# Operating', report)).toThrow('marks');
  });
});
