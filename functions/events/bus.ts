import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SOURCE, type Told } from '../../core/events/happening.ts';
import { inLanes } from '../../core/in-lanes.ts';

/** Tells what has happened. Answers what the bus did not take. */
export type Publish = (told: readonly Told[]) => Promise<readonly Told[]>;

/** The most entries of one PutEvents (EventBridge). */
const MOST_ENTRIES = 10;
/** Calls at the same time. */
const LANES = 4;

export const busOf =
  (client: EventBridgeClient, bus: string): Publish =>
  async (told) => {
    const chunks = Array.from({ length: Math.ceil(told.length / MOST_ENTRIES) }, (_, n) =>
      told.slice(n * MOST_ENTRIES, (n + 1) * MOST_ENTRIES),
    );
    const refused = await inLanes(chunks, LANES, async (sent) => {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: sent.map((one) => toEntry(one, bus)) }));
      return sent.filter((_, at) => Entries[at]?.EventId === undefined);
    });
    return refused.flat();
  };

const toEntry = ({ happening, time }: Told, EventBusName: string) => ({
  EventBusName,
  Source: SOURCE,
  DetailType: happening.event,
  Time: new Date(time),
  Detail: JSON.stringify(happening),
});
