import { setTimeout as wait } from 'node:timers/promises';
import {
  type DynamoDBClient,
  InternalServerError,
  ThrottlingException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';

/** What can go wrong between us and DynamoDB. DynamoDB Local does none of it by itself. */
export const FAULTS = [
  'conflict',
  'throttling',
  'time-out before commit',
  'time-out after commit',
  'server error before commit',
  'server error after commit',
  /** The answer is lost, and by the time it is sent again DynamoDB no longer knows the request's token: a late retry, or another process. */
  'time-out after commit, token forgotten',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Faults {
  /** The next requests of this command meet this fault; the SDK's own retries are requests too. */
  add(command: string, fault: Fault, times?: number): void;
  /** Requests that met one. */
  readonly met: readonly Fault[];
}

/** Puts faults between the SDK's retries and the wire. */
export function injectFaults(client: DynamoDBClient): Faults {
  const waiting: { command: string; fault: Fault; times: number }[] = [];
  const met: Fault[] = [];
  let forgotten = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const planned = waiting.find(({ command, times }) => command === context.commandName && times > 0);
      if (forgotten > 0 && context.commandName === 'TransactWriteItemsCommand') withOtherToken(args.request, forgotten);
      if (!planned) return next(args);
      planned.times -= 1;
      met.push(planned.fault);
      if (planned.fault.includes('after commit')) await next(args);
      if (planned.fault.includes('token forgotten')) forgotten += 1;
      await wait(0);
      throw errorOf(planned.fault);
    },
    { step: 'finalizeRequest', name: 'faults', priority: 'low' },
  );
  return { add: (command, fault, times = 1) => waiting.push({ command, fault, times }), met };
}

export interface Killer {
  /** The request of this number, counted from now, is the one before which the process dies. */
  at(step: number): void;
  /** Whether it died; from then on it lives again. */
  fired(): boolean;
  off(): void;
}

/** The process dies at the n-th request to the database: nothing is sent any more until somebody starts it again. */
export function killAt(client: DynamoDBClient): Killer {
  let left = Number.POSITIVE_INFINITY;
  let dead = false;
  client.middlewareStack.add(
    (next) => async (args) => {
      left -= 1;
      if (left > 0) return next(args);
      dead = true;
      throw new Error('The process is dead.');
    },
    { step: 'initialize', name: 'killer', priority: 'high' },
  );
  return {
    at: (step) => {
      left = step;
      dead = false;
    },
    fired: () => {
      const was = dead;
      left = Number.POSITIVE_INFINITY;
      return was;
    },
    off: () => client.middlewareStack.remove('killer'),
  };
}

function withOtherToken(request: unknown, number: number): void {
  const wire = request as { body: string | Uint8Array };
  const body = typeof wire.body === 'string' ? wire.body : new TextDecoder().decode(wire.body);
  wire.body = body.replace(
    /"ClientRequestToken":"([^"]{30})[^"]*"/,
    `"ClientRequestToken":"$1${String(number).padStart(6, '0')}"`,
  );
}

function errorOf(fault: Fault): Error {
  if (fault === 'conflict') {
    return new TransactionCanceledException({
      message: 'Transaction cancelled',
      $metadata: { httpStatusCode: 400 },
      CancellationReasons: [{ Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' }],
    });
  }
  if (fault === 'throttling') return new ThrottlingException({ message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } });
  if (fault.startsWith('server error'))
    return new InternalServerError({ message: 'Internal', $metadata: { httpStatusCode: 500 } });
  return Object.assign(new Error('The request timed out.'), { name: 'TimeoutError' });
}
