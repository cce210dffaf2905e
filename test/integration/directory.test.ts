import { beforeAll, expect, test } from 'vitest';
import { Directory } from '../../core/directory/directory.ts';
import { Slug } from '../../schemas/ids.ts';
import { createTestTable, freshTenant, plainClient, TEST_TABLE } from '../support/records.ts';

beforeAll(() => createTestTable(plainClient()));
const directory = (nowMs?: () => number) => new Directory({ client: plainClient(), table: TEST_TABLE, ...(nowMs && { nowMs }) });
const freshSlug = () => Slug.parse(`oak-${freshTenant()}`);

test('a tenant is found by its slug, and only by the whole of it', async () => {
  const slug = freshSlug();
  const created = await directory().createTenant({ slug, name: 'Oak Family Practice' });
  expect(created).toMatchObject({
    slug,
    name: 'Oak Family Practice',
    status: 'active',
    id: expect.stringMatching(/^[a-z0-9]{8}$/),
  });
  expect(await directory().findTenant(slug)).toEqual(created);
  expect(await directory().findTenant(`${slug}0`)).toBeUndefined();
  for (const odd of ['', 'api', '../x', 'Oak', `${slug}#`]) expect(await directory().findTenant(odd)).toBeUndefined();
});

test('a slug is given once, also to racers', async () => {
  const slug = freshSlug();
  const racers = Array.from({ length: 4 }, () => directory().createTenant({ slug, name: 'x' }));
  const results = await Promise.allSettled(racers);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' });
});

test('every tenant is in the list, once', async () => {
  const created = await Promise.all([freshSlug(), freshSlug()].map((slug) => directory().createTenant({ slug, name: 'x' })));
  const listed: { id: string; slug: string }[] = [];
  for await (const tenant of directory().listTenants()) listed.push(tenant);
  for (const { id, slug } of created) expect(listed.filter((one) => one.id === id)).toEqual([{ id, slug }]);
});

test('a person’s memberships say the clinics, the roles and who they are there', async () => {
  const [one, two] = [freshSlug(), freshSlug()];
  const sub = `user-${freshTenant()}`;
  await directory().createTenant({ slug: one, name: 'Willow Clinic' });
  await directory().createTenant({ slug: two, name: 'Ash Clinic' });
  await directory().addMembership({ sub, slug: one, roles: ['physician', 'admin'], fhirUser: 'Practitioner/1' });
  await directory().addMembership({ sub, slug: two, roles: ['biller'] });
  await directory().addMembership({ sub, slug: two, roles: ['nurse'] });
  const memberships = await directory().membershipsOf(sub);
  expect(memberships).toHaveLength(2);
  expect(memberships).toContainEqual({
    slug: one,
    roles: expect.arrayContaining(['physician', 'admin']),
    fhirUser: 'Practitioner/1',
  });
  expect(memberships).toContainEqual({ slug: two, roles: ['nurse'] });
  expect((await directory().tenantsOf(sub)).map(({ name }) => name)).toEqual(['Ash Clinic', 'Willow Clinic']);
  expect(await directory().membershipsOf(`${sub}0`)).toEqual([]);
});

test('a tenant that was found is believed for a minute, one that was not is looked for again', async () => {
  let nowMs = 0;
  const reader = directory(() => nowMs);
  const slug = freshSlug();
  expect(await reader.findTenant(slug)).toBeUndefined();
  const created = await directory().createTenant({ slug, name: 'x' });
  expect(await reader.findTenant(slug)).toEqual(created);
  nowMs = 59_999;
  expect(await reader.findTenant(slug)).toBe(await reader.findTenant(slug));
  nowMs = 60_000;
  expect(await reader.findTenant(slug)).toEqual(created);
});
