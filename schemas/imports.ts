import * as z from 'zod';

/** One file of an import: a FHIR Bundle, or newline-delimited resources, plain or gzip. */
const ImportFile = z.strictObject({
  name: z.string().min(1).max(200),
  /** Bytes as uploaded. 128 MiB is the most one file may have: the worker reads it whole. */
  bytes: z
    .int()
    .min(1)
    .max(128 * 1024 * 1024),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  format: z.enum(['bundle', 'ndjson']),
  encoding: z.enum(['gzip']).optional(),
});
export type ImportFile = z.infer<typeof ImportFile>;

/** POST {F}/$import: what is coming. The files themselves are uploaded to the addresses in the answer. */
export const StartImport = z.strictObject({
  /** The system that the records come from, as a URI: it is kept with every record. */
  source: z
    .string()
    .min(3)
    .max(300)
    .regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'Name the source as a URI, for example "https://old-ehr.example/export".'),
  files: z.array(ImportFile).min(1).max(100),
});
export type StartImport = z.infer<typeof StartImport>;

export interface Counts {
  created: number;
  present: number;
  refused: number;
}

export interface Refusal {
  /** Position in the file, from 0. */
  entry: number;
  type: string;
  issues: { text: string; expression?: string }[];
}

/** Where one file stands. Invariant once done: created + present + refused = entries, in total and for each type. */
export interface FileProgress extends Counts {
  name: string;
  entries?: number;
  byType: Record<string, Counts>;
  /** The first 100; `refused` counts them all. */
  refusals: Refusal[];
  /** References that matched nothing, here or in the file: kept as identifiers, so that nothing is lost. */
  unresolved: number;
  /** Profiles that records claimed and do not keep to: the claim stands as a tag, the record as it came. Absent: none. */
  unmetClaims?: number;
  done: boolean;
  /** Chunks (position of their first entry) of which refused entries are kept whole, and of which is kept what they created. */
  refusedIn?: number[];
  createdIn?: number[];
  /** Why the whole file could not be read. */
  failure?: string;
}

export type ImportState = 'waiting-for-upload' | 'running' | 'done' | 'failed' | 'undoing' | 'undone';

/** A refused entry whole, so that it can be mended and imported by itself. */
export interface RefusedEntry extends Refusal {
  /** As it would have been stored: its references name records here. Absent when there was none to read. */
  resource?: unknown;
  ifNoneExist?: string;
}
/** GET /api/{tenant}/imports/{id}/files/{file}/refused?from=<position>: `next` is where the rest begins. */
export interface RefusedPage {
  entries: RefusedEntry[];
  next?: number;
}

/** POST /api/{tenant}/imports/{id}/undo */
export const UndoImport = z.strictObject({ reason: z.string().trim().min(5, 'Say why, in at least five letters.').max(500) });
export type UndoImport = z.infer<typeof UndoImport>;

/**
 * Why an undo keeps a record: it was changed here; something that stays refers to it; it stands in no chart (a doctor, a place), and
 * nothing tells which charts name it.
 */
export const KEPT_REASONS = ['changed', 'referenced', 'shared'] as const;
export type KeptReason = (typeof KEPT_REASONS)[number];

/** Invariant once the undo is done: deleted + gone + kept = created by the import. */
export interface UndoProgress {
  reason: string;
  /** The user's id, and the UTC instant of the order. */
  by: string;
  asked: string;
  deleted: number;
  /** Deleted by somebody before. */
  gone: number;
  kept: Record<KeptReason, number>;
  /** The first 200 of those that are kept. */
  keptRecords: { reference: string; why: KeptReason }[];
  /** Left to look at, once the first look is taken. */
  left?: number;
}

export interface ImportStatus {
  id: string;
  state: ImportState;
  source: string;
  /** UTC instants. */
  created: string;
  updated: string;
  files: FileProgress[];
  undo?: UndoProgress;
}

export interface ImportAccepted extends ImportStatus {
  /** Where to PUT the bytes of files that are not there yet; `file` is the position in the request. Valid for 15 minutes; ask again for more. */
  uploads: { file: number; url: string; headers: Record<string, string> }[];
}
