import type { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { readCurrent } from './current.ts';
import { expiresAt, type Item, keyItem, stringOf } from './item.ts';
import { type Key, keys } from './keys.ts';
import type { Step } from './plan.ts';
import type { Table } from './table.ts';

/** A racer that searched before the winner's commit is done within the life of a request; 5 minutes are ten of those. */
const LIFE_SECONDS = 300;

/**
 * The row that lets one of several racing conditional creates win. Those who come later find the record by their search, which is strongly
 * consistent, so the row need not outlive the race.
 */
export class OnlyOne {
  readonly #key: Key;
  readonly #type: string;
  /** A winner whose record has been deleted since. */
  #gone: FhirId | undefined;
  constructor(scope: Scope, type: string, criteria: string) {
    this.#key = keys.onlyOne(scope.tenant, type, criteria);
    this.#type = type;
  }

  step(table: string, id: FhirId, now: Date): Step {
    const Item: Item = { ...keyItem(this.#key), r: { S: id }, expires: expiresAt(now, LIFE_SECONDS) };
    const condition = {
      ConditionExpression: 'attribute_not_exists(pk) OR #expires < :now OR r = :gone',
      ExpressionAttributeNames: { '#expires': 'expires' },
      ExpressionAttributeValues: { ':now': expiresAt(now, 0), ':gone': { S: this.#gone ?? '' } },
    };
    return { guards: 'only-one', item: { Put: { TableName: table, Item, ...condition } } };
  }

  /** After the row's condition failed. @throws Problem conflict unless the record that stood in the way is gone */
  async makeWay(table: Table, scope: Scope): Promise<void> {
    const item = await table.get(this.#key);
    if (!item) return;
    const winner = stringOf(item, 'r') as FhirId;
    const [current] = await readCurrent(table, scope.tenant, [{ type: this.#type, id: winner }]);
    if (current?.state === 'alive') throw new Problem('conflict', said('patient-just-created'));
    this.#gone = winner;
  }
}
