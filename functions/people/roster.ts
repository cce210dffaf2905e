import { QueryCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Member, memberRow, membershipRow, toMember } from '../../core/directory/membership.ts';
import { Problem, said } from '../../core/outcome.ts';
import { type Turn, turnOf } from '../../core/plan/seats.ts';
import { type Item, isExpired, keyItem, stringOf } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';
import { fromItem, type Kept, type KeptRows } from './kept.ts';
import { isInvitationId, type Pending } from './pending.ts';
import { administratorIn, lastAdminStays } from './rules.ts';

export interface Clinic {
  readonly tenant: TenantId;
  readonly slug: Slug;
}
export interface Invited extends Kept<Pending> {
  readonly id: string;
}
export interface StaffList {
  readonly members: readonly Member[];
  /** Those that nobody has accepted; withdrawn ones too. */
  readonly invitations: readonly Invited[];
}

/** The list that a change is decided on. */
export interface StaffToChange extends StaffList {
  /** How the race for room to prescribe stood when the list was read, or before. */
  readonly turn: Turn;
}
/** What the transaction that changes a member has to claim. @throws Problem forbidden when there is no room */
export type RoomFor = (staff: StaffToChange, after: Member) => Promise<readonly TransactWriteItem[]>;

/** How often a change begins anew that lost a race. */
const ROUNDS = 5;

/** Begins anew, from reading on, as long as `attempt` answers undefined: somebody else was faster. @throws Problem conflict in the end */
export async function untilDone<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < ROUNDS; round++) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new Problem('conflict', said('staff-busy'));
}

/** A clinic's staff: one partition with a row for each member and each invitation. A clinic has tens of them: one Query. */
export class Roster {
  readonly #rows: KeptRows;
  readonly #nowMs: () => number;
  constructor(rows: KeptRows, nowMs: () => number) {
    this.#rows = rows;
    this.#nowMs = nowMs;
  }

  async list({ tenant }: Pick<Clinic, 'tenant'>): Promise<StaffList> {
    const items = await this.#partition(keys.staff(tenant));
    return {
      members: items.filter((item) => !isInvitationId(stringOf(item, 'sk'))).map(toMember),
      invitations: invitationsIn(items),
    };
  }

  /** The same for somebody who is about to change it. @throws Problem forbidden when they do not administer the clinic any more */
  async listFor(clinic: Pick<Clinic, 'tenant'>, by: string): Promise<StaffToChange> {
    const turn = await turnOf({ client: this.#rows.client, name: this.#rows.table }, clinic.tenant);
    const staff = await this.list(clinic);
    administratorIn(staff.members, by);
    return { ...staff, turn };
  }

  async invitedOperators(): Promise<readonly Invited[]> {
    return invitationsIn(await this.#partition(keys.operator('').pk));
  }

  /**
   * Replaces a member's row, and with it the membership that tokens are made of. The row's revision closes the race of two who change the
   * same member; that an administrator remains is checked in the transaction itself, on the row of one who stays: of whoever makes the
   * change, or, when that is the member, of another. So of two administrators who demote each other one succeeds. `roomFor` is asked in each
   * round, for what the transaction has to claim or why there is no room.
   * @throws Problem not-found, forbidden when `by` administers the clinic no more, rule-broken when nobody would be left to
   */
  change(clinic: Clinic, by: string, sub: string, to: (member: Member) => Member, roomFor: RoomFor): Promise<Member> {
    return untilDone(async () => {
      const staff = await this.listFor(clinic, by);
      const { members } = staff;
      const before = members.find((member) => member.sub === sub);
      if (!before) throw new Problem('not-found', said('staff-unknown'));
      const after: Member = { ...to(before), revision: before.revision + 1 };
      const actor = administratorIn(members, by);
      const witness = by === sub ? lastAdminStays(members, before, after) : actor;
      const steps = [...this.#replacing(clinic, before, after), ...(witness ? [this.#stillAdmin(clinic, witness)] : [])];
      const claims = await roomFor(staff, after);
      return (await this.#rows.together([...steps, ...claims])) ? after : undefined;
    });
  }

  #replacing({ tenant, slug }: Clinic, before: Member, after: Member): TransactWriteItem[] {
    const TableName = this.#rows.table;
    const row: TransactWriteItem = {
      Put: {
        TableName,
        Item: memberRow(tenant, after),
        ConditionExpression: 'n = :read',
        ExpressionAttributeValues: { ':read': { N: String(before.revision) } },
      },
    };
    if (after.state === 'disabled') return [row, { Delete: { TableName, Key: keyItem(keys.membership(after.sub, slug)) } }];
    const { sub, roles, fhirUser } = after;
    return [row, { Put: { TableName, Item: membershipRow(sub, { slug, roles, ...(fhirUser && { fhirUser }) }) } }];
  }

  #stillAdmin({ tenant }: Clinic, { sub }: Member): TransactWriteItem {
    return {
      ConditionCheck: {
        TableName: this.#rows.table,
        Key: keyItem(keys.member(tenant, sub)),
        ConditionExpression: '#state = :active AND contains(#roles, :admin)',
        ExpressionAttributeNames: { '#state': 'state', '#roles': 'roles' },
        ExpressionAttributeValues: { ':active': { S: 'active' }, ':admin': { S: 'admin' } },
      },
    };
  }

  async #partition(pk: string): Promise<Item[]> {
    const found: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await orUnavailable(
        this.#rows.client.send(
          new QueryCommand({
            TableName: this.#rows.table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: pk } },
            ConsistentRead: true,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        ),
      );
      found.push(...Items);
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found.filter((item) => !isExpired(item, new Date(this.#nowMs())));
  }
}

const invitationsIn = (items: readonly Item[]): Invited[] =>
  items.flatMap((item) => {
    const id = stringOf(item, 'sk');
    return isInvitationId(id) ? [{ id, ...fromItem<Pending>(item) }] : [];
  });
