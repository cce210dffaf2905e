import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { OperationOutcome } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { Audit, eventOf } from '../../core/audit/audit.ts';
import { guard, OutsideFence, tenancyFence } from '../../core/aws/key-guard.ts';
import { Directory } from '../../core/directory/directory.ts';
import { Tenancy } from '../../core/directory/tenancy.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { Table } from '../../core/store/table.ts';
import cost from '../../functions/operator/cost-report.json' with { type: 'json' };
import { operatorEndpoints } from '../../functions/operator/endpoints.ts';
import type { CostReport, InstallationCost } from '../../schemas/cost.ts';
import { Slug } from '../../schemas/ids.ts';
import type { ClinicsPage } from '../../schemas/operator.ts';
import { call, ORIGIN_SECRET, tokenFor, verifyTestToken } from '../support/api.ts';
import { operatorToken } from '../support/clinics.ts';
import { createTestTable, freshTenant, plainClient, scopeOf, TEST_TABLE } from '../support/records.ts';

beforeAll(() => createTestTable(plainClient()));

const directory = () => new Directory({ client: plainClient(), table: TEST_TABLE });
const tenancy = () => new Tenancy({ client: guard(plainClient(), tenancyFence(TEST_TABLE)), table: TEST_TABLE });
const audit = new Audit({ table: () => new Table(plainClient(), TEST_TABLE), now: () => new Date() });
const newClinic = (name = 'Oak Family Practice') => directory().createTenant({ slug: Slug.parse(`oak-${freshTenant()}`), name });

describe('the list of clinics', () => {
  test('holds each clinic once, from the moment it is made, by slug and a page at a time', async () => {
    const made = [];
    for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) made.push(await newClinic(name));
    const found = [];
    let pages = 0;
    for (let after: Slug | undefined; ; pages += 1) {
      const { tenants, next } = await tenancy().list({ after, most: 2 });
      expect(tenants.length).toBeLessThanOrEqual(2);
      found.push(...tenants);
      if (!next) break;
      after = next;
    }
    const slugs = found.map(({ slug }) => slug);
    expect(pages).toBeGreaterThanOrEqual(2);
    expect(slugs).toEqual([...new Set(slugs)].sort());
    for (const clinic of made) {
      expect(found).toContainEqual({ ...clinic, created: expect.stringMatching(/^20\d\d-\d\d-\d\dT/) });
    }
  });
});

describe('a change of state', () => {
  test('stands in every row that tells it, with its reason and time', async () => {
    const clinic = await newClinic();
    await tenancy().setStatus(clinic, 'suspended', 'Unpaid since May');
    expect(await directory().findTenant(clinic.slug)).toEqual({ ...clinic, status: 'suspended', reason: 'Unpaid since May' });
    for (const [pk, sk] of [
      [`sys#slug#${clinic.slug}`, 'at'],
      [`sys#tenant#${clinic.id}`, 'at'],
      ['sys#tenants', clinic.slug],
    ] as const) {
      const { Item } = await plainClient().send(
        new GetItemCommand({ TableName: TEST_TABLE, Key: { pk: { S: pk }, sk: { S: sk } } }),
      );
      expect(Item).toMatchObject({
        status: { S: 'suspended' },
        reason: { S: 'Unpaid since May' },
        since: { S: expect.anything() },
      });
    }
    await tenancy().setStatus(clinic, 'active', 'Paid');
    expect(await directory().findTenant(clinic.slug)).toMatchObject({ status: 'active' });
  });

  test('closes a clinic within a minute, where it was believed to be open, and opens it at once', async () => {
    let nowMs = 0;
    const believer = new Directory({ client: plainClient(), table: TEST_TABLE, nowMs: () => nowMs });
    const clinic = await newClinic();
    expect(await believer.findTenant(clinic.slug)).toMatchObject({ status: 'active' });
    await tenancy().setStatus(clinic, 'suspended', 'Unpaid');
    nowMs = 60_000;
    expect(await believer.findTenant(clinic.slug)).toMatchObject({ status: 'suspended' });
    await tenancy().setStatus(clinic, 'active', 'Paid');
    expect(await believer.findTenant(clinic.slug)).toMatchObject({ status: 'active' });
  });

  test('by four operators at once is made once; the others are told', async () => {
    const clinic = await newClinic();
    const racers = ['a', 'b', 'c', 'd'].map((reason) => tenancy().setStatus(clinic, 'suspended', `because ${reason}`));
    const results = await Promise.allSettled(racers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' });
  });

  test('of a clinic that does not exist makes none', async () => {
    const clinic = { id: freshTenant(), slug: Slug.parse(`ghost-${freshTenant()}`) };
    await expect(tenancy().setStatus(clinic, 'suspended', 'no reason')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await directory().findTenant(clinic.slug)).toBeUndefined();
  });
});

test('whoever lists clinics sees neither memberships nor anything inside one', async () => {
  const client = guard(plainClient(), tenancyFence(TEST_TABLE));
  for (const pk of [`sys#user#${randomUUID()}`, `t#${freshTenant()}#in#~Patient`, 'sys#due#1', 'lib#x']) {
    const get = new GetItemCommand({ TableName: TEST_TABLE, Key: { pk: { S: pk }, sk: { S: 'at' } } });
    await expect(client.send(get)).rejects.toThrow(OutsideFence);
  }
});

describe('over HTTP', () => {
  const handler = featureHandler(
    operatorEndpoints({
      directory: directory(),
      tenancy: tenancy(),
      audit,
      newRequestId: randomUUID,
      now: () => new Date('2026-11-25T12:00:00Z'),
      cost: cost as CostReport,
      firewall: false,
    }),
    { originSecret: ORIGIN_SECRET, log: () => undefined, access: { verify: verifyTestToken, directory: directory(), audit } },
  );
  const token = operatorToken();
  const post = (address: string, body: unknown, who = token) =>
    call<OperationOutcome>(handler, 'POST', `/api/platform/tenants/${address}`, { body: body as never, token: who });

  test('an operator suspends a clinic with a reason, and the clinic’s own trail says who did', async () => {
    const clinic = await newClinic();
    expect((await post(`${clinic.slug}/suspend`, { reason: 'Unpaid since May' })).status).toBe(200);
    expect((await post(`${clinic.slug}/suspend`, { reason: 'Unpaid since May' })).status).toBe(409);
    const list = await call<ClinicsPage>(handler, 'GET', `/api/platform/tenants?after=${clinic.slug.slice(0, -1)}`, { token });
    expect(list.body.clinics.find(({ slug }) => slug === clinic.slug)).toMatchObject({
      status: 'suspended',
      reason: 'Unpaid since May',
    });
    expect(list.text).not.toContain(clinic.id);
    const rows = await audit.rowsOfDay(scopeOf(clinic.id), new Date().toISOString().slice(0, 10));
    expect(rows.map(eventOf)[0]).toMatchObject({ agent: [{ who: { identifier: { value: 'operator' } } }] });
  });

  test.each([
    { address: 'ghost-clinic/suspend', body: { reason: 'Because' }, status: 404 },
    { address: 'API/suspend', body: { reason: 'Because' }, status: 404 },
    { address: 'oak-any/suspend', body: {}, status: 400 },
    { address: 'oak-any/suspend', body: { reason: '  ' }, status: 400 },
  ])('$address with $body is $status', async ({ address, body, status }) => {
    const answer = await post(address, body);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  test('an operator sees how many work in a clinic, and not who', async () => {
    const clinic = await newClinic();
    for (const name of ['Ada', 'Grace']) {
      const sub = randomUUID();
      await directory().addMembership({ sub, slug: clinic.slug, roles: ['nurse'], name, email: `${name}@oak.example` });
    }
    const { body, text } = await call<ClinicsPage>(handler, 'GET', `/api/platform/tenants?after=${clinic.slug.slice(0, -1)}`, {
      token,
    });
    expect(body.clinics.find(({ slug }) => slug === clinic.slug)?.staff).toBe(2);
    expect(text).not.toMatch(/Ada|Grace/);
    // Whoever would read them instead of counting is refused by the guard.
    const read = new QueryCommand({
      TableName: TEST_TABLE,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `sys#members#${clinic.id}` } },
    });
    await expect(guard(plainClient(), tenancyFence(TEST_TABLE)).send(read)).rejects.toThrow(OutsideFence);
  });

  test('an operator sees what a clinic has used this month and how many patients it has registered, and adds nothing to it', async () => {
    const clinic = await newClinic();
    const lines = {
      '2026-10': { patientsRegistered: 5, importsFinished: 1 },
      '2026-11': { patientsRegistered: 2, encountersFinished: 7 },
    };
    for (const [month, counts] of Object.entries(lines)) {
      const Item = Object.fromEntries(Object.entries(counts).map(([line, count]) => [line, { N: String(count) }]));
      const key = { pk: { S: `sys#usage#${clinic.id}` }, sk: { S: month } };
      await plainClient().send(new PutItemCommand({ TableName: TEST_TABLE, Item: { ...Item, ...key } }));
      await expect(
        guard(plainClient(), tenancyFence(TEST_TABLE)).send(new PutItemCommand({ TableName: TEST_TABLE, Item: key })),
      ).rejects.toThrow(OutsideFence);
    }
    const unused = await newClinic();
    const { body } = await call<ClinicsPage>(handler, 'GET', `/api/platform/tenants?after=${clinic.slug.slice(0, -1)}`, {
      token,
    });
    const listed = (slug: Slug) => body.clinics.find((each) => each.slug === slug);
    expect(body.month).toBe('2026-11');
    expect(listed(clinic.slug)).toMatchObject({
      patients: 7,
      usage: { patientsRegistered: 2, encountersFinished: 7, importsFinished: 0 },
    });
    expect(listed(unused.slug) ?? { patients: 0 }).toMatchObject({ patients: 0 });
  });

  test('an operator reads what the installation costs, and whether its firewall is in it', async () => {
    const { status, body } = await call<InstallationCost>(handler, 'GET', '/api/platform/cost', { token });
    expect(status).toBe(200);
    expect(body).toEqual({ ...cost, firewall: false });
    expect(body.idle.map(({ meter }) => meter)).toContain('key');
  });

  test('an administrator of the clinic cannot open it again', async () => {
    const clinic = await newClinic();
    const admin = tokenFor({ sub: 'admin', tenants: { [clinic.slug]: ['admin'] } });
    expect((await post(`${clinic.slug}/suspend`, { reason: 'Because' })).status).toBe(200);
    expect((await post(`${clinic.slug}/reactivate`, { reason: 'Because' }, admin)).status).toBe(403);
    expect(await directory().findTenant(clinic.slug)).toMatchObject({ status: 'suspended' });
  });
});
