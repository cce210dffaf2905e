import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SOURCE, type Told } from '../../core/events/happening.ts';

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
    const refused: Told[] = [];
    const lane = async (): Promise<void> => {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
        const sent = chunk;
        const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: sent.map((one) => toEntry(one, bus)) }));
        refused.push(...sent.filter((_, at) => Entries[at]?.EventId === undefined));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return refused;
  };

const toEntry = ({ happening, time }: Told, EventBusName: string) => ({
  EventBusName,
  Source: SOURCE,
  DetailType: happening.event,
  Time: new Date(time),
  Detail: JSON.stringify(happening),
});
