import { Problem, said } from '../../../core/outcome.ts';
import type { UploadType } from '../../../schemas/uploads.ts';

/** The type of a file by its content. @throws Problem wrong-media-type, rule-broken */
export function trueType(bytes: Uint8Array): UploadType {
  if (bytes.length === 0) throw new Problem('rule-broken', said('scan-empty'));
  const type = typeOfContent(bytes);
  if (!type) throw new Problem('wrong-media-type', said('scan-type'));
  return type;
}

/** What a file is by its first bytes, whatever it is called; undefined for what is none of ours. Only the decoder proves it whole. */
function typeOfContent(bytes: Uint8Array): UploadType | undefined {
  return KINDS.find(({ starts }) => starts.some((start) => start.every((byte, at) => bytes[at] === byte)))?.type;
}

const ascii = (text: string): number[] => [...text].map((sign) => sign.charCodeAt(0));
const KINDS: readonly { readonly type: UploadType; readonly starts: readonly (readonly number[])[] }[] = [
  { type: 'application/pdf', starts: [ascii('%PDF-')] },
  // Either byte order; version 42. BigTIFF (43) is not read.
  {
    type: 'image/tiff',
    starts: [
      [...ascii('II'), 42, 0],
      [...ascii('MM'), 0, 42],
    ],
  },
  { type: 'image/png', starts: [[0x89, ...ascii('PNG'), 13, 10, 26, 10]] },
  { type: 'image/jpeg', starts: [[0xff, 0xd8, 0xff]] },
];
