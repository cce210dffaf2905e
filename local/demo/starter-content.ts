import type { FhirResource, HealthcareService } from 'fhir/r4';
import { starterContent } from '../../functions/people/starter-content.ts';
import { TenantId } from '../../schemas/ids.ts';
import { ONLINE_BOOKABLE } from '../../schemas/scheduling.ts';
import { calendarOf } from './calendar-day.ts';
import { type Clinic, clinicResources, location, organization } from './charts/clinic.ts';

/** What belongs to each clinic and what its charts refer to: places and people, and what any clinic that signs up begins with. */
export const surroundingsOf = (clinic: Clinic): FhirResource[] => [
  ...clinicResources(clinic),
  ...startersOf(clinic),
  ...calendarOf(clinic),
];

/** Visit types, note templates and fees, at the demo clinic's own organisation and place, under the same ids in every data folder. */
function startersOf(clinic: Clinic): FhirResource[] {
  const { name, country, timeZone, slug } = clinic;
  const tenant = TenantId.parse(`demo0${slug.replace(/-/g, '')}`);
  const made = starterContent({ tenant, name, country, timeZone, language: 'en' });
  const own = new Map(
    made.flatMap(({ resourceType, id }): [string, string][] => {
      if (resourceType === 'Organization') return [[`Organization/${id}`, organization(clinic).reference ?? '']];
      return resourceType === 'Location' ? [[`Location/${id}`, location(clinic).reference ?? '']] : [];
    }),
  );
  return made
    .filter(({ resourceType }) => !['Organization', 'Location', 'Schedule'].includes(resourceType))
    .map((resource) => atOwnPlace(resource, own))
    .map((resource) => (isFollowUp(resource) ? bookableOnline(resource) : resource));
}

function atOwnPlace(resource: FhirResource, own: ReadonlyMap<string, string>): FhirResource {
  const text = JSON.stringify(resource);
  return JSON.parse([...own].reduce((changed, [from, to]) => changed.replaceAll(`"${from}"`, `"${to}"`), text)) as FhirResource;
}

/** What the demo's patients book by themselves; a clinic that signs up says under Settings, Visit types, what its own may. */
const isFollowUp = (resource: FhirResource): resource is HealthcareService =>
  resource.resourceType === 'HealthcareService' &&
  (resource.type ?? []).some(({ coding = [] }) => coding.some(({ code }) => code === 'follow-up'));

const bookableOnline = (service: HealthcareService): HealthcareService => ({
  ...service,
  extension: [...(service.extension ?? []), { url: ONLINE_BOOKABLE, valueBoolean: true }],
});
