import type { JsonAnswer } from '../events/sqs-api.ts';
import type { PageReader } from './page-reader.ts';

type Input = Readonly<Record<string, unknown>>;

/** Textract takes pictures of at most 10 MB in one call. */
const MOST_BYTES = 10 * 1024 * 1024;

/** The operation of Textract that the application uses: the lines and words of one page, read by tesseract.js. */
export const createTextract =
  (reader: PageReader) =>
  async (operation: string, input: Input, may: () => boolean): Promise<JsonAnswer> => {
    if (operation !== 'DetectDocumentText')
      return failure('InvalidParameterException', `The local Textract does not know ${operation}.`);
    if (!may()) return failure('AccessDeniedException', 'Not authorized to perform: textract:DetectDocumentText.');
    const { Bytes } = (input.Document ?? {}) as { Bytes?: string };
    const picture = Buffer.from(Bytes ?? '', 'base64');
    if (picture.length > MOST_BYTES) return failure('DocumentTooLargeException', 'The document is larger than 10 MB.');
    if (!isPicture(picture)) return failure('UnsupportedDocumentException', 'Only PNG and JPEG are read here.');
    const lines = await reader.read(picture);
    return {
      status: 200,
      body: {
        DocumentMetadata: { Pages: 1 },
        DetectDocumentTextModelVersion: 'tesseract.js',
        Blocks: [
          { BlockType: 'PAGE', Id: 'page' },
          ...lines.map(({ text, confidence }, at) => ({
            BlockType: 'LINE',
            Id: `line-${at}`,
            Text: text,
            Confidence: confidence,
          })),
        ],
      },
    };
  };

const isPicture = (bytes: Buffer): boolean =>
  bytes.subarray(1, 4).toString() === 'PNG' || (bytes[0] === 0xff && bytes[1] === 0xd8);
const failure = (type: string, message: string): JsonAnswer => ({ status: 400, body: { __type: type, message } });
