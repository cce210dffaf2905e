import { type CostLine, VISIT_PARTS, type Visit, type VisitPart } from '../../schemas/cost.ts';
import { billOf } from './bill.ts';

/** One visit to a clinic, from the front desk to the signed note. */
export const VISIT: Visit = {
  search: 2,
  chart: 4, // front desk, nurse, physician and biller open it
  read: 15,
  observation: 8, // vitals and results
  record: 6, // the visit itself, a note, a problem, two prescriptions, a claim
  update: 4,
};

/** What docs/performance.md calls each part. Records of types that are not measured there have as many rows as an Encounter. */
export const OPERATIONS: Readonly<Record<VisitPart, string>> = {
  search: 'patient search by name',
  chart: 'chart, first paint: demo, 920 records',
  read: 'read by id',
  observation: 'create Observation',
  record: 'create Encounter',
  update: 'update in place',
};

/**
 * What a visit's reminders cost. Units are those of docs/access-patterns.md: the due row put and handed out, the reminder sent, and what
 * became of it told by the mail's service. What that service tells on the account's own bus is free; the rule puts it into the queue of the
 * reminders. By mail: text messages are priced by country and carrier, and need the patient's word.
 */
export const REMINDERS = {
  /** As a new clinic has it: two days before, and two hours. */
  aVisit: 2,
  readUnits: 4 + 9 + 1,
  writeUnits: 2 + 1 + 15 + 8,
  mails: 1,
  /** The sweep's message and the service's word: each sent, received, deleted. */
  queueRequests: 2 * 3,
  /** One that sends, one that hears what became of it. */
  calls: 2,
} as const;

/** Looks leave an audit row of one unit; of these the bench counts it apart. */
const LOOKS: readonly VisitPart[] = ['search', 'chart'];
const WRITES: readonly VisitPart[] = ['observation', 'record', 'update'];

/** What stands around the database's units. Each figure is a guess on the high side. */
const AROUND = {
  /** Milliseconds that a request is billed, at 512 MiB: 20 of our own, a few for each call to DynamoDB, cold starts shared out. */
  requestMs: 120,
  memoryGb: 0.5,
  /** Requests for files of the web app, most of them kept by the browser. */
  fileRequests: 20,
  /** Bytes sent to browsers, packed: charts are some 15 KB, the app itself is loaded once a day. */
  bytesOut: 400_000,
  /** Bytes of log lines for each request: the gateway's, the function's and the platform's three. */
  logBytes: 1_500,
  /** One request in twenty is traced. */
  traced: 0.05,
  /** Each write is one event, which three queues may take: sent, received, deleted. */
  eventsAWrite: 1,
  queueRequestsAnEvent: 9,
  /** Function calls for each write behind the request's back: the stream's reader and the receivers, batched. */
  callsAWrite: 2,
  /** Each function asks anew for the table's key after five minutes (DynamoDB Developer Guide, "Encryption at rest: how it works"). */
  keyRequests: 20,
  signatures: 1,
  /** Bytes that a visit leaves in the table: records, rows, past versions, audit. Kept and backed up for a year. */
  bytesKept: 40_000,
  monthsKept: 12,
} as const;

interface Units {
  readonly read: number;
  readonly write: number;
}

/** Read and write units by operation, from the first table of docs/performance.md. */
export function unitsOf(performancePage: string): ReadonlyMap<string, Units> {
  const [, section = ''] = performancePage.split('## Calls and capacity units by operation');
  const rows = (section.split('\n## ', 1)[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  const [head, , ...body] = rows.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  const at = (name: string): number => {
    const column = head?.indexOf(name) ?? -1;
    if (column < 0) throw new Error(`docs/performance.md has no column "${name}": run npm run bench -- --page.`);
    return column;
  };
  const [name, read, write] = [at('operation'), at('read units'), at('write units')];
  return new Map(body.map((cells) => [cells[name] ?? '', { read: Number(cells[read]), write: Number(cells[write]) }]));
}

/** The bill of so many visits when every free allowance is used up. @throws Error when an operation has not been measured */
export function visitsBill(visits: number, units: ReadonlyMap<string, Units>, visit = VISIT): CostLine[] {
  const sum = (parts: readonly VisitPart[], of: (units: Units) => number): number =>
    parts.reduce((total, part) => {
      const known = units.get(OPERATIONS[part]);
      if (!known || Number.isNaN(of(known))) throw new Error(`docs/performance.md does not measure "${OPERATIONS[part]}".`);
      return total + visit[part] * of(known);
    }, 0);
  const requests = sum(VISIT_PARTS, () => 1);
  const writes = sum(WRITES, () => 1);
  const reminded = (of: Exclude<keyof typeof REMINDERS, 'aVisit'>): number => REMINDERS.aVisit * REMINDERS[of];
  const calls = requests + writes * AROUND.callsAWrite + reminded('calls');
  const edgeRequests = requests + AROUND.fileRequests;
  const gb = (bytes: number): number => bytes / 1e9;
  const kept = gb(AROUND.bytesKept) * AROUND.monthsKept;
  const one = {
    'key-request': AROUND.keyRequests,
    signature: AROUND.signatures,
    'table-read': sum(VISIT_PARTS, ({ read }) => read) + reminded('readUnits'),
    'table-write': sum(VISIT_PARTS, ({ write }) => write) + sum(LOOKS, () => 1) + reminded('writeUnits'),
    'table-gb': kept,
    'table-backup-gb': kept,
    'function-request': calls,
    'function-gb-second': (calls * AROUND.requestMs * AROUND.memoryGb) / 1_000,
    'api-request': requests,
    'edge-request': edgeRequests,
    'firewall-request': edgeRequests,
    'edge-gb': gb(AROUND.bytesOut),
    'log-gb': gb(requests * AROUND.logBytes),
    'log-kept-gb': (gb(requests * AROUND.logBytes) * AROUND.monthsKept) / 6,
    trace: calls * AROUND.traced,
    event: writes * AROUND.eventsAWrite,
    'queue-request': writes * AROUND.eventsAWrite * AROUND.queueRequestsAnEvent + reminded('queueRequests'),
    mail: reminded('mails'),
  };
  const all = Object.fromEntries(Object.entries(one).map(([meter, quantity]) => [meter, quantity * visits]));
  return billOf(all, { withFree: false });
}
