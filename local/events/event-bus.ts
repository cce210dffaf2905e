import { randomUUID } from 'node:crypto';
import type { Bus, InputTransformer } from '../template/bus-rules.ts';
import type { Located } from '../template/resolver.ts';
import { fitsPattern } from './event-pattern.ts';
import type { JsonAnswer } from './sqs-api.ts';

type Input = Readonly<Record<string, unknown>>;

/** The most entries of one PutEvents, and their bytes (EventBridge quotas; 1 MB since 2025). */
const MOST_ENTRIES = 10;
const MOST_BYTES = 1_048_576;

export interface EventBusOptions {
  readonly buses: readonly Bus[];
  readonly account: string;
  readonly region: string;
  /** Puts a body into the queue. It is on disk when this returns: an event that was accepted is not lost. */
  readonly deliver: (queue: Located, body: string) => void;
  /** Keeps what passed, as an archive does. */
  readonly archive: (line: string) => void;
}

/** Whether the caller may, with the values of the condition keys that the request brings. */
type May = (action: string, bus: string, context?: Readonly<Record<string, readonly string[]>>) => boolean;

/** The operations of EventBridge that the application uses: an event goes to every target of every rule that it fits. */
export const createEventBus =
  (options: EventBusOptions) =>
  (operation: string, input: Input, may: May): JsonAnswer => {
    switch (operation) {
      case 'PutEvents':
        return putEvents(options, (input.Entries ?? []) as Input[], may);
      case 'DescribeEventBus': {
        const bus = options.buses.find(({ name }) => name === input.Name);
        if (!bus) return failure('ResourceNotFoundException', `Event bus ${String(input.Name)} does not exist.`);
        if (!may('events:DescribeEventBus', bus.arn)) return failure('AccessDeniedException', 'Not authorized.');
        return { status: 200, body: { Name: bus.name, Arn: bus.arn } };
      }
      default:
        return failure('UnknownOperationException', `The local EventBridge does not know ${operation}.`);
    }
  };

function putEvents(options: EventBusOptions, entries: readonly Input[], may: May): JsonAnswer {
  if (entries.length === 0 || entries.length > MOST_ENTRIES)
    return failure('ValidationException', `A call takes 1 to ${MOST_ENTRIES} entries.`);
  if (Buffer.byteLength(JSON.stringify(entries)) > MOST_BYTES)
    return failure('ValidationException', 'Total size of the entries is larger than the maximum allowed.');
  const wanted = entries.map((entry) => options.buses.find(({ name }) => name === entry.EventBusName));
  const mayPut = ({ arn }: Bus, { Source }: Input): boolean =>
    may('events:PutEvents', arn, { 'events:source': [String(Source)] });
  if (wanted.some((bus, at) => bus && !mayPut(bus, entries[at] ?? {})))
    return failure('AccessDeniedException', 'Not authorized to perform: events:PutEvents.');
  const results = entries.map((entry, at) => put(options, wanted[at], entry));
  return {
    status: 200,
    body: { Entries: results, FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length },
  };
}

function put({ account, region, deliver, archive }: EventBusOptions, bus: Bus | undefined, entry: Input): object {
  const detail = parsed(entry.Detail);
  if (!entry.Source || !entry.DetailType || typeof detail !== 'object' || detail === null)
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Source, DetailType and a JSON object as Detail are required.' };
  const id = randomUUID();
  // An unknown bus is accepted and the event goes nowhere, as on AWS.
  const event = {
    version: '0',
    id,
    'detail-type': entry.DetailType,
    source: entry.Source,
    account,
    time: `${new Date(timeOf(entry.Time)).toISOString().slice(0, 19)}Z`,
    region,
    resources: entry.Resources ?? [],
    detail,
  };
  const body = JSON.stringify(event);
  archive(body);
  for (const { pattern, targets } of bus?.rules ?? []) {
    if (!fitsPattern(pattern, event)) continue;
    for (const target of targets) deliver(target, target.transformer ? transformed(target.transformer, event) : body);
  }
  return { EventId: id };
}

/** "Amazon EventBridge input transformation": a value stands as JSON where the template has it bare, and as text within a text. */
function transformed({ InputPathsMap, InputTemplate }: InputTransformer, event: unknown): string {
  const valueAt = (name: string): unknown =>
    (InputPathsMap[name] ?? '').match(/[^$.[\]]+/g)?.reduce((at: unknown, step) => (at as Input | undefined)?.[step], event);
  return InputTemplate.replaceAll(/"(?:[^"\\]|\\.)*"|<([\w-]+)>/g, (part, bare?: string) =>
    bare === undefined
      ? part.replaceAll(/<([\w-]+)>/g, (_, name: string) => JSON.stringify(String(valueAt(name))).slice(1, -1))
      : JSON.stringify(valueAt(bare)),
  );
}

/** Epoch seconds, as the SDK sends a time; now without one. */
const timeOf = (time: unknown): number => (typeof time === 'number' ? time * 1_000 : Date.now());

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(String(text)) as unknown;
  } catch {
    return undefined;
  }
}

const failure = (type: string, message: string): JsonAnswer => ({ status: 400, body: { __type: type, message } });
