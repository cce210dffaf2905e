import type { HumanName } from 'fhir/r4';

/** A person's name as their record writes it, with what they are addressed by: "Dr. Elena Ruiz". Undefined when it has no parts. */
export const titledName = (name: HumanName | undefined): string | undefined =>
  name?.text ?? ([...(name?.prefix ?? []), ...(name?.given ?? []), name?.family].filter(Boolean).join(' ') || undefined);
