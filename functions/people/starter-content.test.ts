import type { ChargeItemDefinition } from 'fhir/r4';
import { expect, test } from 'vitest';
import { fhirSchema } from '../../schemas/fhir/index.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { practitionerOf, starterContent } from './starter-content.ts';

const order = {
  tenant: 'abcd1234' as TenantId,
  name: 'Willow Clinic',
  country: 'US',
  timeZone: 'America/Chicago',
  language: 'en',
} as const;

test.each([order, { ...order, country: 'ES', timeZone: 'Europe/Madrid', language: 'es' as const }])(
  'every resource for $country is sound FHIR R4',
  (one) => {
    for (const resource of starterContent(one))
      expect(fhirSchema(resource.resourceType).safeParse(resource).error).toBeUndefined();
    const ada = practitionerOf(one.tenant, 'sub-1', 'Ada', 'ada@x.example');
    expect(fhirSchema('Practitioner').safeParse(ada).error).toBeUndefined();
  },
);

test('made twice it is the same; made for another clinic no id is the same', () => {
  expect(starterContent(order)).toEqual(starterContent(order));
  const others = new Set(starterContent({ ...order, tenant: 'abcd1235' as TenantId }).map(({ id }) => id));
  expect(starterContent(order).some(({ id }) => others.has(id))).toBe(false);
});

test('the fee schedule holds own codes and HCPCS G-codes, never what could be CPT, in whole cents', () => {
  const fees = starterContent(order).filter(
    (one): one is ChargeItemDefinition & typeof one => one.resourceType === 'ChargeItemDefinition',
  );
  expect(fees.length).toBeGreaterThan(8);
  for (const { code, propertyGroup } of fees) {
    expect(code?.coding?.[0]?.code).toMatch(/^(G\d{4}|[a-z][a-z-]+)$/);
    const cents = (propertyGroup?.[0]?.priceComponent?.[0]?.amount?.value ?? 0) * 100;
    expect(Number.isInteger(cents)).toBe(true);
  }
  expect(
    starterContent({ ...order, country: 'MX' }).filter(({ id: _, ...one }) => JSON.stringify(one).includes('HCPCS')),
  ).toEqual([]);
});

test('every visit type says how long it is', () => {
  const services = starterContent(order).filter(({ resourceType }) => resourceType === 'HealthcareService');
  expect(services.length).toBeGreaterThanOrEqual(5);
  for (const service of services) expect(JSON.stringify(service)).toMatch(/"value":\d+,"unit":"min"/);
});
