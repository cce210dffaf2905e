import type { Appointment, FhirResource } from 'fhir/r4';
import * as z from 'zod';
import { Problem } from '../../core/outcome.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import { FhirId } from '../../schemas/ids.ts';

/** A FHIR Parameters body, as far as these operations read it; each says which names it takes. */
export const ParametersBody = z.object({
  resourceType: z.literal('Parameters'),
  parameter: z
    .array(
      z.object({
        name: z.string(),
        resource: z.unknown().optional(),
        valueDateTime: z.string().optional(),
        valueReference: z.object({ reference: z.string() }).optional(),
        valueString: z.string().optional(),
        valueInteger: z.int().optional(),
        valueBoolean: z.boolean().optional(),
      }),
    )
    .max(100),
});
export type ParametersBody = z.infer<typeof ParametersBody>;
type Parameter = ParametersBody['parameter'][number];

const invalid = (name: string, text: string): Problem =>
  new Problem('invalid', [{ text: `${name}: ${text}`, path: `Parameters.parameter.where(name = '${name}')` }]);

/** One operation's parameters by name. @throws Problem invalid for a name that the operation does not have */
export class Named {
  readonly #all: readonly Parameter[];
  constructor({ parameter }: ParametersBody, names: readonly string[]) {
    const unknown = parameter.find(({ name }) => !names.includes(name));
    if (unknown) throw invalid(unknown.name.slice(0, 60), `this operation takes ${names.join(', ')}.`);
    this.#all = parameter;
  }
  #one(name: string): Parameter | undefined {
    return this.#all.find((parameter) => parameter.name === name);
  }

  /** Epoch milliseconds. */
  instant(name: string): number | undefined {
    const text = this.#one(name)?.valueDateTime;
    if (text === undefined) return undefined;
    const ms = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(ms)) throw invalid(name, 'a dateTime with its zone, such as 2026-11-25T09:00:00-06:00.');
    return ms;
  }

  ids(name: string, type: string): FhirId[] {
    return this.#all
      .filter((parameter) => parameter.name === name)
      .map(({ valueReference }) => {
        const [, found, id] = /^([A-Za-z]+)\/(.+)$/.exec(valueReference?.reference ?? '') ?? [];
        const parsed = FhirId.safeParse(id);
        if (found !== type || !parsed.success) throw invalid(name, `a reference such as ${type}/<id>.`);
        return parsed.data;
      });
  }

  text(name: string): string | undefined {
    return this.#one(name)?.valueString;
  }
  /** A whole number within [least, most]. */
  whole(name: string, least: number, most: number): number | undefined {
    const value = this.#one(name)?.valueInteger;
    if (value !== undefined && (value < least || value > most)) throw invalid(name, `a whole number from ${least} to ${most}.`);
    return value;
  }
  yes(name: string): boolean {
    return this.#one(name)?.valueBoolean === true;
  }

  /** @throws Problem invalid with every fault of the resource */
  appointment(name: string): Appointment | undefined {
    const sent = this.#one(name)?.resource;
    if (sent === undefined) return undefined;
    const parsed = parseResource(sent, { type: 'Appointment' });
    if ('issues' in parsed)
      throw new Problem(
        'invalid',
        parsed.issues.map(({ text, expression, code }) => ({ text, path: expression, code })),
      );
    const resource: FhirResource = parsed.resource;
    return resource as Appointment;
  }
}
