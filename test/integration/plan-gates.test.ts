import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { OperationOutcome } from 'fhir/r4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gate, keepGate } from '../../core/plan/gate.ts';
import { keyItem } from '../../core/store/item.ts';
import { keys } from '../../core/store/keys.ts';
import { Table } from '../../core/store/table.ts';
import { call } from '../support/api.ts';
import { type Clinics, openClinics } from '../support/clinics.ts';
import { askAbout, askedBy, furnishClinic, ROWS, tokenOpening } from '../support/known-records.ts';
import { plainClient, TEST_TABLE } from '../support/records.ts';

/* What a clinic's plan closes, asked of the endpoints themselves; and what it never does. */

let clinics: Clinics;
beforeAll(async () => {
  clinics = await openClinics();
  await furnishClinic(clinics, 'oak', 'Known'); // with its people and templates, which good requests take for granted
});

const limited = () => new Table(clinics.client, TEST_TABLE);
const usedThisMonth = (encounters: number) => used(0, encounters);
const usedForTwoMonths = async (encounters: number) => void (await Promise.all([used(0, encounters), used(1, encounters)]));
const used = (monthsAgo: number, encounters: number) => {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 1)).toISOString().slice(0, 7);
  return plainClient().send(
    new PutItemCommand({
      TableName: TEST_TABLE,
      Item: { ...keyItem(keys.usage(clinics.tenants.oak, month)), encountersFinished: { N: String(encounters) } },
    }),
  );
};
const gateOfOak = (gate: Partial<Gate>) =>
  keepGate(limited(), clinics.tenants.oak, { plan: 'practice', closesOnline: undefined, addOns: [], ...gate });
const sentTo = async (row: string) => {
  const found = ROWS.find((one) => one.row === row);
  if (!found) throw new Error(`There is no row ${row}.`);
  const about = await furnishClinic(clinics, 'oak', 'Known', askedBy(row));
  return askAbout(clinics, found.feature, found.endpoint, { about, token: tokenOpening(clinics, found.endpoint, about) });
};

describe.each([
  {
    title: 'a clinic whose plan has been unpaid for longer than the notice',
    begin: () => gateOfOak({ closesOnline: '2026-01-01T00:00:00Z' }),
  },
  {
    title: 'a clinic that has outgrown the free plan',
    begin: async () => {
      await gateOfOak({ plan: 'free' });
      await usedForTwoMonths(101);
    },
  },
])('$title', ({ begin }) => {
  beforeAll(async () => void (await begin()));
  afterAll(async () => {
    await usedForTwoMonths(0);
    await gateOfOak({ plan: 'free' });
  });

  test.each(['POST /api/{tenant}/portal/visits', 'GET /api/{tenant}/portal/visits/types'])(
    '%s: patients are told to call',
    async (row) => {
      const { status, body } = await sentTo(row);
      expect([status, body.issue[0]?.details?.coding?.[0]?.code]).toEqual([403, 'online-booking-closed']);
    },
  );

  test.each([
    'POST /api/{tenant}/fhir/R4/Appointment/$find',
    'POST /api/{tenant}/fhir/R4/Appointment/$book',
    'POST /api/{tenant}/fhir/R4/Appointment/{id}/$move',
    'POST /api/{tenant}/fhir/R4/Appointment/{id}/$check-in',
    'POST /api/{tenant}/portal/visits/{id}/cancel',
    'POST /api/{tenant}/visits',
    'POST /api/{tenant}/visits/{id}/note/sign',
    'POST /api/{tenant}/fhir/R4/{type}',
    'PUT /api/{tenant}/fhir/R4/{type}/{id}',
    'GET /api/{tenant}/fhir/R4/Patient/{id}/$everything',
    'GET /api/{tenant}/charts/{id}',
    'POST /api/{tenant}/uploads/{id}/file',
  ])('%s never stops', async (row) => {
    expect((await sentTo(row)).status).toBeLessThan(300);
  });
});

describe('the free plan', () => {
  afterAll(async () => {
    await usedForTwoMonths(0);
    await gateOfOak({ plan: 'free' });
  });

  test('at its limit patients book online, and beyond it on a plan too', async () => {
    await gateOfOak({ plan: 'free' });
    await usedForTwoMonths(100);
    expect((await sentTo('GET /api/{tenant}/portal/visits/types')).status).toBe(200);
    await used(1, 0);
    await usedThisMonth(10_000); // one busy month is forgiven
    expect((await sentTo('GET /api/{tenant}/portal/visits/types')).status).toBe(200);
    await usedForTwoMonths(10_000);
    await gateOfOak({ plan: 'visits' });
    expect((await sentTo('GET /api/{tenant}/portal/visits/types')).status).toBe(200);
  });

  test('document workflows are changed with their add-on only, and read without', async () => {
    const token = clinics.tokenOf('oak', 'admin');
    const at = '/api/oak/settings/document-workflows';
    const put = (body: object, version = 0) =>
      call<OperationOutcome>(clinics.handlers.settings, 'PUT', at, {
        body,
        token,
        headers: { 'content-type': 'application/json', ...(version > 0 && { 'if-match': `W/"${version}"` }) },
      });
    const rule = { types: [], sources: [], pool: 'nurse', dueHours: 24, priority: 'routine' };
    await gateOfOak({ plan: 'practice' });
    const refused = await put({ rules: [rule] });
    expect([refused.status, refused.body.issue[0]?.details?.coding?.[0]?.code]).toEqual([403, 'add-on-missing']);
    expect(JSON.stringify(refused.body)).toContain('/t/oak/settings/plan');
    await gateOfOak({ plan: 'practice', addOns: ['workflows'] });
    expect((await put({ rules: [rule] })).status).toBe(200);
    // The plan ends: what was set stays, and is read.
    await gateOfOak({ plan: 'free' });
    expect((await put({ rules: [] }, 1)).status).toBe(403);
    const kept = await call<{ value: { rules: unknown[] } }>(clinics.handlers.settings, 'GET', at, { token });
    expect([kept.status, kept.body.value.rules]).toEqual([200, [rule]]);
  });
});
