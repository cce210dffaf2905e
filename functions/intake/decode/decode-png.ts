import { PNG } from 'pngjs';
import { type Gray, grayOf } from '../image/gray.ts';
import { damaged, refuseTooLarge } from './limits.ts';

/** @throws Problem too-large, rule-broken */
export function decodePng(bytes: Uint8Array): Gray {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 33) throw damaged();
  refuseTooLarge(file.readUInt32BE(16), file.readUInt32BE(20)); // IHDR stands first
  try {
    const { width, height, data } = PNG.sync.read(file);
    return grayOf(width, height, data);
  } catch (cause) {
    throw damaged(cause);
  }
}
