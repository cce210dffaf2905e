import { type Gray, inkThreshold, scaled, whitePage } from './gray.ts';

/** A sheet that went through a feeder is seldom askew by more (degrees). */
const MOST_DEGREES = 8;
/** Wide enough to tell a line of text from the gap below it. */
const LOOK_WIDTH = 700;
/** Below this a page is as straight as it needs to be. */
const STRAIGHT_DEGREES = 0.15;

/**
 * By how many degrees the lines of text lean clockwise. Where they are level, rows of ink and rows of paper differ most: the angle is the
 * one whose row sums have the greatest contrast. 0 for a page without lines.
 */
export function leaningDegrees(page: Gray): number {
  const small = page.width > LOOK_WIDTH ? scaled(page, LOOK_WIDTH / page.width) : page;
  const ink = inkPoints(small);
  if (ink.length < 400) return 0;
  const contrast = (degrees: number): number => contrastAt(ink, small, degrees);
  let best = 0;
  for (const step of [0.5, 0.1]) {
    const around = best;
    const reach = step === 0.5 ? MOST_DEGREES : 0.5;
    for (let degrees = around - reach; degrees <= around + reach + 1e-9; degrees += step)
      if (contrast(degrees) > contrast(best)) best = degrees;
  }
  // Pictures and blank pages have no direction: only a clear gain counts.
  return contrast(best) > contrast(0) * 1.05 ? Math.round(best * 10) / 10 : 0;
}

/** Coordinates of ink, x and y in turn. Large dark areas (a photo's background) say nothing of direction: only their edges count. */
function inkPoints(page: Gray): Int16Array {
  const { width, height, pixels } = page;
  const threshold = inkThreshold(page);
  const found: number[] = [];
  for (let y = 1; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [here, above] = [pixels[y * width + x]! <= threshold, pixels[(y - 1) * width + x]! <= threshold];
      if (here !== above) found.push(x, y);
    }
  return Int16Array.from(found);
}

function contrastAt(points: Int16Array, { width, height }: Gray, degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const margin = Math.ceil(Math.abs(slope) * width) + 1;
  const rows = new Float64Array(height + 2 * margin);
  for (let at = 0; at < points.length; at += 2) rows[Math.round(points[at + 1]! - points[at]! * slope) + margin]! += 1;
  let sum = 0;
  for (const count of rows) sum += count * count;
  return sum;
}

/** Turned counter-clockwise by so many degrees about its middle; what comes in from outside is white. */
export function turnedBack(page: Gray, degrees: number): Gray {
  if (Math.abs(degrees) < STRAIGHT_DEGREES) return page;
  const { width, height, pixels } = page;
  const [sine, cosine] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const result = whitePage(width, height);
  const [midX, midY] = [width / 2, height / 2];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sourceX = cosine * (x - midX) - sine * (y - midY) + midX;
      const sourceY = sine * (x - midX) + cosine * (y - midY) + midY;
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const [across, down] = [sourceX - left, sourceY - top];
      const at = top * width + left;
      const upper = pixels[at]! * (1 - across) + pixels[at + 1]! * across;
      const lower = pixels[at + width]! * (1 - across) + pixels[at + width + 1]! * across;
      result.pixels[y * width + x] = upper * (1 - down) + lower * down;
    }
  return result;
}
