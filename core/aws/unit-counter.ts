import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { itemSize } from './item-size.ts';

/**
 * Counts calls and capacity units by DynamoDB's rules, from the commands sent and the marshalled items (DynamoDB guide, "Read and write
 * operations"): writes 1 unit per KiB, in a transaction 2; an entry of index `changed` 1 unit, when its key changes 2; strong reads
 * 1 unit per 4 KiB, eventual ones half, in a transaction 2. DynamoDB Local's own figures for transactions are wrong.
 * An item that is replaced or deleted counts with its old size and index entry when this counter has seen it read or written before.
 */
export class UnitCounter {
  calls = 0;
  /** Requests on the wire: retries count. */
  attempts = 0;
  readUnits = 0;
  writeUnits = 0;
  readonly commands: string[] = [];
  /** Size and index key of what has been seen, by key. */
  readonly #seen = new Map<string, { readonly bytes: number; readonly indexKey: string | undefined }>();

  /** Forgets the figures, not what the items look like. */
  reset(): void {
    Object.assign(this, { calls: 0, attempts: 0, readUnits: 0, writeUnits: 0 });
    this.commands.length = 0;
  }

  watch<C extends DynamoDBClient>(client: C): C {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const command = context.commandName ?? '';
        this.calls += 1;
        this.commands.push(command);
        this.#countWrites(command, args.input as Input);
        const answer = await next(args);
        this.#countReads(command, args.input as Input, answer.output as unknown as Output);
        return answer;
      },
      { step: 'initialize', name: 'unitCounter', priority: 'low' },
    );
    client.middlewareStack.add(
      (next) => (args) => {
        this.attempts += 1;
        return next(args);
      },
      { step: 'finalizeRequest', name: 'attemptCounter', priority: 'low' },
    );
    return client;
  }

  #countWrites(command: string, input: Input): void {
    if (command === 'PutItemCommand') this.#put(input.Item, 1);
    if (command === 'DeleteItemCommand') this.#remove(input.Key, 1);
    if (command === 'BatchWriteItemCommand') {
      for (const writes of Object.values(input.RequestItems ?? {})) {
        for (const { PutRequest, DeleteRequest } of Array.isArray(writes) ? writes : []) {
          if (PutRequest) this.#put(PutRequest.Item, 1);
          if (DeleteRequest) this.#remove(DeleteRequest.Key, 1);
        }
      }
    }
    if (command !== 'TransactWriteItemsCommand') return;
    for (const { Put, Delete, ConditionCheck } of input.TransactItems ?? []) {
      if (Put) this.#put(Put.Item, 2);
      if (Delete) this.#remove(Delete.Key, 2);
      if (ConditionCheck) this.writeUnits += 2 * kib(this.#seen.get(keyOf(ConditionCheck.Key))?.bytes ?? 0, 1);
    }
  }

  #put(item: Attributes = {}, times: 1 | 2): void {
    const key = keyOf(item);
    const old = this.#seen.get(key);
    const now = { bytes: itemSize(item), indexKey: indexKeyOf(item) };
    this.writeUnits += times * kib(Math.max(now.bytes, old?.bytes ?? 0), 1);
    if (now.indexKey !== old?.indexKey) this.writeUnits += (now.indexKey ? 1 : 0) + (old?.indexKey ? 1 : 0);
    this.#seen.set(key, now);
  }

  #remove(key: Attributes = {}, times: 1 | 2): void {
    const old = this.#seen.get(keyOf(key));
    this.writeUnits += times * kib(old?.bytes ?? 0, 1) + (old?.indexKey ? 1 : 0);
    this.#seen.delete(keyOf(key));
  }

  #countReads(command: string, input: Input, output: Output): void {
    const factor = input.ConsistentRead ? 1 : 0.5;
    if (command === 'GetItemCommand') this.readUnits += factor * this.#look(output.Item);
    if (command === 'QueryCommand') {
      const items = output.Items ?? [];
      for (const item of items) this.#look(item);
      this.readUnits +=
        factor *
        kib(
          items.reduce((sum, item) => sum + itemSize(item), 0),
          4,
        );
    }
    if (command !== 'BatchGetItemCommand') return;
    for (const [table, asked] of Object.entries(input.RequestItems ?? {})) {
      const found = output.Responses?.[table] ?? [];
      const { Keys = [], ConsistentRead } = Array.isArray(asked) ? {} : asked;
      // A key without an item costs as much as a small item.
      const missing = Keys.length - found.length - (output.UnprocessedKeys?.[table]?.Keys?.length ?? 0);
      this.readUnits += (ConsistentRead ? 1 : 0.5) * (missing + found.reduce((sum, item) => sum + this.#look(item), 0));
    }
  }

  /** Remembers an item and gives its size in 4 KiB steps. */
  #look(item: Attributes | undefined): number {
    if (!item) return 1;
    this.#seen.set(keyOf(item), { bytes: itemSize(item), indexKey: indexKeyOf(item) });
    return kib(itemSize(item), 4);
  }
}

type Attributes = Readonly<Record<string, AttributeValue>>;
interface Input {
  readonly Item?: Attributes;
  readonly Key?: Attributes;
  readonly ConsistentRead?: boolean;
  readonly RequestItems?: Readonly<
    Record<string, { Keys?: Attributes[]; ConsistentRead?: boolean } | { PutRequest?: Input; DeleteRequest?: Input }[]>
  >;
  readonly TransactItems?: readonly { Put?: Input; Delete?: Input; ConditionCheck?: Input }[];
}
interface Output {
  readonly Item?: Attributes;
  readonly Items?: readonly Attributes[];
  readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, { Keys?: readonly Attributes[] }>>;
}

/** Whole steps of `size` KiB, at least one. */
const kib = (bytes: number, size: 1 | 4): number => Math.max(1, Math.ceil(bytes / (size * 1024)));
const keyOf = (item: Attributes = {}): string => `${item.pk?.S}\n${item.sk?.S}`;
const indexKeyOf = (item: Attributes): string | undefined => (item.cpk ? `${item.cpk.S}\n${item.csk?.S}` : undefined);
