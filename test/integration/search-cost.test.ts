import type { Bundle, Observation, Patient } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import { createSearch, type Search } from '../../core/search/index.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { type TestStore, testStore } from '../support/records.ts';

/** What a search may read. Units are counted from the items that come back (core/aws/unit-counter.ts), by DynamoDB's rules. */
const run = (search: Search, { scope }: TestStore, type: string, query: string): Promise<Bundle> =>
  search.search(scope, type, new URLSearchParams(query), { strict: true });
const idsOf = (bundle: Bundle): string[] => (bundle.entry ?? []).flatMap(({ resource }) => resource?.id ?? []);
const nextOf = (bundle: Bundle): string | undefined => {
  const url = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  return url === undefined ? undefined : new URL(url).search.slice(1);
};

describe('a chart of 1,200 observations', () => {
  let store: TestStore;
  let search: Search;
  const observation = (nth: number): Observation & { id: string } => ({
    resourceType: 'Observation',
    id: `o-${nth}`,
    status: 'final',
    category: [{ coding: [{ code: nth % 240 === 0 ? 'survey' : 'laboratory' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: nth % 40 === 0 ? 'rare' : `common-${nth % 7}` }] },
    subject: { reference: 'Patient/big' },
    effectiveDateTime: new Date(Date.UTC(2015, 0, 1) + nth * 7_200_000).toISOString(),
    valueQuantity: { value: nth, unit: 'mg' },
  });

  beforeAll(async () => {
    store = await testStore();
    search = createSearch({ records: store.records });
    const all = [
      { resourceType: 'Patient', id: 'big', name: [{ family: 'Big' }] } as Patient & { id: string },
      ...Array.from({ length: 1_200 }, (_, nth) => observation(nth)),
    ];
    for (let at = 0; at < all.length; at += 500)
      await store.records.createMany(
        store.scope,
        all.slice(at, at + 500).map((resource) => ({ resource, id: resource.id as FhirId })),
      );
  }, 120_000);

  const cost = async (type: string, query: string): Promise<{ bundle: Bundle; units: number; calls: number }> => {
    store.counter.reset();
    const bundle = await run(search, store, type, query);
    return { bundle, units: store.counter.readUnits, calls: store.counter.calls };
  };

  test('a rare code reads its own rows and records, not the chart', async () => {
    const { bundle, units } = await cost('Observation', 'patient=big&code=rare');
    expect(bundle.total).toBe(30);
    expect(units).toBeLessThanOrEqual(30 + 3);
    expect(store.counter.commands.filter((command) => command === 'QueryCommand')).toHaveLength(1);
  });

  test('the latest twenty of a common code cost what twenty cost', async () => {
    const { bundle, units } = await cost(
      'Observation',
      'patient=big&code=http://loinc.org|common-1,http://loinc.org|common-2&_count=20',
    );
    expect(idsOf(bundle)).toHaveLength(20);
    expect(units).toBeLessThanOrEqual(2 * (20 + 3));
  });

  test('a code with an end date reads none of the later rows', async () => {
    const { bundle, units } = await cost('Observation', 'patient=big&code=rare&date=lt2015-01-20');
    expect(bundle.total).toBe(6);
    expect(units).toBeLessThanOrEqual(6 + 2);
  });

  test('a page of the chart costs what the page weighs', async () => {
    const { units, calls } = await cost('Observation', 'patient=big&_count=50');
    expect([units <= 8, calls]).toEqual([true, 1]);
  });

  test('dates that end early are not looked for among later ones', async () => {
    const { bundle, units } = await cost('Observation', 'patient=big&date=lt2015-01-05');
    expect(bundle.total).toBe(48);
    expect(units).toBeLessThanOrEqual(8);
  });

  test('a sparse filter finds all in a few calls', async () => {
    const { bundle, calls } = await cost('Observation', 'patient=big&category=survey');
    expect(bundle.total).toBe(5);
    expect(calls).toBeLessThanOrEqual(6);
  });

  test('when the time is up a page ends early, with a link to the rest, and nothing is lost', async () => {
    let nowMs = 0;
    const hasty = createSearch({ records: store.records, nowMs: () => (nowMs += 3_000) });
    const found: string[] = [];
    let pages = 0;
    for (let next: string | undefined = 'patient=big&category=survey'; next !== undefined; pages++) {
      const bundle: Bundle = await run(hasty, store, 'Observation', next);
      found.push(...idsOf(bundle));
      next = nextOf(bundle);
    }
    expect(pages).toBeGreaterThan(1);
    expect(found).toEqual(['o-960', 'o-720', 'o-480', 'o-240', 'o-0']);
  });

  test('records that come and go between two pages neither repeat nor hide others', async () => {
    const first = await run(search, store, 'Observation', 'patient=big&category=laboratory&_count=10');
    const shown = idsOf(first);
    await store.records.create(
      store.scope,
      { ...observation(9_999), effectiveDateTime: '2030-01-01' },
      { id: 'newer' as FhirId },
    );
    await store.records.delete(store.scope, 'Observation', shown.at(-1) as FhirId);
    const second = idsOf(await run(search, store, 'Observation', nextOf(first) ?? ''));
    expect(shown).toEqual(Array.from({ length: 10 }, (_, nth) => `o-${1199 - nth}`));
    expect(second).toEqual(Array.from({ length: 10 }, (_, nth) => `o-${1189 - nth}`));
  });

  test('an order that keys do not have is made in memory or refused', async () => {
    await expect(run(search, store, 'Observation', 'patient=big&_sort=value-quantity')).rejects.toMatchObject({
      kind: 'invalid',
    });
    const sorted = await run(search, store, 'Observation', 'patient=big&code=rare&_sort=value-quantity&_count=3');
    expect(idsOf(sorted)).toEqual(['o-0', 'o-40', 'o-80']);
    expect(idsOf(await run(search, store, 'Observation', nextOf(sorted) ?? ''))).toEqual(['o-120', 'o-160', 'o-200']);
  });
});

describe('a clinic with many of one name', () => {
  let store: TestStore;
  let search: Search;
  const GIVEN = ['Ann', 'Anna', 'Annette', 'Ben', 'Bo', 'Chloé'];
  const people = Array.from({ length: 300 }, (_, nth) => ({
    resourceType: 'Patient' as const,
    id: `m-${nth}`,
    // "Ann Andersson", "Anna Andersen": two words of most begin alike, so most stand twice among the rows of a short prefix.
    name: [
      {
        family: nth % 3 === 0 ? `Andersson${nth}` : `Smith${nth % 10}`,
        given: [GIVEN[nth % GIVEN.length] ?? '', ...(nth % 5 === 0 ? ['Andrea'] : [])],
      },
    ],
    gender: nth % 2 === 0 ? ('female' as const) : ('male' as const),
    birthDate: `19${String(40 + (nth % 60)).padStart(2, '0')}-01-01`,
  }));

  beforeAll(async () => {
    store = await testStore();
    search = createSearch({ records: store.records });
    await store.records.createMany(
      store.scope,
      people.map((resource) => ({ resource, id: resource.id as FhirId })),
    );
  }, 120_000);

  type Person = (typeof people)[number];
  const begins = (prefix: string) => (person: Person) =>
    person.name.some(({ family, given }) => [family, ...given].some((word) => word.toLowerCase().startsWith(prefix)));

  const ROWS: readonly { query: string; because: string; judge: (person: Person) => boolean }[] = [
    { query: 'name=an', because: 'most stand twice', judge: begins('an') },
    { query: 'name=a', because: 'more than a page may sort', judge: begins('a') },
    {
      query: 'name=an&gender=male',
      because: 'with a filter',
      judge: (person) => begins('an')(person) && person.gender === 'male',
    },
    {
      query: 'name=smith1,andrea',
      because: 'some answer both alternatives',
      judge: (person) => begins('smith1')(person) || begins('andrea')(person),
    },
    { query: 'name=ann%20smith', because: 'two words', judge: (person) => begins('ann')(person) && begins('smith')(person) },
    { query: '', because: 'everybody', judge: () => true },
    { query: 'gender=female', because: 'a filter alone', judge: (person) => person.gender === 'female' },
  ];
  test.each(ROWS)('"$query" in pages of 17 finds everybody once: $because', async ({ query, judge }) => {
    const found: string[] = [];
    for (let next: string | undefined = `${query}&_count=17`; next !== undefined; ) {
      const bundle: Bundle = await run(search, store, 'Patient', next);
      found.push(...idsOf(bundle));
      next = nextOf(bundle);
    }
    expect(found.toSorted()).toEqual(
      people
        .filter(judge)
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  test('search as you type reads what it shows, not the clinic', async () => {
    store.counter.reset();
    await run(search, store, 'Patient', 'name=andersson3&_count=10');
    expect(store.counter.readUnits).toBeLessThanOrEqual(60);
    store.counter.reset();
    await run(search, store, 'Patient', 'name=a&_count=10');
    expect(store.counter.readUnits).toBeLessThanOrEqual(200);
  });
});
