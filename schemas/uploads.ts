import type { OperationOutcome } from 'fhir/r4';
import * as z from 'zod';
import { DOCUMENT_TYPE_CODES, type DocumentTypeCode } from './document-types.ts';
import { FhirId } from './ids.ts';

/** What may be uploaded: told by the content, whatever a file is called. */
export const UPLOAD_TYPES = ['application/pdf', 'image/tiff', 'image/png', 'image/jpeg'] as const;
export type UploadType = (typeof UPLOAD_TYPES)[number];
/** Bytes of one file. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;
export const MAX_FILES = 30;
/** Pages of one document, over all its files. */
export const MAX_PAGES = 60;
/** How a document came in. */
export const UPLOAD_SOURCES = ['upload', 'camera', 'fax'] as const;
export type UploadSource = (typeof UPLOAD_SOURCES)[number];

/** POST /api/{tenant}/uploads: what is coming, in the order of its pages. A file's name is not asked for: it may name a patient. */
export const StartUpload = z.strictObject({
  source: z.enum(UPLOAD_SOURCES),
  files: z
    // Another type is answered 415 and a larger file 413, in words, instead of 400.
    .array(z.strictObject({ type: z.string().max(100), bytes: z.int().min(0) }))
    .min(1)
    .max(MAX_FILES),
  /** Whose chart it was uploaded from: suggested when it is filed, and held against what the pages say. */
  patient: FhirId.optional(),
});
export type StartUpload = z.infer<typeof StartUpload>;

/**
 * receiving: not every file has arrived and been checked. waiting: in line, until others of the clinic are read. reading: pages are made
 * and read. to-file: waits for a person.
 * refused: says why in `outcome`. filed: stands in a chart. discarded: a person has put it away.
 */
export const UPLOAD_STATES = ['receiving', 'waiting', 'reading', 'to-file', 'refused', 'filed', 'discarded'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];
/** Before a person can do anything with it. */
export const isComing = ({ state }: { readonly state: UploadState }): boolean =>
  state === 'receiving' || state === 'waiting' || state === 'reading';

/** What speaks for a patient, with the words as they were read. */
export interface PatientFact {
  readonly kind: 'name' | 'birth-date' | 'record-number' | 'phone' | 'uploaded-from';
  readonly text: string;
}
export interface SuggestedPatient {
  readonly id: FhirId;
  readonly facts: readonly PatientFact[];
}
export interface Suggestion {
  /** Undefined: the pages do not say it clearly enough. `because`: the words that tell. */
  readonly type?: { readonly code: DocumentTypeCode; readonly because: readonly string[] };
  /** yyyy-mm-dd, and the line that it stands in. */
  readonly date?: { readonly date: string; readonly because: string };
  /** Name and birth date, or name and record number, of one patient only. */
  readonly patient?: SuggestedPatient;
  /** Others, or of whom less is known: a person looks. */
  readonly possible: readonly SuggestedPatient[];
}

/** Where the document stands in a chart. */
export interface Filing {
  readonly document: FhirId;
  readonly patient: FhirId;
  readonly type: DocumentTypeCode;
  readonly date?: string;
  /** UTC instant, and who did it. */
  readonly at: string;
  readonly by?: string;
}

export interface UploadStatus {
  readonly id: string;
  readonly state: UploadState;
  readonly revision: number;
  readonly source: UploadSource;
  /** UTC instants. */
  readonly created: string;
  readonly updated: string;
  /** Who uploaded it, by name. */
  readonly by?: string;
  readonly files: readonly { readonly type: UploadType; readonly bytes: number; readonly checked: boolean }[];
  readonly pages?: readonly { readonly width: number; readonly height: number }[];
  /** What was read, page by page. Only of one upload, not in the list. */
  readonly text?: readonly string[];
  /** The pages could not be read by machine: whoever files it reads them. */
  readonly unread?: boolean;
  readonly suggestion?: Suggestion;
  readonly patient?: FhirId;
  /** Why it was refused. */
  readonly outcome?: OperationOutcome;
  readonly filing?: Filing;
  /** The task that asks for it to be filed. */
  readonly task?: FhirId;
}

/** GET /api/{tenant}/uploads. `more`: there are others, which this answer has no room for. */
export interface UploadBoard {
  readonly uploads: readonly UploadStatus[];
  readonly more: boolean;
}

/** Where to POST one file as a form: `fields` first, the file last. Good for 15 minutes; ask again for more. */
export interface UploadLink {
  readonly file: number;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}
export interface UploadAccepted extends UploadStatus {
  readonly links: readonly UploadLink[];
}
/** Where the pages are to be fetched for five minutes. */
export interface PageLinks {
  readonly pages: readonly { readonly url: string; readonly width: number; readonly height: number }[];
  /** As they came: downloaded, never opened in the browser. */
  readonly originals: readonly { readonly url: string; readonly type: UploadType }[];
}

const Day = z.iso.date();
/** POST /api/{tenant}/uploads/{id}/file. `revision`: the one that was on the screen. */
export const FileUpload = z.strictObject({
  revision: z.int(),
  patient: FhirId,
  type: z.enum(DOCUMENT_TYPE_CODES),
  date: Day.optional(),
});
export type FileUpload = z.infer<typeof FileUpload>;

/** So long after the filing (ms) whoever may not read charts takes a scan back to the board; moving it is not limited so. */
export const DESK_TAKES_BACK_MS = 3_600_000;

const Reason = z.string().trim().min(3).max(300);
/** POST /api/{tenant}/uploads/{id}/move: to another patient, or back to the board without one. */
export const MoveUpload = z.strictObject({ revision: z.int(), patient: FhirId.optional(), reason: Reason });
export type MoveUpload = z.infer<typeof MoveUpload>;
/** POST /api/{tenant}/documents/{id}/move: the same of a document of any age. `version`: of the document that was on the screen. */
export const MoveDocument = z.strictObject({ version: z.int(), patient: FhirId.optional(), reason: Reason });
export type MoveDocument = z.infer<typeof MoveDocument>;
/** POST /api/{tenant}/uploads/{id}/discard */
export const DiscardUpload = z.strictObject({ revision: z.int(), reason: Reason });
export type DiscardUpload = z.infer<typeof DiscardUpload>;

/** POST /api/{tenant}/charts/{id}/documents: those whose text or title has all of these words. */
export const FindInDocuments = z.strictObject({ text: z.string().trim().min(2).max(200) });
export interface FoundDocument {
  readonly id: FhirId;
  readonly title: string;
  readonly date?: string;
  /** The line with the first hit. */
  readonly line: string;
}

/** POST /api/{tenant}/documents/{id}/portal: whether the patient sees it. `version`: the one that was on the screen. */
export const ShowDocument = z.strictObject({ version: z.int(), shown: z.boolean() });
