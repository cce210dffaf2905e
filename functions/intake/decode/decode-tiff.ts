import UTIF from 'utif2';
import { type Gray, grayOf, scaled } from '../image/gray.ts';
import { guardFax } from './guard-fax.ts';
import { damaged } from './limits.ts';
import { checkDirectories } from './tiff-directories.ts';

guardFax();

export interface DecodedPage {
  readonly page: Gray;
  readonly dpi?: number;
}

/** Tags of TIFF 6.0: width and the resolutions. */
const [WIDTH, X_RESOLUTION, Y_RESOLUTION] = ['t256', 't282', 't283'] as const;

/** Every page, one at a time: memory holds one. @throws Problem too-large, rule-broken */
export function* decodeTiff(bytes: Uint8Array): Generator<DecodedPage> {
  // A copy of its own: the decoder writes into what it is given, and so does the check.
  const file = Buffer.from(bytes);
  checkDirectories(file);
  let directories: UTIF.IFD[];
  try {
    directories = UTIF.decode(file).filter((directory) => directory[WIDTH] !== undefined);
  } catch (cause) {
    throw damaged(cause);
  }
  if (directories.length === 0) throw damaged();
  for (const directory of directories) {
    yield decodePage(file, directory);
    directory.data = new Uint8Array();
  }
}

function decodePage(file: Buffer, directory: UTIF.IFD): DecodedPage {
  let page: Gray;
  try {
    UTIF.decodeImage(file, directory);
    page = grayOf(directory.width, directory.height, UTIF.toRGBA8(directory));
  } catch (cause) {
    throw damaged(cause);
  }
  const [across, down] = [ratio(directory, X_RESOLUTION), ratio(directory, Y_RESOLUTION)];
  if (!across || !down) return { page };
  // A fax of standard resolution has 204 dots across and 98 down: its letters would be read half as tall as they are.
  const squeezed = across / down;
  const square = squeezed > 1.3 && squeezed < 3 ? scaled(page, 1, squeezed) : page;
  return { page: square, ...(across >= 50 && across <= 1_200 && { dpi: across }) };
}

/** A rational as the decoder gives it: [numerator, denominator], or the quotient. */
function ratio(directory: UTIF.IFD, tag: string): number | undefined {
  const [value] = (directory[tag] ?? []) as unknown[];
  if (Array.isArray(value)) return value[1] ? Number(value[0]) / Number(value[1]) : undefined;
  return typeof value === 'number' ? value : undefined;
}
