import type { Condition, FhirResource, Medication, Observation } from 'fhir/r4';
import type { Say } from '../../i18n/index.ts';
import { isNoKnownAllergy } from '../../lib/allergies.ts';
import { conceptKey, conceptText, firstCode } from '../../lib/concept.ts';
import { newestFirst } from '../../lib/dates.ts';
import { referenceText } from '../../lib/describe.ts';
import { type DosageWords, sigText } from '../../lib/dosage.ts';
import { judgedRange } from '../../lib/judged-range.ts';
import { quantityText, valueText } from '../../lib/quantity.ts';
import type { Standing } from '../../lib/reference-range.ts';
import { type StatusOf, statusOf } from '../../lib/status.ts';
import { observedAt, standingOfObservation } from '../../lib/vital-signs.ts';

/** One record as one line of a tile, a row of a table or a card on a phone. All texts are in the reader's language; dates stay FHIR dates. */
export interface Line {
  readonly type: FhirResource['resourceType'];
  readonly id: string;
  /** What it is. */
  readonly title: string;
  /** What was found, or how it is to be taken. */
  readonly value?: string;
  readonly standing?: Standing;
  /** The range a value is judged by. */
  readonly range?: string;
  /** Who, where or why. */
  readonly detail?: string;
  readonly when?: string;
  readonly until?: string;
  readonly status: StatusOf;
  /** 0 for what is treated, 1 for what is only noted (SNOMED CT "finding" and "situation", such as an employment): ties are read in this order. */
  readonly rank: number;
  /** Lines with the same key are the same thing recorded again. */
  readonly sameAs: string;
}

const joined = (...parts: readonly (string | undefined)[]): string | undefined =>
  [...new Set(parts.filter((part) => part))].join(' · ') || undefined;

export const dosageWords = ({ t }: Say): DosageWords => ({
  bare: (amount) => t('dosage.bare', { amount }),
  asNeeded: t('dosage.asNeeded'),
  asNeededFor: (reason) => t('dosage.asNeededFor', { reason }),
  every: (times, period, unit) => {
    if (unit === 'd' && period === '1')
      return times === 1 ? t('dosage.onceDaily') : times === 2 ? t('dosage.twiceDaily') : t('dosage.timesDaily', { times });
    const units = {
      s: t('dosage.s'),
      min: t('dosage.min'),
      h: t('dosage.h'),
      d: t('dosage.d'),
      wk: t('dosage.wk'),
      mo: t('dosage.mo'),
      a: t('dosage.a'),
    };
    const name = units[unit as keyof typeof units] ?? unit;
    return times === 1 ? t('dosage.every', { period, unit: name }) : t('dosage.timesEvery', { times, period, unit: name });
  },
});

/** Each component of a panel ("120/80 mmHg" for a blood pressure), or the one value. */
export function observationValue(observation: Observation, say: Say): string | undefined {
  const words = { yes: say.t('common.yes'), no: say.t('common.no') };
  const whole = valueText(observation, say.locale, words);
  if (whole) return whole;
  const parts = observation.component ?? [];
  const [first, second] = parts;
  if (
    parts.length === 2 &&
    first?.valueQuantity?.value !== undefined &&
    second?.valueQuantity &&
    first.valueQuantity.unit === second.valueQuantity.unit
  ) {
    // Systolic before diastolic, whatever the order of the components.
    const [high, low] =
      first.valueQuantity.value >= (second.valueQuantity.value ?? 0)
        ? [first.valueQuantity, second.valueQuantity]
        : [second.valueQuantity, first.valueQuantity];
    return `${quantityText({ value: high.value ?? 0 }, say.locale)}/${quantityText(low, say.locale)}`;
  }
  const texts = parts.map((part) =>
    joined(`${conceptText(part.code) ?? ''}: ${valueText(part, say.locale, words) ?? say.t('common.notRecorded')}`),
  );
  return texts.filter(Boolean).join('; ') || conceptText(observation.dataAbsentReason);
}

type Parts = Omit<Line, 'type' | 'id' | 'status' | 'sameAs' | 'rank'> & { sameAs?: string; rank?: number };

const isNoted = (code: Condition['code']): boolean =>
  [code?.text, ...(code?.coding ?? []).map((coding) => coding.display)].some((words) =>
    / \((?:finding|situation)\)$/.test(words ?? ''),
  );

function partsOf(resource: FhirResource, say: Say, adult: boolean): Parts {
  const { t, locale } = say;
  switch (resource.resourceType) {
    case 'Condition':
      return {
        title: conceptText(resource.code) ?? t('chart.unnamed'),
        detail: joined(conceptText(resource.severity), ...(resource.bodySite ?? []).map(conceptText)),
        when: resource.onsetDateTime ?? resource.onsetPeriod?.start ?? resource.recordedDate,
        until: resource.abatementDateTime ?? resource.abatementPeriod?.end,
        sameAs: conceptKey(resource.code),
        rank: isNoted(resource.code) ? 1 : 0,
      };
    case 'AllergyIntolerance':
      return {
        title: isNoKnownAllergy(resource) ? t('allergy.noneKnown') : (conceptText(resource.code) ?? t('chart.unnamed')),
        value: joined(...(resource.reaction ?? []).flatMap((reaction) => reaction.manifestation.map(conceptText))),
        detail: joined(
          resource.criticality === 'high' ? t('allergy.highRisk') : undefined,
          ...(resource.category ?? []).map((category) => say.word('codes', category)),
        ),
        when: resource.onsetDateTime ?? resource.recordedDate,
        sameAs: conceptKey(resource.code),
      };
    case 'MedicationRequest':
    case 'MedicationStatement': {
      const contained = resource.contained?.find((inner) => `#${inner.id}` === resource.medicationReference?.reference);
      const named = contained?.resourceType === 'Medication' ? conceptText((contained as Medication).code) : undefined;
      const title =
        conceptText(resource.medicationCodeableConcept) ??
        named ??
        resource.medicationReference?.display ??
        t('chart.medicationElsewhere');
      const request = resource.resourceType === 'MedicationRequest';
      return {
        title,
        value:
          sigText(request ? resource.dosageInstruction : resource.dosage, locale, dosageWords(say)) ?? t('dosage.notRecorded'),
        detail: joined(
          ...(resource.reasonCode ?? []).map(conceptText),
          request ? referenceText(resource.requester) : t('chart.reported'),
        ),
        when: request
          ? resource.authoredOn
          : (resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.dateAsserted),
        sameAs: resource.medicationCodeableConcept
          ? conceptKey(resource.medicationCodeableConcept)
          : (resource.medicationReference?.reference ?? title),
      };
    }
    case 'Immunization':
      return {
        title: conceptText(resource.vaccineCode) ?? t('chart.unnamed'),
        detail: joined(
          resource.lotNumber && t('chart.lot', { lot: resource.lotNumber }),
          resource.location?.display,
          conceptText(resource.statusReason),
        ),
        when: resource.occurrenceDateTime,
        sameAs: conceptKey(resource.vaccineCode),
      };
    case 'Observation': {
      return {
        title: conceptText(resource.code) ?? t('chart.unnamed'),
        value: observationValue(resource, say) ?? t('common.notRecorded'),
        standing: standingOfObservation(resource, adult),
        range: judgedRange(resource, adult, locale),
        detail: joined(...(resource.performer ?? []).map((performer) => performer.display)),
        when: observedAt(resource),
        sameAs: conceptKey(resource.code),
      };
    }
    case 'Appointment': {
      const named = (type: string) =>
        resource.participant.flatMap(({ actor }) => (actor?.reference?.startsWith(`${type}/`) ? [actor.display] : []));
      return {
        title: conceptText(resource.serviceType?.[0]) ?? named('HealthcareService')[0] ?? t('chart.visit'),
        value: joined(resource.comment ?? resource.description),
        detail: joined(...named('Practitioner'), ...named('Location')),
        when: resource.start,
      };
    }
    case 'Encounter':
      return {
        title: conceptText(resource.type?.[0]) ?? resource.class.display ?? say.word('codes', resource.class.code ?? ''),
        value: joined(...(resource.reasonCode ?? []).map(conceptText)),
        detail: joined(
          resource.participant?.find((participant) => participant.individual?.display)?.individual?.display,
          resource.serviceProvider?.display ?? resource.location?.[0]?.location.display,
        ),
        when: resource.period?.start,
        until: resource.period?.end,
      };
    case 'Procedure':
      return {
        title: conceptText(resource.code) ?? t('chart.unnamed'),
        detail: joined(
          ...(resource.reasonCode ?? []).map(conceptText),
          ...(resource.reasonReference ?? []).map((reason) => reason.display),
          resource.performer?.[0]?.actor.display ?? resource.location?.display,
        ),
        when: resource.performedDateTime ?? resource.performedPeriod?.start,
        until: resource.performedPeriod?.end,
        sameAs: conceptKey(resource.code),
      };
    case 'DiagnosticReport':
      return {
        title: conceptText(resource.code) ?? t('chart.unnamed'),
        value: resource.conclusion,
        detail: joined(...(resource.performer ?? []).map((performer) => performer.display)),
        when: resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.issued,
      };
    case 'DocumentReference':
      return {
        title: conceptText(resource.type) ?? resource.description ?? resource.content[0]?.attachment.title ?? t('chart.document'),
        value: resource.type ? resource.description : undefined,
        detail: joined(...(resource.author ?? []).map((author) => author.display), resource.custodian?.display),
        when: resource.date ?? resource.content[0]?.attachment.creation,
      };
    case 'CareTeam':
      return {
        title: resource.name ?? joined(...(resource.reasonCode ?? []).map(conceptText)) ?? t('chart.careTeam'),
        value: joined(
          ...(resource.participant ?? [])
            .filter((participant) => participant.member?.display && firstCode(participant.role?.[0]) !== '116154003')
            .map((participant) => participant.member?.display),
        ),
        when: resource.period?.start,
        until: resource.period?.end,
      };
    case 'Coverage':
      return {
        title: joined(...resource.payor.map((payor) => payor.display)) ?? conceptText(resource.type) ?? t('chart.unnamed'),
        value: resource.subscriberId && t('chart.memberNumber', { number: resource.subscriberId }),
        detail: joined(conceptText(resource.type), ...(resource.class ?? []).map((part) => part.name ?? part.value)),
        when: resource.period?.start,
        until: resource.period?.end,
      };
    default:
      return { title: say.word('types', resource.resourceType) };
  }
}

/** The line of any record; kinds that have no tile get their plain name. `adult` allows the usual adult ranges of vital signs. */
export function lineOf(resource: FhirResource, say: Say, adult = false): Line {
  const parts = partsOf(resource, say, adult);
  const id = resource.id ?? '';
  return {
    ...parts,
    type: resource.resourceType,
    id,
    status: statusOf(resource),
    sameAs: parts.sameAs ?? id,
    rank: parts.rank ?? 0,
  };
}

/** What holds now first, what is treated before what is only noted, then newest first. */
export const byRelevance = (a: Line, b: Line): number =>
  Number(b.status.current) - Number(a.status.current) || a.rank - b.rank || newestFirst(a.when, b.when);
export const byDate = (a: Line, b: Line): number => newestFirst(a.when, b.when);

/** The newest of lines that say the same, with how often it was said. */
export function withoutRepeats(lines: readonly Line[]): readonly (Line & { times: number })[] {
  const seen = new Map<string, Line & { times: number }>();
  for (const line of [...lines].sort(byRelevance)) {
    const same = seen.get(line.sameAs);
    if (same) same.times += 1;
    else seen.set(line.sameAs, { ...line, times: 1 });
  }
  return [...seen.values()];
}
