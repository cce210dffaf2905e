import * as z from 'zod';
import type { Item } from '../store/item.ts';
import { type Seal, sealOf, sealText } from './seal.ts';

const KeptSeal = z.object({
  tenant: z.string(),
  day: z.string(),
  rows: z.number(),
  digest: z.string(),
  previous: z.string().nullable(),
});

export interface KeptDay {
  readonly day: string;
  readonly tenant: Seal['tenant'];
  /** The seal as it lies in the bucket; undefined when there is none. */
  readonly text: string | undefined;
  /** That of the day before, likewise. */
  readonly textBefore: string | undefined;
  /** What the table holds of the day now. */
  readonly rows: readonly Item[];
}

/** What of a day is no longer as it was sealed; nothing when all is. Pure. */
export function faultsOf({ day, tenant, text, textBefore, rows }: KeptDay): string[] {
  if (text === undefined) return rows.length > 0 || textBefore !== undefined ? ['It has no seal.'] : [];
  const kept = KeptSeal.parse(JSON.parse(text));
  const previous = textBefore === undefined ? null : sealText(JSON.parse(textBefore) as Seal).hash;
  const now = sealOf({ tenant, day, previous }, rows, []);
  return [
    ...(kept.tenant === tenant && kept.day === day ? [] : ['Its seal is of another clinic or day.']),
    ...(kept.previous === previous ? [] : ['Its seal does not name the seal of the day before.']),
    ...(kept.digest === now.digest ? [] : [`Its rows are not those that were sealed: ${kept.rows} then, ${now.rows} now.`]),
    ...now.breaks.map(({ what, writer, sequence }) => `A chain is broken: ${what} (writer ${writer}, number ${sequence}).`),
  ];
}
