import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { ScanCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { OperationOutcome } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventOf } from '../../core/audit/audit.ts';
import { Tenancy } from '../../core/directory/tenancy.ts';
import { type FeatureHandler, featureHandler } from '../../core/http/feature.ts';
import { keepGate } from '../../core/plan/gate.ts';
import { planFell } from '../../core/plan/seats.ts';
import { Table } from '../../core/store/table.ts';
import { openTask } from '../../core/tasks/open-task.ts';
import { type Accounts, cognitoAccounts } from '../../functions/people/accounts.ts';
import { LIMITS } from '../../functions/people/attempts.ts';
import { type DoorDeps, doorEndpoints, type PeopleDeps, peopleEndpoints } from '../../functions/people/endpoints.ts';
import { join as joinClinic } from '../../functions/people/join.ts';
import { KeptRows } from '../../functions/people/kept.ts';
import { Links } from '../../functions/people/links.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { newTotpSecret } from '../../local/identity/totp.ts';
import type { Role } from '../../schemas/access.ts';
import { Slug, type TenantId } from '../../schemas/ids.ts';
import type { LinkView, StaffEntry } from '../../schemas/people.ts';
import type { PlanName } from '../../schemas/plans.ts';
import { ownerOf } from '../../schemas/tasks.ts';
import { type CallSpec, call, ORIGIN_SECRET, tokenFor, verifyTestToken } from '../support/api.ts';
import { PASSWORD, type RunningIdentity, startIdentity } from '../support/identity.ts';
import { peopleDeps, tokenIn } from '../support/people.ts';
import { plainClient, scopeOf, TEST_TABLE, testStore } from '../support/records.ts';
import { signUpOf } from '../support/sample-requests.ts';
import { anyScope } from '../support/scope.ts';
import { Visitor } from '../support/visitor.ts';

let running: RunningIdentity;
let accounts: Accounts;
let store: Awaited<ReturnType<typeof testStore>>;
let nowMs = Date.now();
let deps: ReturnType<typeof peopleDeps>;
let door: FeatureHandler;
let desk: FeatureHandler;
const logged: unknown[] = [];

beforeAll(async () => {
  running = await startIdentity({ dataDir: mkdtempSync(join(tmpdir(), 'tessera-people-')) });
  const cognito = new CognitoIdentityProviderClient({
    endpoint: `${running.origin}/cognito`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  accounts = cognitoAccounts(cognito, 'us-east-1_Staff0001');
  store = await testStore();
  deps = peopleDeps({ ...store, accounts, nowMs: () => nowMs });
  [door, desk] = [handlerOf(doorEndpoints(deps)), handlerOf(peopleEndpoints(deps))];
});
afterAll(() => running.stop());

const handlerOf = (endpoints: Parameters<typeof featureHandler>[0]): FeatureHandler =>
  featureHandler(endpoints, {
    originSecret: ORIGIN_SECRET,
    log: (line) => void logged.push(line),
    access: { verify: verifyTestToken, directory: deps.directory, audit: store.audit },
  });
const freshSlug = () => Slug.parse(`elm-${randomUUID().slice(0, 8)}`);
const freshEmail = () => `ada-${randomUUID().slice(0, 8)}@elm.example`;
const post = <Body = OperationOutcome>(handler: FeatureHandler, address: string, body: object, more: CallSpec = {}) =>
  call<Body>(handler, 'POST', address, {
    body,
    ...more,
    headers: { 'content-type': 'application/json', 'x-viewer-address': randomUUID(), ...more.headers },
  });
const signUp = (slug: string, email: string, more: CallSpec = {}) =>
  post(door, '/api/platform/signup', signUpOf(slug, email), more);
const confirm = (token: string, more: object = { password: PASSWORD }) =>
  post<OperationOutcome & { slug: string }>(door, '/api/platform/links/confirm', { token, ...more });
const look = async (token: string) => (await post<LinkView>(door, '/api/platform/links/look', { token })).body;
const faultOf = ({ status, body }: { status: number; body: OperationOutcome }) => [status, body.issue?.[0]?.expression?.[0]];

/** A clinic with its first administrator. */
async function clinic() {
  const [slug, email] = [freshSlug(), freshEmail()];
  await signUp(slug, email);
  expect((await confirm(tokenIn(deps.mails, email))).status).toBe(200);
  const tenant = await deps.directory.findTenant(slug);
  const admin = await accounts.find(email);
  if (!tenant || !admin) throw new Error('The clinic was not made.');
  return { slug, email, tenant: tenant.id, sub: admin.sub, token: tokenFor({ sub: admin.sub, tenants: { [slug]: ['admin'] } }) };
}
type Clinic = Awaited<ReturnType<typeof clinic>>;
const staffOf = async ({ slug, token }: Clinic) =>
  (await call<{ staff: StaffEntry[] }>(desk, 'GET', `/api/${slug}/staff`, { token })).body.staff;
const invite = ({ slug, token }: Clinic, email: string, roles: readonly Role[], at = desk) =>
  post<OperationOutcome & StaffEntry>(at, `/api/${slug}/staff`, { name: 'Grace Mensah', email, roles }, { token });
const change = ({ slug, token }: Pick<Clinic, 'slug' | 'token'>, id: string, body: object, at = desk) =>
  call<OperationOutcome & StaffEntry>(at, 'PUT', `/api/${slug}/staff/${id}`, {
    body,
    token,
    headers: { 'content-type': 'application/json' },
  });
async function hire(at: Clinic, roles: readonly Role[], email = freshEmail()) {
  await invite(at, email, roles);
  await confirm(tokenIn(deps.mails, email));
  const account = await accounts.find(email);
  if (!account) throw new Error('Nobody was hired.');
  return { email, sub: account.sub, token: tokenFor({ sub: account.sub, tenants: { [at.slug]: roles } }) };
}

describe('signing up', () => {
  test('mails one link, whose button makes the clinic, its administrator and what it begins with', async () => {
    const [slug, email] = [freshSlug(), freshEmail()];
    const answer = await signUp(slug, email);
    expect([answer.status, answer.body]).toEqual([202, { email, linkHours: 48 }]);
    expect(await deps.directory.findTenant(slug)).toBeUndefined();
    const token = tokenIn(deps.mails, email);
    expect(await look(token)).toMatchObject({
      kind: 'signup',
      state: 'open',
      email,
      clinic: 'Elm Street Clinic',
      choosesPassword: true,
    });

    expect(await confirm(token)).toMatchObject({ status: 200, body: { kind: 'signup', slug } });
    const tenant = await deps.directory.findTenant(slug);
    expect(tenant).toMatchObject({ name: 'Elm Street Clinic', timeZone: 'America/Chicago', country: 'US', status: 'active' });
    expect(Math.abs(nowMs - Date.parse(tenant?.created ?? ''))).toBeLessThan(60_000);
    const account = await accounts.find(email);
    const [membership] = await deps.directory.membershipsOf(account?.sub ?? '');
    expect(membership).toMatchObject({ slug, roles: ['admin'], fhirUser: expect.stringMatching(/^Practitioner\//) });
    const counts = await contentOf(tenant?.id as TenantId);
    expect(counts).toEqual({
      Organization: 1,
      Location: 1,
      HealthcareService: 6,
      // Of the place, and of its administrator.
      Schedule: 2,
      Questionnaire: 3,
      ChargeItemDefinition: 14,
      Practitioner: 1,
    });
    await signIn({ url: running.origin, client: running.staff, user: await withFactor(email) });
    expect((await look(token)).state).toBe('used');
    expect((await confirm(token)).status).toBe(409);
  });

  test.each([
    { title: 'a reserved word', change: { slug: 'platform' }, fault: [400, 'slug'] },
    { title: 'a slug that cannot be', change: { slug: 'Elm Street' }, fault: [400, 'slug'] },
    { title: 'an unknown time zone', change: { timeZone: 'Mars/Olympus' }, fault: [400, 'timeZone'] },
    { title: 'a bare offset', change: { timeZone: '+05:00' }, fault: [400, 'timeZone'] },
    { title: 'an unknown country', change: { country: 'XX' }, fault: [400, 'country'] },
    { title: 'no e-mail address', change: { email: 'ada' }, fault: [400, 'email'] },
    { title: 'a name of two lines', change: { name: 'Ada\r\nBcc: all@elm.example' }, fault: [400, 'name'] },
    { title: 'a name that turns the text around', change: { name: 'Ada \u202Eefil' }, fault: [400, 'name'] },
    { title: 'an address in a name', change: { clinicName: 'Win at https://evil.example' }, fault: [400, 'clinicName'] },
    { title: 'a bare address in a name', change: { clinicName: 'Win at www.evil.example/now' }, fault: [400, 'clinicName'] },
  ])('$title is refused at its field', async ({ change: wrong, fault }) => {
    const answer = await post(door, '/api/platform/signup', { ...signUpOf(freshSlug(), freshEmail()), ...wrong });
    expect(faultOf(answer)).toEqual(fault);
    expect(answer.body.issue[0]?.details?.text).toMatch(/\w+/);
  });

  test('a taken slug is refused at its field, and said to be taken while it is typed', async () => {
    const { slug } = await clinic();
    expect(faultOf(await signUp(slug, freshEmail()))).toEqual([409, 'slug']);
    const typed = async (text: string) =>
      (await call<object>(door, 'GET', `/api/platform/signup/${text}`, { headers: { 'x-viewer-address': '198.51.100.2' } })).body;
    expect(await typed(slug)).toEqual({ free: false, because: 'taken' });
    expect(await typed(freshSlug())).toEqual({ free: true });
    expect([await typed('platform'), await typed('a')]).toEqual([
      { free: false, because: 'reserved' },
      { free: false, because: 'malformed' },
    ]);
  });

  test('the same key again answers the first result and mails nothing; with another clinic it is refused', async () => {
    const [slug, email] = [freshSlug(), freshEmail()];
    const headers = { 'idempotency-key': randomUUID() };
    const [first, second] = [await signUp(slug, email, { headers }), await signUp(slug, email, { headers })];
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    expect(deps.mails.filter(({ to }) => to === email)).toHaveLength(1);
    expect((await signUp(freshSlug(), email, { headers })).status).toBe(422);
  });

  test('says the same of an address with an account and of one without', async () => {
    const { email } = await clinic();
    const [known, unknown] = [await signUp(freshSlug(), email), await signUp(freshSlug(), freshEmail())];
    expect([known.status, Object.keys(known.body)]).toEqual([unknown.status, Object.keys(unknown.body)]);
  });

  test('two who sign up the same slug: the first to confirm has it, the other chooses another on the page', async () => {
    const slug = freshSlug();
    const [one, other] = [freshEmail(), freshEmail()];
    await signUp(slug, one);
    await signUp(slug, other);
    await confirm(tokenIn(deps.mails, one));
    const token = tokenIn(deps.mails, other);
    expect(faultOf(await confirm(token))).toEqual([409, 'slug']);
    const second = freshSlug();
    expect((await confirm(token, { password: PASSWORD, slug: second })).body.slug).toBe(second);
    expect((await deps.directory.membershipsOf((await accounts.find(other))?.sub ?? '')).map((one) => one.slug)).toEqual([
      second,
    ]);
  });
});

describe('a mailed link', () => {
  test('survives a scanner that opens every address of the mail twice, with GET and HEAD', async () => {
    const [slug, email] = [freshSlug(), freshEmail()];
    await signUp(slug, email);
    const text = deps.mails.findLast(({ to }) => to === email)?.text ?? '';
    const addresses = text.match(/https?:\/\/\S+/g) ?? [];
    expect(addresses).toHaveLength(1);
    for (const address of [...addresses, ...addresses])
      for (const method of ['GET', 'HEAD']) {
        const { pathname, search, hash } = new URL(address);
        // What a client sends: the fragment, which is the secret, stays with it.
        expect([pathname + search, hash.length]).toEqual(['/link', 44]);
        await call(door, method, pathname + search).catch(() => undefined);
        for (const action of ['look', 'confirm', 'resend'])
          expect((await call<never>(door, method, `/api/platform/links/${action}`)).status).toBe(405);
      }
    await look(tokenIn(deps.mails, email));
    expect((await confirm(tokenIn(deps.mails, email))).status).toBe(200);
  });

  test('is in no row of the table and in no line of the log; only its hash is', async () => {
    const email = freshEmail();
    await signUp(freshSlug(), email);
    const token = tokenIn(deps.mails, email);
    await confirm(token);
    const rows: unknown[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await plainClient().send(
        new ScanCommand({
          TableName: TEST_TABLE,
          ExclusiveStartKey,
          FilterExpression: 'begins_with(pk, :s)',
          ExpressionAttributeValues: { ':s': { S: 'sys#' } },
        }),
      );
      rows.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
    } while (ExclusiveStartKey);
    const kept = JSON.stringify([rows, logged]);
    expect(rows.length).toBeGreaterThan(5);
    expect([kept.includes(token), kept.includes(PASSWORD)]).toEqual([false, false]);
  });

  test('expires after 48 hours; its page sends another, and the old one stays useless', async () => {
    const email = freshEmail();
    await signUp(freshSlug(), email);
    const old = tokenIn(deps.mails, email);
    nowMs += 48 * 3_600_000;
    expect((await look(old)).state).toBe('expired');
    expect((await confirm(old)).status).toBe(409);
    expect((await post(door, '/api/platform/links/resend', { token: old })).status).toBe(202);
    const fresh = tokenIn(deps.mails, email);
    expect([(await look(old)).state, (await look(fresh)).state]).toEqual(['replaced', 'open']);
    expect([(await confirm(old)).status, (await confirm(fresh)).status]).toEqual([409, 200]);
  });

  test('is used up once, whatever row it stands beside in a transaction', async () => {
    const email = freshEmail();
    await signUp(freshSlug(), email);
    const link = await deps.links.find(tokenIn(deps.mails, email));
    if (!link) throw new Error('No such link.');
    const use = () => deps.rows.client.send(new TransactWriteItemsCommand({ TransactItems: [deps.links.using(link)] }));
    const uses = await Promise.allSettled([use(), use(), use()]);
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(use()).rejects.toThrow();
  });

  test('of nonsense is unknown', async () => {
    expect((await confirm('x'.repeat(43))).status).toBe(404);
    expect(faultOf(await confirm('short'))).toEqual([400, 'token']);
  });

  test.each(['all-small-letters', 'Short-1', ''])(
    'refuses the password %j at its field, and works with a better one',
    async (password) => {
      const email = freshEmail();
      await signUp(freshSlug(), email);
      const token = tokenIn(deps.mails, email);
      const answer = await confirm(token, password === '' ? {} : { password });
      expect(faultOf(answer)).toEqual([422, 'password']);
      expect((await confirm(token)).status).toBe(200);
    },
  );

  test('sets no password of an account that exists: the person joins with the one they have', async () => {
    const first = await clinic();
    const slug = freshSlug();
    await signUp(slug, first.email);
    const token = tokenIn(deps.mails, first.email);
    expect((await look(token)).choosesPassword).toBe(false);
    expect((await confirm(token, { password: 'Taken-over-7-times' })).status).toBe(200);
    const slugs = (await deps.directory.membershipsOf(first.sub)).map((membership) => membership.slug);
    expect(slugs.toSorted()).toEqual([first.slug, slug].toSorted());
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    expect((await visitor.send({ email: first.email, password: 'Taken-over-7-times' })).alert).toMatch(/not right/);
  });
});

describe('confirming, interrupted', () => {
  /** Ends the run at its n-th step, before or after the step is done. */
  function interruptible(kill: { at: number; after: boolean }) {
    let step = 0;
    const wrapped = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(from, name) {
          const value = Reflect.get(from, name) as unknown;
          if (typeof value !== 'function') return value;
          return async (...input: unknown[]) => {
            step += 1;
            if (step === kill.at && !kill.after) throw new Error('killed');
            const result: unknown = await Reflect.apply(value, from, input);
            if (step === kill.at) throw new Error('killed');
            return result;
          };
        },
      });
    const rows = new KeptRows({ client: wrapped(deps.rows.client), table: TEST_TABLE, nowMs: () => nowMs });
    const parts: DoorDeps = {
      ...deps,
      rows,
      links: new Links(rows, () => nowMs),
      accounts: wrapped(deps.accounts),
      directory: wrapped(deps.directory),
      records: wrapped(deps.records),
      audit: wrapped(deps.audit),
    };
    return { parts, steps: () => step };
  }

  test('at any step, before or after it, the same button finishes it: one account, one clinic, its content once', async () => {
    const dry = interruptible({ at: 0, after: false });
    const tried = freshEmail();
    await signUp(freshSlug(), tried);
    await runJoin(dry.parts, tokenIn(deps.mails, tried));
    expect(dry.steps()).toBeGreaterThan(5);
    for (let at = 1; at <= dry.steps(); at++)
      for (const after of [false, true]) {
        const [slug, email] = [freshSlug(), freshEmail()];
        await signUp(slug, email);
        const token = tokenIn(deps.mails, email);
        await runJoin(interruptible({ at, after }).parts, token).catch((error: Error) => expect(error.message).toBe('killed'));
        // Somebody belongs to the clinic from the moment that it is whole, and not before.
        const isDone = (await deps.links.find(token))?.used === true;
        const account = await accounts.find(email);
        expect((account ? await deps.directory.membershipsOf(account.sub) : []).length > 0).toBe(isDone);
        if (!isDone) await runJoin(deps, token);
        const made = await deps.directory.findTenant(slug);
        const sub = (await accounts.find(email))?.sub ?? '';
        expect((await accounts.find(email))?.ready).toBe(true);
        expect((await deps.directory.membershipsOf(sub)).map((one) => one.slug)).toEqual([slug]);
        expect(await contentOf(made?.id as TenantId)).toMatchObject({ Organization: 1, Questionnaire: 3, Practitioner: 1 });
      }
  }, 60_000);

  test('pressed four times at once it makes one clinic, and nobody is told that it failed', async () => {
    const [slug, email] = [freshSlug(), freshEmail()];
    await signUp(slug, email);
    const token = tokenIn(deps.mails, email);
    const answers = await Promise.all([1, 2, 3, 4].map(() => confirm(token)));
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const sub = (await accounts.find(email))?.sub ?? '';
    expect(await deps.directory.membershipsOf(sub)).toHaveLength(1);
    const tenant = await deps.directory.findTenant(slug);
    expect(await contentOf(tenant?.id as TenantId)).toMatchObject({ Organization: 1, HealthcareService: 6, Practitioner: 1 });
    expect((await look(token)).state).toBe('used');
  });

  test('pressed at once with two different slugs it still makes one clinic', async () => {
    const [one, two, email] = [freshSlug(), freshSlug(), freshEmail()];
    await signUp(one, email);
    const token = tokenIn(deps.mails, email);
    await Promise.all([one, two].map((slug) => confirm(token, { password: PASSWORD, slug })));
    const made = await Promise.all([one, two].map((slug) => deps.directory.findTenant(slug)));
    expect(made.filter(Boolean)).toHaveLength(1);
  });
});

describe('staff', () => {
  test('is invited by mail, joins with the same page, and stands in the list with its state', async () => {
    const at = await clinic();
    const email = freshEmail();
    const invited = await invite(at, email, ['nurse', 'biller']);
    expect([invited.status, invited.body.state]).toEqual([201, 'invited']);
    expect(await look(tokenIn(deps.mails, email))).toMatchObject({
      kind: 'invitation',
      state: 'open',
      roles: ['nurse', 'biller'],
    });
    expect((await staffOf(at)).map(({ state, email: address }) => [state, address])).toContainEqual(['invited', email]);
    await confirm(tokenIn(deps.mails, email));
    const entry = (await staffOf(at)).find((one) => one.email === email);
    expect(entry).toMatchObject({ state: 'active', roles: expect.arrayContaining(['nurse', 'biller']), name: 'Grace Mensah' });
    const [membership] = await deps.directory.membershipsOf(entry?.id ?? '');
    expect(membership?.fhirUser).toMatch(/^Practitioner\//);
    expect((await contentOf(at.tenant)).Practitioner).toBe(2);
  });

  test('joins no clinic that is suspended, and joins it when it is open again', async () => {
    const at = await clinic();
    const email = freshEmail();
    await invite(at, email, ['nurse']);
    const tenancy = new Tenancy({ client: plainClient(), table: TEST_TABLE });
    await tenancy.setStatus({ id: at.tenant, slug: at.slug }, 'suspended', 'Not paid.');
    expect((await confirm(tokenIn(deps.mails, email))).status).toBe(403);
    expect((await contentOf(at.tenant)).Practitioner).toBe(1);
    await tenancy.setStatus({ id: at.tenant, slug: at.slug }, 'active', 'Paid.');
    expect((await confirm(tokenIn(deps.mails, email))).status).toBe(200);
  });

  test('without a clinical role has no record of its own', async () => {
    const at = await clinic();
    const { sub } = await hire(at, ['front-desk']);
    expect((await deps.directory.membershipsOf(sub))[0]).not.toHaveProperty('fhirUser');
    expect((await contentOf(at.tenant)).Practitioner).toBe(1);
  });

  test('is not invited twice, nor when it works there already', async () => {
    const at = await clinic();
    const email = freshEmail();
    await invite(at, email, ['nurse']);
    expect(faultOf(await invite(at, email, ['nurse']))).toEqual([409, 'email']);
    expect(faultOf(await invite(at, at.email, ['nurse']))).toEqual([409, 'email']);
  });

  test('a withdrawn invitation opens nothing until it is restored', async () => {
    const at = await clinic();
    const email = freshEmail();
    const { body } = await invite(at, email, ['nurse']);
    const token = tokenIn(deps.mails, email);
    expect((await change(at, body.id, { state: 'withdrawn' })).status).toBe(200);
    expect([(await look(token)).state, (await confirm(token)).status]).toEqual(['withdrawn', 409]);
    expect((await staffOf(at)).map((one) => one.email)).not.toContain(email);
    expect((await change(at, body.id, { state: 'invited' })).status).toBe(200);
    expect((await confirm(token)).status).toBe(200);
  });

  test('disabled is out: its refresh token is refused, a new token would not name the clinic, and another clinic stays', async () => {
    const [at, elsewhere] = [await clinic(), await clinic()];
    const nurse = await hire(at, ['nurse']);
    await hire(elsewhere, ['physician'], nurse.email);
    const { refreshToken } = await signIn({ url: running.origin, client: running.staff, user: await withFactor(nurse.email) });
    const answer = await change(at, nurse.sub, { state: 'disabled', reason: 'Has left the clinic.' });
    expect([answer.status, answer.body.state, answer.body.reason]).toEqual([200, 'disabled', 'Has left the clinic.']);
    expect(await new Visitor(running.staff).refresh(refreshToken)).toMatchObject({ error: 'invalid_grant' });
    expect((await deps.directory.membershipsOf(nurse.sub)).map(({ slug }) => slug)).toEqual([elsewhere.slug]);
    const hasOwner = async ({ tenant }: Clinic) => {
      const wanted = { kind: 'to-do', key: randomUUID(), owner: ownerOf({ sub: nurse.sub }) } as const;
      return (await openTask(store.records, anyScope({ tenant }), wanted)).task.owner !== undefined;
    };
    expect([await hasOwner(at), await hasOwner(elsewhere)]).toEqual([false, true]);
    await change(at, nurse.sub, { state: 'active' });
    expect(await hasOwner(at)).toBe(true);
    expect((await deps.directory.membershipsOf(nurse.sub)).map(({ slug }) => slug).toSorted()).toEqual(
      [at.slug, elsewhere.slug].toSorted(),
    );
  });

  test('disabling asks for a reason', async () => {
    const at = await clinic();
    const nurse = await hire(at, ['nurse']);
    expect(faultOf(await change(at, nurse.sub, { state: 'disabled' }))).toEqual([400, 'reason']);
  });

  test('the last administrator can be neither demoted nor disabled', async () => {
    const at = await clinic();
    expect((await change(at, at.sub, { roles: ['nurse'] })).status).toBe(422);
    const other = await hire(at, ['admin']);
    const theirs = { slug: at.slug, token: other.token };
    expect((await change(theirs, at.sub, { state: 'disabled', reason: 'On leave.' })).status).toBe(200);
    expect((await change(theirs, other.sub, { roles: ['nurse'] })).status).toBe(422);
  });

  test('of two administrators who demote each other at the same time, one remains, every time', async () => {
    for (let round = 0; round < 4; round++) {
      const at = await clinic();
      const other = await hire(at, ['admin']);
      const answers = await Promise.all([
        change(at, other.sub, { roles: ['nurse'] }),
        change({ slug: at.slug, token: other.token }, at.sub, { state: 'disabled', reason: 'No longer here.' }),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403]);
      const left = (await staffOf(at)).filter(({ state, roles }) => state === 'active' && roles.includes('admin'));
      expect(left).toHaveLength(1);
    }
  }, 60_000);

  test.each([
    { title: 'disabled', to: { state: 'disabled', reason: 'Was dismissed.' } },
    { title: 'made a nurse', to: { roles: ['nurse'] } },
  ])('an administrator who was $title administers nothing with the token they still hold', async ({ to }) => {
    const at = await clinic();
    const dismissed = await hire(at, ['admin']);
    const { body: waiting } = await invite(at, freshEmail(), ['nurse']);
    await change(at, dismissed.sub, to);
    const theirs = { ...at, token: dismissed.token };
    const answers = [
      await change(theirs, dismissed.sub, { state: 'active', roles: ['admin'] }),
      await change(theirs, at.sub, { state: 'disabled', reason: 'Revenge is sweet.' }),
      await invite(theirs, freshEmail(), ['admin']),
      await change(theirs, waiting.id, { roles: ['admin'] }),
      await post(desk, `/api/${at.slug}/staff/${waiting.id}/mail`, {}, { token: dismissed.token }),
      await post(desk, `/api/${at.slug}/staff/${at.sub}/second-factor/reset`, {}, { token: dismissed.token }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
    const admins = (await staffOf(at)).filter(({ state, roles }) => state === 'active' && roles.includes('admin'));
    expect(admins.map(({ id }) => id)).toEqual([at.sub]);
  });

  test('no administrator resets the second factor of somebody who works in another clinic too, or is an operator', async () => {
    const [at, elsewhere] = [await clinic(), await clinic()];
    const shared = await hire(elsewhere, ['physician']);
    await hire(at, ['nurse'], shared.email);
    const runs = await hire(at, ['nurse']);
    await accounts.addOperator(runs.sub);
    for (const { sub, email } of [shared, runs]) {
      await withFactor(email);
      const answer = await post(desk, `/api/${at.slug}/staff/${sub}/second-factor/reset`, {}, { token: at.token });
      expect(answer.status).toBe(422);
      const visitor = new Visitor(running.staff);
      await visitor.authorize();
      expect((await visitor.send({ email, password: PASSWORD })).heading).not.toBe('Set up your authenticator app');
    }
    await accounts.removeOperator(runs.sub);
  });

  test('whoever loses a phone sets up a new second factor, and is told by mail', async () => {
    const at = await clinic();
    const nurse = await hire(at, ['nurse']);
    await withFactor(nurse.email);
    expect((await post(desk, `/api/${at.slug}/staff/${nurse.sub}/second-factor/reset`, {}, { token: at.token })).status).toBe(
      200,
    );
    const visitor = new Visitor(running.staff);
    await visitor.authorize();
    expect((await visitor.send({ email: nurse.email, password: PASSWORD })).heading).toBe('Set up your authenticator app');
    expect(deps.mails.findLast(({ to }) => to === nurse.email)?.subject).toContain('second factor was reset');
  });

  test('every deed is in the clinic’s audit trail, with the one it was done to', async () => {
    const at = await clinic();
    const nurse = await hire(at, ['nurse']);
    await change(at, nurse.sub, { roles: ['physician'] });
    await change(at, nurse.sub, { state: 'disabled', reason: 'Has left.' });
    const rows = await store.audit.rowsOfDay(scopeOf(at.tenant), new Date().toISOString().slice(0, 10));
    const deeds = rows.map(eventOf).flatMap(({ subtype }) => subtype?.[0]?.code ?? []);
    expect(deeds).toEqual(expect.arrayContaining(['sign-up', 'invite', 'accept-invitation', 'change-roles', 'disable']));
  });

  test('on the free plan one prescribes: a second is refused with the way to a plan, and who is there goes on', async () => {
    const at = await clinic();
    const gate = (plan: PlanName) =>
      keepGate(new Table(plainClient(), TEST_TABLE), at.tenant, { plan, closesOnline: undefined, addOns: [] });
    const nurse = await hire(at, ['nurse']);
    const first = await invite(at, freshEmail(), ['physician', 'nurse']);
    expect(first.status).toBe(201);
    const refusals = [await invite(at, freshEmail(), ['physician']), await change(at, nurse.sub, { roles: ['physician'] })];
    for (const { status, body } of refusals) {
      expect([status, body.issue[0]?.details?.coding?.[0]?.code]).toEqual([403, 'plan-full']);
      expect(JSON.stringify(body)).toContain(`/t/${at.slug}/settings/plan`);
    }
    // Whoever does not prescribe is always welcome, and an invitation withdrawn makes room.
    expect((await invite(at, freshEmail(), ['nurse'])).status).toBe(201);
    await change(at, first.body.id, { state: 'withdrawn' });
    const doctor = await hire(at, ['physician']);
    expect((await change(at, first.body.id, { state: 'invited' })).status).toBe(403);
    // A plan that ends in the moment after it was asked about has no room either, however they come to it.
    const table = new Table(plainClient(), TEST_TABLE);
    const ending = handlerOf(
      peopleEndpoints({
        ...deps,
        async requireRoomFor(scope, providers) {
          const isLimited = await deps.requireRoomFor(scope, providers);
          await gate('free');
          await planFell(table, at.tenant);
          return isLimited;
        },
      }),
    );
    for (const ask of [
      () => invite(at, freshEmail(), ['physician'], ending),
      () => change(at, nurse.sub, { roles: ['physician'] }, ending),
    ]) {
      await gate('practice');
      const { status, body } = await ask();
      expect([status, body.issue?.[0]?.details?.coding?.[0]?.code]).toEqual([403, 'plan-full']);
    }
    await gate('practice');
    expect((await change(at, nurse.sub, { roles: ['physician'] })).status).toBe(200);
    // The plan ends: both work on, and only who stopped does not begin again.
    await gate('free');
    expect((await change(at, doctor.sub, { roles: ['physician', 'nurse'] })).status).toBe(200);
    await change(at, nurse.sub, { state: 'disabled', reason: 'Is on leave.' });
    expect((await change(at, nurse.sub, { state: 'active' })).status).toBe(403);
    expect((await staffOf(at)).filter(({ state, roles }) => state === 'active' && roles.includes('physician'))).toHaveLength(1);
  });

  test('on the free plan of ten that would prescribe at one moment one does, however they come to it; on a larger plan all do', async () => {
    const at = await clinic();
    const nurses = await Promise.all(Array.from({ length: 4 }, () => hire(at, ['nurse'])));
    const invited = async (email: string): Promise<string> => {
      const { id } = (await invite(at, email, ['nurse'])).body;
      return id;
    };
    const open = await Promise.all(Array.from({ length: 3 }, () => invited(freshEmail())));
    const all = (): Promise<Awaited<ReturnType<typeof change>>[]> =>
      Promise.all([
        ...[1, 2, 3].map(() => invite(at, freshEmail(), ['physician'])),
        ...open.map((id) => change(at, id, { roles: ['physician'] })),
        ...nurses.map(({ sub }) => change(at, sub, { roles: ['physician', 'nurse'] })),
      ]);
    const prescribing = async () => (await staffOf(at)).filter(({ roles }) => roles.includes('physician'));
    const answers = await all();
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status >= 300).map(({ body }) => body.issue[0]?.details?.coding?.[0]?.code);
    expect(refused).toEqual(Array(9).fill('plan-full'));
    expect(await prescribing()).toHaveLength(1);
    await keepGate(new Table(plainClient(), TEST_TABLE), at.tenant, { plan: 'practice', closesOnline: undefined, addOns: [] });
    expect((await all()).map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
  });

  test('a plan that ends between two who would prescribe, as the one before them stops, has room for one of them', async () => {
    const at = await clinic();
    const gate = (plan: PlanName) =>
      keepGate(new Table(plainClient(), TEST_TABLE), at.tenant, { plan, closesOnline: undefined, addOns: [] });
    const [leaving, one, other] = [await hire(at, ['physician']), await hire(at, ['nurse']), await hire(at, ['nurse'])];
    const [hasRead, hasWritten] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const asking = (then: () => Promise<void>) =>
      handlerOf(
        peopleEndpoints({
          ...deps,
          async requireRoomFor(scope, providers) {
            const isLimited = await deps.requireRoomFor(scope, providers);
            await then();
            return isLimited;
          },
        }),
      );
    const doctor = { roles: ['physician'] };
    const second = asking(async () => {
      hasRead.resolve();
      await hasWritten.promise;
    });
    let rival: ReturnType<typeof change> | undefined;
    const first = asking(async () => {
      if (rival) return;
      await gate('free');
      await change(at, leaving.sub, { state: 'disabled', reason: 'Has left.' });
      rival = change(at, other.sub, doctor, second);
      await hasRead.promise;
    });
    await gate('practice');
    // The first has read the plan open, the second closed.
    const made = await change(at, one.sub, doctor, first);
    hasWritten.resolve();
    expect([made.status, (await rival)?.status]).toEqual([200, 403]);
  });

  test('whoever joins as a prescriber is counted by those who would be one at that moment', async () => {
    const at = await clinic();
    const email = freshEmail();
    await invite(at, email, ['physician']);
    const [joined, ...others] = await Promise.all([
      confirm(tokenIn(deps.mails, email)),
      ...[1, 2, 3, 4, 5].map(() => invite(at, freshEmail(), ['physician'])),
    ]);
    expect([joined.status, ...others.map(({ status }) => status)]).toEqual([200, 403, 403, 403, 403, 403]);
  });

  test.each(['nurse', 'physician', 'front-desk', 'biller', 'auditor'] as const)(
    'a %s neither sees nor changes it',
    async (role) => {
      const at = await clinic();
      const token = tokenFor({ sub: randomUUID(), tenants: { [at.slug]: [role] } });
      const answers = [
        await call(desk, 'GET', `/api/${at.slug}/staff`, { token }),
        await invite({ ...at, token }, freshEmail(), ['admin']),
        await change({ slug: at.slug, token }, at.sub, { roles: ['nurse'] }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    },
  );

  test('another clinic’s administrator finds nothing', async () => {
    const [at, other] = [await clinic(), await clinic()];
    expect((await change({ slug: at.slug, token: other.token }, at.sub, { roles: ['nurse'] })).status).toBe(404);
    expect((await change(other, at.sub, { roles: ['nurse'] })).status).toBe(404);
  });
});

describe('operators', () => {
  const token = tokenFor({ sub: 'operator', groups: ['operator'] });
  test('invite operators, who join with the same page and open no clinic', async () => {
    const email = freshEmail();
    const invited = await post<StaffEntry>(desk, '/api/platform/operators', { name: 'Noa Fischer', email }, { token });
    expect(invited.status).toBe(201);
    expect((await confirm(tokenIn(deps.mails, email))).status).toBe(200);
    const { sub = '' } = (await accounts.find(email)) ?? {};
    const listed = async () =>
      (await call<{ operators: StaffEntry[] }>(desk, 'GET', '/api/platform/operators', { token })).body.operators.filter(
        (one) => one.email === email,
      );
    expect(await listed()).toMatchObject([{ id: sub, state: 'active', name: 'Noa Fischer' }]);
    expect(await deps.directory.membershipsOf(sub)).toEqual([]);
    expect((await call(desk, 'DELETE', `/api/platform/operators/${sub}`, { token })).status).toBe(204);
    expect(await listed()).toEqual([]);
  });

  async function operator() {
    const email = freshEmail();
    await post(desk, '/api/platform/operators', { name: 'Noa Fischer', email }, { token });
    await confirm(tokenIn(deps.mails, email));
    const { sub = '' } = (await accounts.find(email)) ?? {};
    return { email, sub, token: tokenFor({ sub, groups: ['operator'] }) };
  }
  const end = (by: string, sub: string) => call(desk, 'DELETE', `/api/platform/operators/${sub}`, { token: by });
  const operating = async (subs: readonly string[]) =>
    (await accounts.operators()).map(({ sub }) => sub).filter((sub) => subs.includes(sub));

  test('who end each other at the same time: one stays, every time, also in a ring of three', async () => {
    for (let round = 0; round < 4; round++) {
      const ring = [await operator(), await operator(), ...(round % 2 ? [await operator()] : [])];
      const answers = await Promise.all(ring.map(({ token: by }, at) => end(by, ring[(at + 1) % ring.length]?.sub ?? '')));
      const left = await operating(ring.map(({ sub }) => sub));
      expect(left.length).toBeGreaterThanOrEqual(1);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(ring.length - left.length);
      for (const sub of left) await end(token, sub);
    }
  }, 60_000);

  test('whose rights were ended neither end nor invite anybody with the token they still hold; invited again they do', async () => {
    const [one, other] = [await operator(), await operator()];
    expect((await end(one.token, other.sub)).status).toBe(204);
    const invitation = { name: 'Accomplice', email: freshEmail() };
    expect((await end(other.token, one.sub)).status).toBe(403);
    expect((await post(desk, '/api/platform/operators', invitation, { token: other.token })).status).toBe(403);
    expect(await operating([one.sub, other.sub])).toEqual([one.sub]);
    await post(desk, '/api/platform/operators', { name: 'Noa Fischer', email: other.email }, { token });
    expect((await confirm(tokenIn(deps.mails, other.email))).status).toBe(200);
    expect((await end(other.token, one.sub)).status).toBe(204);
    await end(token, other.sub);
  });

  test('whose rights were ended are remembered for 20 minutes: whoever was made one again at the console is one', async () => {
    const [one, other] = [await operator(), await operator()];
    await end(one.token, other.sub);
    await accounts.addOperator(other.sub);
    const mailTo = () =>
      post(desk, '/api/platform/operators', { name: 'Noa Fischer', email: freshEmail() }, { token: other.token });
    expect((await mailTo()).status).toBe(403);
    nowMs += 20 * 60_000;
    expect((await mailTo()).status).toBe(201);
    await end(token, other.sub);
    await end(token, one.sub);
  });

  /** Does something in the middle of an acceptance, once the link was found good. */
  async function acceptedWhile(email: string, deed: () => Promise<unknown>) {
    const meanwhile: Accounts = {
      ...deps.accounts,
      async create(person) {
        await deed();
        return deps.accounts.create(person);
      },
    };
    return runJoin({ ...deps, accounts: meanwhile } as DoorDeps, tokenIn(deps.mails, email));
  }

  test('an invitation that is withdrawn while it is accepted makes nobody an operator', async () => {
    const email = freshEmail();
    const { body } = await post<StaffEntry>(desk, '/api/platform/operators', { name: 'Noa Fischer', email }, { token });
    await expect(acceptedWhile(email, async () => expect((await end(token, body.id)).status).toBe(204))).rejects.toThrow();
    expect(await operating([(await accounts.find(email))?.sub ?? ''])).toEqual([]);
  });

  test('an acceptance that was interrupted after its link was used up is finished by the same button, and by nobody who was ended', async () => {
    const email = freshEmail();
    await post(desk, '/api/platform/operators', { name: 'Noa Fischer', email }, { token });
    const link = tokenIn(deps.mails, email);
    const killed: Accounts = { ...deps.accounts, addOperator: () => Promise.reject(new Error('killed')) };
    await expect(runJoin({ ...deps, accounts: killed } as DoorDeps, link)).rejects.toThrow('killed');
    expect((await confirm(link)).status).toBe(200);
    const { sub = '' } = (await accounts.find(email)) ?? {};
    expect(await operating([sub])).toEqual([sub]);
    await end(token, sub);
    expect((await confirm(link)).status).toBe(409);
    expect(await operating([sub])).toEqual([]);
  });

  test('an administrator of a clinic is none', async () => {
    const at = await clinic();
    expect((await post(desk, '/api/platform/operators', { name: 'Noa', email: freshEmail() }, { token: at.token })).status).toBe(
      403,
    );
  });
});

describe('attempts', () => {
  const refusedAfter = async (
    most: number,
    ask: () => Promise<{ status: number; headers: Readonly<Record<string, string>> }>,
  ) => {
    for (let count = 0; count < most; count++) expect((await ask()).status).not.toBe(429);
    const { status, headers } = await ask();
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(3_600);
  };

  test('to sign up are counted by source address, whatever header the viewer adds', async () => {
    const headers = { 'x-viewer-address': '203.0.113.9' };
    await refusedAfter(LIMITS['signup-by-address'].most, () => signUp(freshSlug(), freshEmail(), { headers }));
    expect((await signUp(freshSlug(), freshEmail(), { headers: { 'x-viewer-address': '203.0.113.10' } })).status).toBe(202);
  });

  test('to sign up are counted by e-mail, from any source', async () => {
    const email = freshEmail();
    await refusedAfter(LIMITS['signup-by-email'].most, () => signUp(freshSlug(), email));
  });

  test('to have mail sent are counted by e-mail, and begin anew in the next hour', async () => {
    const at = await clinic();
    const email = freshEmail();
    const { body } = await invite(at, email, ['nurse']);
    const again = () => post(desk, `/api/${at.slug}/staff/${body.id}/mail`, {}, { token: at.token });
    await refusedAfter(LIMITS['mail-by-email'].most - 1, again);
    nowMs += 3_600_000;
    expect((await again()).status).toBe(202);
  });

  test('at a link are counted by link, refused passwords too', async () => {
    const email = freshEmail();
    await signUp(freshSlug(), email);
    const token = tokenIn(deps.mails, email);
    await refusedAfter(LIMITS['confirm-by-link'].most, () => confirm(token, { password: 'too-short' }));
  });
});

describe('the clinic itself', () => {
  test('is renamed and moved to another clock by its administrator, and says so in every row', async () => {
    const at = await clinic();
    const spec = { token: at.token, headers: { 'content-type': 'application/json' } };
    const answer = await call<object>(desk, 'PUT', `/api/${at.slug}/clinic`, {
      ...spec,
      body: { name: 'Elm Health', timeZone: 'America/Denver' },
    });
    expect([answer.status, answer.body]).toMatchObject([200, { name: 'Elm Health', timeZone: 'America/Denver', slug: at.slug }]);
    expect(await deps.directory.findTenant(at.slug)).toMatchObject({ name: 'Elm Health', timeZone: 'America/Denver' });
    expect(await deps.directory.readTenant(at.tenant)).toMatchObject({ name: 'Elm Health', timeZone: 'America/Denver' });
    const wrong = await call<OperationOutcome>(desk, 'PUT', `/api/${at.slug}/clinic`, {
      ...spec,
      body: { name: 'Elm Health', timeZone: 'EST' },
    });
    expect(faultOf(wrong)).toEqual([400, 'timeZone']);
  });
});

async function runJoin(parts: DoorDeps | PeopleDeps, token: string): Promise<void> {
  const link = await deps.links.find(token);
  if (!link) throw new Error('No such link.');
  await joinClinic(parts as DoorDeps, { link, password: PASSWORD, origin: 'https://ehr.test', requestId: randomUUID() });
}

/** How many records of each type a clinic has. */
async function contentOf(tenant: TenantId): Promise<Record<string, number>> {
  const types = [
    'Organization',
    'Location',
    'HealthcareService',
    'Questionnaire',
    'Schedule',
    'ChargeItemDefinition',
    'Practitioner',
  ];
  const counts = await Promise.all(
    types.map(async (type) => [type, (await store.records.ofType(scopeOf(tenant), type, { count: 100 })).items.length] as const),
  );
  return Object.fromEntries(counts);
}

/** The account with an authenticator that the test knows, ready to sign in. */
async function withFactor(email: string) {
  const totpSecret = newTotpSecret();
  await running.identity.users('staff').setTotp(email, { secret: totpSecret });
  return { email, password: PASSWORD, totpSecret };
}
