import { describe, expect, test } from 'vitest';
import { readEnvelope } from '../../core/events/happening.ts';
import { readTold } from '../../functions/reminders/told.ts';
import { ARN } from '../../test/support/plain-policy.ts';
import { Synthesis } from '../../test/support/templates.ts';
import { createEventBus } from '../events/event-bus.ts';
import type { BusTarget, InputTransformer } from '../template/bus-rules.ts';
import { mailEvents, textEvent } from './delivery.ts';

const synthesis = new Synthesis();

/** The events as AWS's guides show them ("Amazon SES events", "Monitoring with EventBridge" of End User Messaging), with our tags. */
describe('what becomes of a message is told to the queue of reminders, in opaque ids', () => {
  const [tenant, communication] = ['oak00000', '0c7be0a0-1111-8222-a333-444455556666'];
  const mail = {
    messageId: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-000000',
    destination: ['ada@mail.example'],
    tags: { 'ses:configuration-set': ['Delivery'], tenant: [tenant], communication: [communication] },
  };
  const text = {
    isFinal: true,
    destinationPhoneNumber: '+13125550147',
    messageId: '862a8790-60c0-4430',
    context: { tenant, communication },
  };
  test.each([
    { source: 'aws.ses', type: 'Email Delivered', detail: { eventType: 'Delivery', mail, delivery: {} }, told: 'delivered' },
    {
      source: 'aws.ses',
      type: 'Email Bounced',
      detail: { eventType: 'Bounce', mail, bounce: { bounceType: 'Permanent' } },
      told: 'bounced',
    },
    { source: 'aws.ses', type: 'Email Complaint Received', detail: { eventType: 'Complaint', mail }, told: 'complained' },
    { source: 'aws.ses', type: 'Email Rejected', detail: { eventType: 'Reject', mail }, told: 'refused' },
    {
      source: 'aws.ses',
      type: 'Email Delivered',
      detail: { eventType: 'Delivery', mail: { ...mail, tags: {} } },
      told: 'nothing: an invitation',
    },
    {
      source: 'aws.sms-voice',
      type: 'Text Message Delivery Status Updated',
      detail: { ...text, messageStatus: 'CARRIER_BLOCKED' },
      told: 'bounced',
    },
    {
      source: 'aws.sms-voice',
      type: 'Text Message Delivery Status Updated',
      detail: { ...text, isFinal: false, messageStatus: 'PENDING' },
      told: 'nothing: on the way',
    },
  ])('$source $type → $told', ({ source, type, detail, told }) => {
    const bodies: string[] = [];
    const rules = synthesis
      .all('AWS::Events::Rule')
      .filter(({ logicalId }) => logicalId.startsWith('NoticesDelivery'))
      .map(({ Properties }) => {
        const [{ InputTransformer: transformer, DeadLetterConfig }] = Properties.Targets as [
          { InputTransformer: InputTransformer; DeadLetterConfig: unknown },
        ];
        expect(DeadLetterConfig).toBeDefined();
        // No brackets: whether a path may have them, AWS's guides disagree.
        for (const path of Object.values(transformer.InputPathsMap)) expect(path).toMatch(/^\$(\.[A-Za-z-]+)+$/);
        return { arn: '', pattern: Properties.EventPattern, targets: [{ transformer } as BusTarget] };
      });
    const bus = createEventBus({
      buses: [{ name: 'default', arn: '', rules }],
      account: ARN.account,
      region: ARN.region,
      deliver: (_, body) => void bodies.push(body),
      archive: () => undefined,
    });
    const Entries = [
      { EventBusName: 'default', Source: source, DetailType: type, Detail: JSON.stringify(detail), Time: 1_795_608_000 },
    ];
    expect(bus('PutEvents', { Entries }, () => true).status).toBe(200);
    if (told.startsWith('nothing')) return expect(bodies).toEqual([]);
    expect(bodies).toHaveLength(1);
    const { happening, time } = readEnvelope(bodies[0] ?? '');
    expect(happening).toMatchObject({ tenant, type: 'Communication', id: communication, event: 'MessageTold' });
    expect([readTold(happening.eventId), time]).toEqual([
      { told, message: 'mail' in detail ? mail.messageId : text.messageId },
      '2026-11-25T12:00:00Z',
    ]);
    expect(bodies[0]).not.toMatch(/mail\.example|3125550147/);
  });
});

describe('on one machine', () => {
  const sent = (to: string) => ({ messageId: 'm', to, tags: { tenant: 'oak00000' } });
  const all = ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'];
  test.each([
    { to: 'ada@mail.example', wanted: all, told: ['Delivery'] },
    { to: 'bounce@simulator.amazonses.com', wanted: all, told: ['Bounce'] },
    { to: 'bounce+visit@simulator.amazonses.com', wanted: all, told: ['Bounce'] },
    { to: 'complaint@simulator.amazonses.com', wanted: all, told: ['Delivery', 'Complaint'] },
    { to: 'ooto@simulator.amazonses.com', wanted: all, told: ['Delivery', 'Bounce'] },
    { to: 'ada@mail.example', wanted: ['BOUNCE'], told: [] },
  ])('of a mail to $to, SES tells $told', ({ to, wanted, told }) => {
    const events = mailEvents(sent(to), wanted);
    expect(events.map(({ detail }) => (detail as { eventType: string }).eventType)).toEqual(told);
    expect(JSON.stringify(events)).not.toContain(to);
  });
  test.each([
    { to: '+13125550147', status: 'DELIVERED' },
    { to: '+13125550199', status: 'INVALID' },
  ])('of a text message to $to the carrier tells $status', ({ to, status }) => {
    expect(textEvent(sent(to)).detail).toMatchObject({ messageStatus: status, isFinal: true, context: { tenant: 'oak00000' } });
  });
});
