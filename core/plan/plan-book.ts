import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { Slug, TenantId } from '../../schemas/ids.ts';
import { ADD_ONS, PLAN_STATES, PLANS } from '../../schemas/plans.ts';
import type { LedgerCounts } from '../../schemas/usage.ts';
import { type Member, toMember } from '../directory/membership.ts';
import { Problem, said } from '../outcome.ts';
import { keyItem, stringOf } from '../store/item.ts';
import { FIRST_INVITATION, keys, STRIPE_PREFIX } from '../store/keys.ts';
import { orUnavailable, Table } from '../store/table.ts';
import { readLedger } from './ledger.ts';
import { planFell } from './seats.ts';

/** What a clinic has agreed with the platform, as we last heard it from Stripe. */
export const Plan = z.object({
  tenant: TenantId,
  slug: Slug,
  plan: z.enum(PLANS),
  addOns: z.array(z.enum(ADD_ONS)),
  state: z.enum(PLAN_STATES),
  customer: z.string().optional(),
  subscription: z.string().optional(),
  /** The open payment page, closed when another is opened. */
  session: z.string().optional(),
  trialEnds: z.string().optional(),
  periodBegan: z.string().optional(),
  periodEnds: z.string().optional(),
  endsWithPeriod: z.boolean().default(false),
  overdueSince: z.string().optional(),
  /** The invoice and attempt that the finance people were last written to about. */
  reminded: z.string().optional(),
  held: z.object({ invoice: z.string(), ledger: z.number(), counted: z.number() }).optional(),
  revision: z.number().default(0),
});
export type Plan = z.infer<typeof Plan>;

const MOST = 1_000;

/** Which clinic pays for what; who works there and what it has used, to count them. */
export class PlanBook {
  readonly #table: Table;
  constructor({ client, table, now }: { client: DynamoDBClient; table: string; now?: () => Date }) {
    this.#table = new Table(client, table, now);
  }

  async find({ tenant, slug }: { tenant: TenantId; slug: Slug }): Promise<Plan> {
    const item = await this.#table.get(keys.plan(tenant));
    return item ? Plan.parse(JSON.parse(stringOf(item, 'plan'))) : NO_PLAN(tenant, slug);
  }

  /** Of two that read the same one loses. @throws Problem conflict */
  async keep(plan: Plan): Promise<Plan> {
    const next = { ...plan, revision: plan.revision + 1 };
    try {
      await orUnavailable(
        this.#table.client.send(
          new PutItemCommand({
            TableName: this.#table.name,
            Item: { ...keyItem(keys.plan(plan.tenant)), plan: { S: JSON.stringify(next) }, n: { N: String(next.revision) } },
            ConditionExpression: plan.revision === 0 ? 'attribute_not_exists(pk)' : 'n = :n',
            ...(plan.revision > 0 && { ExpressionAttributeValues: { ':n': { N: String(plan.revision) } } }),
          }),
        ),
      );
      return next;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new Problem('conflict', said('plan-busy'), { cause: error });
    }
  }

  async list(after?: TenantId): Promise<{ readonly plans: Plan[]; readonly next?: TenantId }> {
    const { items, endedAt } = await this.#table.query(
      `${STRIPE_PREFIX}plans`,
      { from: '0', to: '{' },
      { order: 'ascending', limit: MOST, after },
    );
    const plans = items.map((item) => Plan.parse(JSON.parse(stringOf(item, 'plan'))));
    return { plans, ...(endedAt !== undefined && { next: endedAt as TenantId }) };
  }

  /** Who works in the clinic, invitations left out. */
  async staff(tenant: TenantId): Promise<Member[]> {
    const { items } = await this.#table.query(
      keys.staff(tenant),
      { from: '0', to: FIRST_INVITATION },
      { order: 'ascending', limit: MOST },
    );
    return items.map(toMember);
  }

  /** That the clinic is on the free plan from now on, after its gate is closed: whoever would make a prescriber at this moment asks again. */
  fell(tenant: TenantId): Promise<void> {
    return planFell(this.#table, tenant);
  }

  /** The usage ledger, by month. */
  usage(tenant: TenantId): Promise<ReadonlyMap<string, LedgerCounts>> {
    return readLedger(this.#table, tenant);
  }
}

const NO_PLAN = (tenant: TenantId, slug: Slug): Plan => ({
  tenant,
  slug,
  plan: 'free',
  addOns: [],
  state: 'free',
  endsWithPeriod: false,
  revision: 0,
});
