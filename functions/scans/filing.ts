import type { Binary, DocumentReference, Provenance } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import { isUploadId, type Upload } from '../../core/scans/upload.ts';
import type { Scope } from '../../core/scope.ts';
import { type DocumentTypeCode, documentType, LOINC } from '../../schemas/document-types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { PORTAL_TAG } from '../../schemas/portal-records.ts';
import { UPLOAD_SYSTEM } from '../../schemas/upload-system.ts';
import { UPLOAD_SOURCES, UPLOAD_TYPES } from '../../schemas/uploads.ts';

/** How a scanned document stands in a chart. Pure. */

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-documentreference';
const CLINICAL_NOTE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category';
const ADMINISTRATIVE = 'https://tessera.example/fhir/CodeSystem/document-category';
/** The size of each page in pixels, `1700x2200 1700x2200`: pages outlive the upload's row. */
const PAGES = 'https://tessera.example/fhir/StructureDefinition/scan-pages';
/** How the upload came in: `fax`. */
const CAME_BY = 'https://tessera.example/fhir/StructureDefinition/scan-source';
/** Of the text that was read, what is kept with the document: three hundred dense pages. */
const MAX_TEXT_CHARACTERS = 1_000_000;

export interface FilingWish {
  readonly patient: FhirId;
  readonly type: DocumentTypeCode;
  /** yyyy-mm-dd: what the paper says of its own date. */
  readonly date?: string | undefined;
}

/** One document an upload, whatever becomes of it: of two who file it at once, one finds the id taken. */
export const documentId = ({ id }: Pick<Upload, 'id'>): FhirId => FhirId.parse(`scan-${id}`);
const binaryId = (upload: Pick<Upload, 'id'>, file: number): FhirId => FhirId.parse(`scan-${upload.id}-${file}`);

/** The document in the patient's chart: its originals as Binary, and the text that was read, by which it is found. */
export function toDocument(upload: Upload, wish: FilingWish, now: Date): DocumentReference & { id: FhirId } {
  const type = documentType(wish.type);
  const title = type?.display ?? 'Document';
  const dated = wish.date && { creation: wish.date };
  const text = (upload.text ?? []).join('\f').slice(0, MAX_TEXT_CHARACTERS);
  return {
    resourceType: 'DocumentReference',
    id: documentId(upload),
    ...(type?.category === 'clinical-note' && { meta: { profile: [US_CORE] } }),
    extension: [
      { url: PAGES, valueString: (upload.pages ?? []).map(({ width, height }) => `${width}x${height}`).join(' ') || '-' },
      { url: CAME_BY, valueCode: upload.source },
    ],
    identifier: [{ system: UPLOAD_SYSTEM, value: upload.id }],
    status: 'current',
    docStatus: 'final',
    type: { coding: [{ system: LOINC, code: wish.type, display: title }], text: title },
    category: [
      type?.category === 'clinical-note'
        ? { coding: [{ system: CLINICAL_NOTE, code: 'clinical-note', display: 'Clinical Note' }] }
        : { coding: [{ system: ADMINISTRATIVE, code: 'administrative', display: 'Administrative' }] },
    ],
    subject: { reference: `Patient/${wish.patient}` },
    date: now.toISOString(),
    content: [
      ...(upload.originals ?? []).map((contentType, file) => ({
        attachment: { contentType, url: `Binary/${binaryId(upload, file)}`, title, ...dated },
      })),
      ...(text
        ? [
            {
              attachment: {
                contentType: 'text/plain; charset=utf-8',
                data: Buffer.from(text).toString('base64'),
                title: 'Text as a machine read it',
                ...dated,
              },
            },
          ]
        : []),
    ],
    ...(wish.date && { context: { period: { start: wish.date } } }),
  };
}

/** What the document's attachments point at. Their bytes lie in the bucket, behind links of five minutes. */
export const toBinaries = (upload: Upload): (Binary & { id: FhirId })[] =>
  (upload.originals ?? []).map((contentType, file) => ({
    resourceType: 'Binary',
    id: binaryId(upload, file),
    contentType,
    securityContext: { reference: `DocumentReference/${documentId(upload)}` },
  }));

/** The same document in another patient's chart, or in none. */
export function moved(document: DocumentReference, to: FhirId | undefined): DocumentReference & { id: FhirId } {
  // Whoever is to see it there is asked anew.
  const { subject: _, ...rest } = shown(document, false);
  const { id } = rest;
  if (to === undefined) return { ...rest, id, status: 'entered-in-error' };
  return { ...rest, id, status: 'current', subject: { reference: `Patient/${to}` } };
}

/** The same document, seen by its patient or not. */
export function shown(document: DocumentReference, isShown: boolean): DocumentReference & { id: FhirId } {
  const tag = (document.meta?.tag ?? []).filter(({ system }) => system !== PORTAL_TAG);
  if (isShown) tag.push({ system: PORTAL_TAG, code: 'released' });
  const { tag: _, ...meta } = document.meta ?? {};
  return { ...document, id: FhirId.parse(document.id), meta: { ...meta, ...(tag.length > 0 && { tag }) } };
}

/** The upload that a document was made of. @throws Problem not-found for a document that is no scan */
export function uploadIdOf({ identifier }: DocumentReference): string {
  const id = identifier?.find(({ system }) => system === UPLOAD_SYSTEM)?.value;
  if (id === undefined || !isUploadId(id)) throw new Problem('not-found', said('no-such-record'));
  return id;
}

/** The pages of a scan follow from its upload's id and what its document says of itself. @throws Problem not-found */
export const scanOf = (document: DocumentReference): Pick<Upload, 'id' | 'pages' | 'originals'> => ({
  id: uploadIdOf(document),
  originals: document.content.flatMap(({ attachment }) =>
    attachment.url?.startsWith('Binary/') ? UPLOAD_TYPES.filter((type) => type === attachment.contentType) : [],
  ),
  pages: pagesIn(document),
});

/** The upload as it waits on the board once more, as far as its document knows it: the row itself has expired. */
export function unfiledAgain(document: DocumentReference, { user, roles, slug, fhirBase }: Scope, now: Date): Upload {
  const scan = scanOf(document);
  const source = document.extension?.find(({ url }) => url === CAME_BY)?.valueCode;
  const text = textOf(document);
  return {
    ...scan,
    state: 'to-file',
    source: UPLOAD_SOURCES.find((one) => one === source) ?? 'upload',
    // Their sizes are not kept; that they were checked is why they are here.
    files: (scan.originals ?? []).map((type) => ({ type, bytes: 0, etag: 'checked' })),
    by: { user, roles, slug, fhirBase },
    created: document.date ?? now.toISOString(),
    updated: now.toISOString(),
    ...(text && { text: text.split('\f') }),
    filings: 1,
    revision: 1,
  };
}

/** Why it was moved, as a record of the chart that it left or came into. */
export function trailOf(scope: Scope, document: FhirId, patient: FhirId, reason: string, now: Date): Provenance {
  return {
    resourceType: 'Provenance',
    target: [{ reference: `DocumentReference/${document}` }, { reference: `Patient/${patient}` }],
    recorded: now.toISOString(),
    reason: [{ text: reason }],
    activity: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: 'UPDATE' }], text: 'Moved' },
    agent: [
      {
        who: {
          ...(scope.user.fhirUser ? { reference: scope.user.fhirUser } : { identifier: { value: scope.user.id } }),
          ...(scope.user.name && { display: scope.user.name }),
        },
      },
    ],
  };
}

/** Tells whether a chart's document has all of the words, in its text or its title, and where. */
export function findIn(
  document: DocumentReference,
  words: readonly string[],
  fold: (text: string) => string,
): string | undefined {
  const title = document.type?.text ?? document.type?.coding?.[0]?.display ?? '';
  const text = textOf(document);
  const folded = fold(`${title}\n${document.description ?? ''}\n${text}`);
  if (!words.every((word) => folded.includes(word))) return undefined;
  return (
    text
      .split(/[\n\f]/)
      .find((line) => words.some((word) => fold(line).includes(word)))
      ?.trim() ?? title
  );
}

/** The text of a document's attachments, as far as it is kept with the record. */
export const textOf = ({ content }: DocumentReference): string =>
  content
    .flatMap(({ attachment }) =>
      attachment.contentType?.startsWith('text/plain') && attachment.data
        ? [Buffer.from(attachment.data, 'base64').toString()]
        : [],
    )
    .join('\n');

export const pagesIn = ({ extension = [] }: DocumentReference): { width: number; height: number }[] =>
  (extension.find(({ url }) => url === PAGES)?.valueString ?? '').split(' ').flatMap((size) => {
    const [, width, height] = /^(\d+)x(\d+)$/.exec(size) ?? [];
    return width && height ? [{ width: Number(width), height: Number(height) }] : [];
  });
