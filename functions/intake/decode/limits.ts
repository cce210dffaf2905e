import { Problem, said } from '../../../core/outcome.ts';

/** Pixels of one page: a letter page at 600 dpi has 34 million. What is larger is a mistake, or meant to use up our memory. */
export const MAX_PIXELS = 40_000_000;

/** Before anything is unpacked. @throws Problem too-large */
export function refuseTooLarge(width: number, height: number): void {
  if (width * height > MAX_PIXELS)
    throw new Problem('too-large', said('scan-picture-too-large', { megapixels: MAX_PIXELS / 1_000_000 }));
}
export const damaged = (cause?: unknown): Problem => new Problem('rule-broken', said('scan-damaged'), { cause });
