import { randomUUID } from 'node:crypto';
import type { Audit } from '../../core/audit/audit.ts';
import { directoryWriterFence, guard, tenantFence } from '../../core/aws/key-guard.ts';
import { Directory } from '../../core/directory/directory.ts';
import type { Mail } from '../../core/mail/mailer.ts';
import { requireRoomFor } from '../../core/plan/gate.ts';
import type { RecordStore } from '../../core/store/record-store.ts';
import { Table } from '../../core/store/table.ts';
import type { Account, Accounts } from '../../functions/people/accounts.ts';
import { Attempts } from '../../functions/people/attempts.ts';
import { EndedOperators } from '../../functions/people/ended-operators.ts';
import type { DoorDeps, PeopleDeps } from '../../functions/people/endpoints.ts';
import { KeptRows } from '../../functions/people/kept.ts';
import { Links } from '../../functions/people/links.ts';
import { Roster } from '../../functions/people/roster.ts';
import { ORIGIN_SECRET } from './api.ts';
import { plainClient, TEST_TABLE } from './records.ts';

/** What the people feature stands on, over the run's database behind the writer's fence, with the mails it has sent. */
export function peopleDeps({
  records,
  audit,
  accounts = accountsInMemory(),
  patientAccounts = accountsInMemory(),
  nowMs = Date.now,
}: {
  records: RecordStore;
  audit: Audit;
  accounts?: Accounts;
  patientAccounts?: Accounts;
  nowMs?: () => number;
}): DoorDeps & PeopleDeps & { readonly mails: Mail[]; readonly directory: Directory } {
  const client = guard(plainClient(), directoryWriterFence(TEST_TABLE));
  const rows = new KeptRows({ client, table: TEST_TABLE, nowMs });
  const mails: Mail[] = [];
  return {
    mails,
    rows,
    links: new Links(rows, nowMs),
    attempts: new Attempts({ client, table: TEST_TABLE, secret: ORIGIN_SECRET, nowMs }),
    accounts,
    patientAccounts,
    ended: new EndedOperators(rows, nowMs),
    roster: new Roster(rows, nowMs),
    mailer: { send: async (mail) => void mails.push(mail) },
    directory: new Directory({ client, table: TEST_TABLE, nowMs }),
    records,
    audit,
    nowMs,
    requireRoomFor: (scope, providers) =>
      requireRoomFor(
        new Table(guard(plainClient(), tenantFence(TEST_TABLE, scope.tenant, ['GetItem'])), TEST_TABLE),
        scope,
        providers,
      ),
  };
}

/** The secret of the newest link that was mailed to an address. */
export function tokenIn(mails: readonly Mail[], to: string): string {
  const mail = mails.findLast((one) => one.to === to);
  const [, token] = /\/(?:p\/)?link#([A-Za-z0-9_-]{43})/.exec(mail?.text ?? '') ?? [];
  if (!token) throw new Error(`No link was mailed to ${to}.`);
  return token;
}

/** A pool that refuses what the real one refuses: an unknown account. */
function accountsInMemory(): Accounts {
  const accounts = new Map<string, Account & { email: string }>();
  const operators = new Set<string>();
  const find = (sub: string) => [...accounts.values()].find((account) => account.sub === sub);
  return {
    find: async (email) => accounts.get(email),
    async create({ email, name }) {
      const account = accounts.get(email) ?? { sub: randomUUID(), ready: false, email, name };
      accounts.set(email, account);
      return account;
    },
    async setPassword(sub) {
      const account = find(sub);
      if (!account) throw new Error('UserNotFoundException');
      accounts.set(account.email, { ...account, ready: true });
    },
    signOutEverywhere: async () => undefined,
    resetSecondFactor: async () => undefined,
    operators: async () => [...accounts.values()].filter(({ sub }) => operators.has(sub)),
    addOperator: async (sub) => void operators.add(sub),
    removeOperator: async (sub) => void operators.delete(sub),
  };
}
