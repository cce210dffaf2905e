import { randomUUID } from 'node:crypto';
import type { Schedule } from '../template/schedules.ts';

/** What a schedule hands to its target: its own input, or the event that EventBridge makes. */
export function scheduledEvent(
  { input, name }: Schedule,
  timeMs: number,
  { account, region }: { account: string; region: string },
): unknown {
  if (input !== undefined) return JSON.parse(input) as unknown;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    region,
    resources: [name],
    detail: {},
  };
}
