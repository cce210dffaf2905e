import { infiniteQueryOptions } from '@tanstack/react-query';
import type { FhirResource } from 'fhir/r4';
import { type Api, matches, nextLink } from '../../lib/api.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { SECTION_SPECS, type Section } from './sections.ts';

type Type = FhirResource['resourceType'];
export interface DateRange {
  /** "yyyy-mm-dd", inclusive; empty for none. */
  readonly from: string;
  readonly to: string;
}

const PAGE = 100; // records: about two screens of a fast scroll, under 60 read units

/** Where each type's next page begins; a type that is missing has no more. */
type Cursor = Readonly<Partial<Record<Type, string>>>;
const FIRST = 'first';

/**
 * A section's records, newest first, page by page; several types are read side by side. Types whose dates the server cannot search
 * are filtered by the caller like all others, so a range is never wider than asked.
 */
export const sectionQuery = (api: Api, patient: string, section: Section, types: readonly Type[], range: DateRange) =>
  infiniteQueryOptions({
    queryKey: chartKeys.section(api, patient, section, `${types.join('+')} ${range.from}..${range.to}`),
    initialPageParam: Object.fromEntries(types.map((type) => [type, FIRST])) as Cursor,
    queryFn: async ({ pageParam, signal }) => {
      const spec = SECTION_SPECS[section];
      const pages = await Promise.all(
        (Object.entries(pageParam) as [Type, string][]).map(async ([type, cursor]) => {
          if (cursor !== FIRST) return { type, bundle: await api.follow(cursor, signal) };
          const parameters = new URLSearchParams({ patient, _count: String(PAGE), ...spec.searches[type] });
          const dated = spec.dateParameter[type];
          if (dated && range.from) parameters.append(dated, `ge${range.from}`);
          if (dated && range.to) parameters.append(dated, `le${range.to}`);
          return { type, bundle: await api.search(type, parameters, signal) };
        }),
      );
      const next = pages.flatMap(({ type, bundle }) => {
        const link = nextLink(bundle);
        return link ? [[type, link] as const] : [];
      });
      return {
        resources: pages.flatMap(({ bundle }) => matches(bundle)).filter(spec.belongs),
        next: Object.fromEntries(next) as Cursor,
      };
    },
    getNextPageParam: (page) => (Object.keys(page.next).length > 0 ? page.next : undefined),
    staleTime: 15_000, // ms, as the overview
  });
