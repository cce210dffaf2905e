import { graininess, smoothed, softened, withoutDirt } from './clean.ts';
import { type Gray, isBilevel, scaled } from './gray.ts';
import { leaningDegrees, turnedBack } from './straighten.ts';

/** Letters need some 20 pixels of height to be read well: 200 dpi and more for print of ten points. */
const READABLE_WIDTH = 1_600;
/** Larger than this only costs time. */
const MOST_WIDTH = 2_600;

/** A page as it is shown (straight, clean of specks) and as it is read (large enough, soft edges). */
export interface ReadyPage {
  readonly shown: Gray;
  readonly read: Gray;
  /** By how much it was turned, degrees. */
  readonly turned: number;
}

/** `dpi` where the file says it. */
export function readyToRead(page: Gray, dpi: number | undefined): ReadyPage {
  const bilevel = isBilevel(page);
  const fitting = page.width > MOST_WIDTH ? scaled(page, MOST_WIDTH / page.width) : page;
  const clean = bilevel ? withoutDirt(fitting, dpi ?? dpiOf(fitting)) : fitting;
  const turned = leaningDegrees(clean);
  const shown = turnedBack(clean, turned);
  const large = shown.width < READABLE_WIDTH ? scaled(shown, Math.min(3, READABLE_WIDTH / shown.width)) : shown;
  return { shown, read: bilevel ? softened(large) : graininess(large) > 3 ? smoothed(large) : large, turned };
}

/** As if it were a sheet of letter size, 8.5 inches wide. */
const dpiOf = ({ width }: Gray): number => width / 8.5;
