import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../schemas/ids.ts';
import {
  CHANGED_INDEX,
  DIRECTORY_PREFIXES,
  DUE_PREFIX,
  FAILED_PREFIX,
  LIBRARY_PREFIX,
  REPORTS,
  RUN_PREFIX,
  SEATS_PREFIX,
  STAFF_PREFIX,
  STRIPE_PREFIX,
  TENANT_LIST,
  TEXTED_PREFIX,
  tenantPrefix,
  USAGE_PREFIX,
  usagePk,
  WRITER_DELETES,
  WRITER_PREFIXES,
} from '../store/keys.ts';

/** What one request may touch: the same rule that the role's IAM conditions hold it to on AWS. */
export interface Fence {
  readonly table: string;
  readonly allows: (action: Action, key: { readonly pk: string; readonly sk?: string | undefined }) => boolean;
  /** Partitions whose items may be counted, though none may be read. */
  readonly mayCount?: (pk: string) => boolean;
}

/** DynamoDB's IAM actions on items; a transaction or a batch is made of these. */
export type Action =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  | 'BatchWriteItem';

const READS: readonly Action[] = ['GetItem', 'BatchGetItem', 'Query'];

/**
 * A tenant's own keys; its ledger to add to and to ask; shared knowledge to read; due work and the count of failed work to put and delete when the
 * sort key names the tenant. Only the feature's actions.
 */
export function tenantFence(table: string, tenant: TenantId, actions: readonly Action[]): Fence {
  const own = tenantPrefix(tenant);
  return {
    table,
    allows(action, { pk, sk }) {
      if (!actions.includes(action)) return false;
      if (pk.startsWith(own)) return true;
      if (pk.startsWith(LIBRARY_PREFIX)) return READS.includes(action);
      if (pk === usagePk(tenant)) return action === 'UpdateItem' || action === 'Query';
      const isOwnRow = (pk.startsWith(DUE_PREFIX) || pk.startsWith(FAILED_PREFIX)) && (sk ?? '').startsWith(`${tenant}#`);
      return isOwnRow && (action === 'PutItem' || action === 'DeleteItem');
    },
  };
}

/** Slugs, tenants and memberships, to read. */
export const directoryFence = (table: string): Fence => ({
  table,
  allows: (action, { pk }) =>
    (action === 'GetItem' || action === 'Query') && DIRECTORY_PREFIXES.some((prefix) => pk.startsWith(prefix)),
});

/** Tenants, to list and to suspend, how many work in each and what each has used: neither who they are, nor anything inside one. */
export const tenancyFence = (table: string): Fence => ({
  table,
  mayCount: (pk) => pk.startsWith(STAFF_PREFIX),
  allows: (action, { pk }) =>
    (action === 'Query' && (pk === TENANT_LIST || pk.startsWith(USAGE_PREFIX))) ||
    ((action === 'GetItem' || action === 'UpdateItem') &&
      (pk === TENANT_LIST || pk.startsWith('sys#slug#') || pk.startsWith('sys#tenant#'))),
});

/** Who was written to at a number, to note and to ask. */
export const textsFence = (table: string): Fence => ({
  table,
  allows: (action, { pk }) => (action === 'Query' || action === 'PutItem') && pk.startsWith(TEXTED_PREFIX),
});

/** Reports of broken screens, to count and to list. */
export const reportsFence = (table: string): Fence => ({
  table,
  allows: (action, { pk }) => (action === 'Query' || action === 'UpdateItem') && (pk === REPORTS || pk.startsWith(`${REPORTS}#`)),
});

/** Slugs, tenants, memberships, invitations, sign-ups, links and attempts. No record of any tenant, and what must stay is not deleted. */
export const directoryWriterFence = (table: string): Fence => ({
  table,
  allows(action, { pk }) {
    const within = (prefixes: readonly string[]): boolean => prefixes.some((prefix) => pk.startsWith(prefix));
    return within(action === 'DeleteItem' ? WRITER_DELETES : WRITER_PREFIXES) && WRITER_ACTIONS.includes(action);
  },
});
export const WRITER_ACTIONS: readonly Action[] = [
  'GetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'ConditionCheckItem',
  'DeleteItem',
];

/** What runs by the clock and how it went, what is due, how much waits for a person, what each clinic has used: never what is in a clinic's records. */
export const operationsFence = (table: string): Fence => ({
  table,
  allows: (action, { pk }) =>
    pk.startsWith(RUN_PREFIX)
      ? action === 'GetItem' || action === 'PutItem'
      : pk.startsWith(DUE_PREFIX)
        ? action === 'Query' || action === 'DeleteItem'
        : (pk.startsWith(FAILED_PREFIX) || pk.startsWith(USAGE_PREFIX)) && (action === 'GetItem' || action === 'Query'),
});

/** What Stripe has told, whose its accounts are and what clinics pay for; who works in a clinic and what it has used, to count them; that a plan fell, to count. */
export const paymentsFence = (table: string): Fence => ({
  table,
  allows: (action, { pk }) =>
    pk.startsWith(STRIPE_PREFIX)
      ? PAYMENTS_ACTIONS.includes(action)
      : pk.startsWith(SEATS_PREFIX)
        ? action === 'UpdateItem'
        : action === 'Query' && (pk.startsWith(STAFF_PREFIX) || pk.startsWith(USAGE_PREFIX)),
});
export const PAYMENTS_ACTIONS: readonly Action[] = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'];

/** Thrown when code asked for what its scope does not hold: always a bug of ours, never a caller's fault. Names no key. */
export class OutsideFence extends Error {
  constructor(command: string) {
    super(`The key guard refused a ${command}.`);
    this.name = 'OutsideFence';
  }
}

/** Refuses every command with a key outside the fence, before anything is sent. What it does not know it refuses: Scan, PartiQL, table commands. */
export function guard<C extends DynamoDBClient>(client: C, fence: Fence): C {
  // It walks through every item of every answer, for a logger that must never see one.
  client.middlewareStack.remove('loggerMiddleware');
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = context.commandName ?? 'command';
      if (!isInside(fence, command, args.input as Input)) throw new OutsideFence(command);
      return next(args);
    },
    { step: 'initialize', name: 'keyGuard', priority: 'high' },
  );
  return client;
}

type Attributes = Readonly<Record<string, AttributeValue>>;
/** The parts of item commands that name keys. */
interface Input {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Select?: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
  readonly ExclusiveStartKey?: Attributes;
  readonly RequestItems?: Readonly<Record<string, { Keys?: Attributes[] } | { PutRequest?: Input; DeleteRequest?: Input }[]>>;
  readonly TransactItems?: readonly { Put?: Input; Update?: Input; Delete?: Input; ConditionCheck?: Input; Get?: Input }[];
}

function isInside(fence: Fence, command: string, input: Input): boolean {
  const item = (action: Action, part: Input | undefined) =>
    part !== undefined && part.TableName === fence.table && isItemInside(fence, action, part);
  switch (command) {
    case 'GetItemCommand':
      return item('GetItem', input);
    case 'PutItemCommand':
      return item('PutItem', input);
    case 'UpdateItemCommand':
      return item('UpdateItem', input);
    case 'DeleteItemCommand':
      return item('DeleteItem', input);
    case 'QueryCommand':
      return input.TableName === fence.table && isQueryInside(fence, input);
    case 'BatchGetItemCommand':
      return isEveryTable(
        fence,
        input,
        (part) => !Array.isArray(part) && (part.Keys ?? []).every((Key) => isItemInside(fence, 'BatchGetItem', { Key })),
      );
    case 'BatchWriteItemCommand':
      return isEveryTable(fence, input, (part) => Array.isArray(part) && part.every((write) => isBatchWriteInside(fence, write)));
    case 'TransactGetItemsCommand':
      return isEveryItem(input, ({ Get }) => item('GetItem', Get));
    case 'TransactWriteItemsCommand':
      return isEveryItem(input, ({ Put, Update, Delete, ConditionCheck, ...rest }) => {
        const parts = [Put && item('PutItem', Put), Update && item('UpdateItem', Update), Delete && item('DeleteItem', Delete)];
        const checks = [...parts, ConditionCheck && item('ConditionCheckItem', ConditionCheck)].filter(
          (part) => part !== undefined,
        );
        return Object.keys(rest).length === 0 && checks.length === 1 && checks.every(Boolean);
      });
    default:
      return false;
  }
}

function isItemInside(fence: Fence, action: Action, { Key, Item, ExpressionAttributeValues = {} }: Input): boolean {
  const key = Key ?? Item;
  const pk = key?.pk?.S;
  if (pk === undefined || !fence.allows(action, { pk, sk: key?.sk?.S })) return false;
  // An index key is a key too: an item must not appear in another tenant's partition of `changed`.
  if (Item?.cpk && !(Item.cpk.S !== undefined && fence.allows(action, { pk: Item.cpk.S }))) return false;
  return (
    action !== 'UpdateItem' ||
    Object.values(ExpressionAttributeValues).every(({ S }) => !S?.startsWith('t#') || fence.allows(action, { pk: S }))
  );
}

/** A Query names its partition first, as `pk = :value` (or `cpk` in the index). Anything else is refused rather than understood. */
function isQueryInside(
  fence: Fence,
  { IndexName, Select, KeyConditionExpression = '', ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Input,
): boolean {
  if (IndexName !== undefined && IndexName !== CHANGED_INDEX) return false;
  const [, name = '', value = ''] = /^\s*([#\w]+)\s*=\s*(:\w+)\s*(?:$|AND\s)/i.exec(KeyConditionExpression) ?? [];
  const attribute = name.startsWith('#') ? ExpressionAttributeNames[name] : name;
  const pk = ExpressionAttributeValues[value]?.S;
  if (attribute !== (IndexName === undefined ? 'pk' : 'cpk') || pk === undefined) return false;
  return fence.allows('Query', { pk }) || (Select === 'COUNT' && fence.mayCount?.(pk) === true);
}

function isBatchWriteInside(fence: Fence, { PutRequest, DeleteRequest }: { PutRequest?: Input; DeleteRequest?: Input }): boolean {
  if (PutRequest) return isItemInside(fence, 'PutItem', PutRequest);
  return DeleteRequest !== undefined && isItemInside(fence, 'DeleteItem', DeleteRequest);
}

type RequestPart = NonNullable<Input['RequestItems']>[string];
function isEveryTable(fence: Fence, { RequestItems = {} }: Input, isInsidePart: (part: RequestPart) => boolean): boolean {
  const tables = Object.entries(RequestItems);
  return tables.length > 0 && tables.every(([table, part]) => table === fence.table && isInsidePart(part));
}
type TransactPart = NonNullable<Input['TransactItems']>[number];
const isEveryItem = ({ TransactItems = [] }: Input, isInsidePart: (part: TransactPart) => boolean): boolean =>
  TransactItems.length > 0 && TransactItems.every(isInsidePart);
