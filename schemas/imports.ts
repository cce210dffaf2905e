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
  /** Why the whole file could not be read. */
  failure?: string;
}

export type ImportState = 'waiting-for-upload' | 'running' | 'done' | 'failed';

export interface ImportStatus {
  id: string;
  state: ImportState;
  source: string;
  /** UTC instants. */
  created: string;
  updated: string;
  files: FileProgress[];
}

export interface ImportAccepted extends ImportStatus {
  /** Where to PUT the bytes of files that are not there yet; `file` is the position in the request. Valid for 15 minutes; ask again for more. */
  uploads: { file: number; url: string; headers: Record<string, string> }[];
}
