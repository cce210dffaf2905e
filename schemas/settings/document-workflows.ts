import * as z from 'zod';
import { DOCUMENT_TYPE_CODES } from '../document-types.ts';
import { POOLS } from '../tasks.ts';
import { UPLOAD_SOURCES } from '../uploads.ts';

/** What is done when a document of one of these kinds, that came in one of these ways, is filed. Empty: every kind, every way. */
const DocumentRule = z.strictObject({
  types: z.array(z.enum(DOCUMENT_TYPE_CODES)).max(30).default([]),
  sources: z.array(z.enum(UPLOAD_SOURCES)).max(3).default([]),
  /** Who is asked to look at it. */
  pool: z.enum(POOLS).default('physician'),
  /** From its filing: one hour to 30 days. */
  dueHours: z.int().min(1).max(720).default(48),
  priority: z.enum(['routine', 'urgent']).default('routine'),
});
export type DocumentRule = z.infer<typeof DocumentRule>;

/** Who gets which task with what deadline, by kind and source of a document. */
export const DocumentWorkflows = z.strictObject({ rules: z.array(DocumentRule).max(30).default([]) });
export type DocumentWorkflows = z.infer<typeof DocumentWorkflows>;

/** The rules that fit a document. Pure; the screen's preview asks it too. */
export const rulesFor = (
  { rules }: DocumentWorkflows,
  { type, source }: { readonly type: string; readonly source: string },
): readonly DocumentRule[] =>
  rules.filter(
    ({ types, sources }) =>
      (types.length === 0 || (types as readonly string[]).includes(type)) &&
      (sources.length === 0 || (sources as readonly string[]).includes(source)),
  );
