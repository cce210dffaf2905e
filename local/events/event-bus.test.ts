import { describe, expect, test } from 'vitest';
import type { Located } from '../template/resolver.ts';
import { createEventBus } from './event-bus.ts';

const located = (id: string): Located => ({ id }) as Located;
const ARN = 'arn:aws:events:us-east-1:111111111111:event-bus/bus';

function busWith() {
  const delivered: { queue: string; event: Record<string, unknown> }[] = [];
  const archived: string[] = [];
  const bus = createEventBus({
    buses: [
      {
        name: 'bus',
        arn: ARN,
        rules: [
          {
            arn: 'r1',
            pattern: { source: ['tessera'], 'detail-type': ['PatientRegistered'] },
            targets: [located('count'), located('tell')],
          },
          { arn: 'r2', pattern: { source: ['tessera'], 'detail-type': ['ImportFinished'] }, targets: [located('tell')] },
        ],
      },
    ],
    account: '111111111111',
    region: 'us-east-1',
    deliver: ({ id }, body) => void delivered.push({ queue: id, event: JSON.parse(body) as Record<string, unknown> }),
    archive: (line) => void archived.push(line),
  });
  const put = (entries: object[], allowed = true) =>
    bus(
      'PutEvents',
      { Entries: entries },
      (action, on, context) =>
        allowed && action === 'events:PutEvents' && on === ARN && context?.['events:source']?.join() === 'tessera',
    );
  return { delivered, archived, put };
}
const entry = (more: object = {}) => ({
  EventBusName: 'bus',
  Source: 'tessera',
  DetailType: 'PatientRegistered',
  Time: 1_795_608_000,
  Detail: '{"id":"1"}',
  ...more,
});

describe('PutEvents', () => {
  test('an event goes to every target of every rule that it fits, with its own time, and is archived', () => {
    const { delivered, archived, put } = busWith();
    expect(put([entry(), entry({ DetailType: 'PatientChanged' })])).toMatchObject({ status: 200, body: { FailedEntryCount: 0 } });
    expect(delivered.map(({ queue }) => queue)).toEqual(['count', 'tell']);
    expect(delivered[0]?.event).toMatchObject({
      source: 'tessera',
      'detail-type': 'PatientRegistered',
      time: '2026-11-25T12:00:00Z',
      detail: { id: '1' },
    });
    expect(archived).toHaveLength(2);
  });

  test('an entry without a JSON object as its detail is refused by itself', () => {
    const { delivered, put } = busWith();
    expect(put([entry({ Detail: 'no' }), entry()])).toMatchObject({
      body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }, { EventId: expect.any(String) }] },
    });
    expect(delivered).toHaveLength(2);
  });

  test.each([
    { title: 'without the right, nothing is delivered', entries: [entry()], allowed: false, type: 'AccessDeniedException' },
    {
      title: 'one entry in the name of another source, nothing is delivered',
      entries: [entry(), entry({ Source: 'aws.guardduty' })],
      allowed: true,
      type: 'AccessDeniedException',
    },
    {
      title: 'eleven entries are too many',
      entries: Array.from({ length: 11 }, () => entry()),
      allowed: true,
      type: 'ValidationException',
    },
  ])('$title', ({ entries, allowed, type }) => {
    const { delivered, put } = busWith();
    expect(put(entries, allowed)).toMatchObject({ status: 400, body: { __type: type } });
    expect(delivered).toEqual([]);
  });

  test('what goes to an unknown bus is accepted and lost, as on AWS', () => {
    const { delivered, put } = busWith();
    expect(put([entry({ EventBusName: 'other' })])).toMatchObject({ status: 200, body: { FailedEntryCount: 0 } });
    expect(delivered).toEqual([]);
  });
});
