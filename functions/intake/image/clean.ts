import { type Gray, inkThreshold } from './gray.ts';

/** Specks and the streaks of a dirty fax roller taken off a black-and-white page. `dpi` says how small a speck is. */
export function withoutDirt(page: Gray, dpi: number): Gray {
  const cleaned = { ...page, pixels: page.pixels.slice() };
  removeStreaks(cleaned);
  // A full stop at 200 dpi is about 4 by 4 pixels.
  removeSpecks(cleaned, Math.max(2, Math.round(8 * (dpi / 200) ** 2)));
  return cleaned;
}

/** Streaks are as tall as the page and a few pixels wide; letters that they cross are kept by what stands beside the streak. */
function removeStreaks({ width, height, pixels }: Gray): void {
  const isInk = (x: number, y: number): boolean => x >= 0 && x < width && pixels[y * width + x]! < 128;
  const columns: number[] = [];
  for (let x = 0; x < width; x++) {
    let ink = 0;
    for (let y = 0; y < height; y++) if (isInk(x, y)) ink++;
    if (ink > height * 0.7) columns.push(x);
  }
  for (const group of runsOf(columns)) {
    if (group.length > 6) continue; // a frame or a shadow, not a streak
    const [first, last] = [group[0]!, group.at(-1)!];
    for (let y = 0; y < height; y++) {
      if (isInk(first - 1, y) && isInk(last + 1, y)) continue;
      for (const x of group) pixels[y * width + x] = 255;
    }
  }
}

function runsOf(columns: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const column of columns) {
    const last = runs.at(-1);
    if (last && column - last.at(-1)! <= 1) last.push(column);
    else runs.push([column]);
  }
  return runs;
}

/** Ink that touches no other ink, of fewer than so many pixels, becomes paper. */
function removeSpecks({ width, height, pixels }: Gray, smallest: number): void {
  const seen = new Uint8Array(pixels.length);
  const stack: number[] = [];
  const members: number[] = [];
  for (let start = 0; start < pixels.length; start++) {
    if (seen[start] || pixels[start]! >= 128) continue;
    stack.push(start);
    seen[start] = 1;
    members.length = 0;
    while (stack.length > 0) {
      const at = stack.pop()!;
      members.push(at);
      const [x, y] = [at % width, Math.floor(at / width)];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [nearX, nearY] = [x + dx, y + dy];
          if (nearX < 0 || nearY < 0 || nearX >= width || nearY >= height) continue;
          const near = nearY * width + nearX;
          if (seen[near] || pixels[near]! >= 128) continue;
          seen[near] = 1;
          stack.push(near);
        }
    }
    if (members.length < smallest) for (const at of members) pixels[at] = 255;
  }
}

/** The middle one of each pixel and its eight neighbours: noise of a camera goes, edges stay. */
export function smoothed({ width, height, pixels }: Gray): Gray {
  const result = pixels.slice();
  const near = new Uint8Array(9);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      let count = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) near[count++] = pixels[(y + dy) * width + x + dx]!;
      result[y * width + x] = near.sort()[4]!;
    }
  return { width, height, pixels: result };
}

/** How much neighbouring pixels of paper differ, in shades: 0 to 2 for a clean scan, 5 and more for a camera in poor light. */
export function graininess(page: Gray): number {
  const threshold = inkThreshold(page);
  const { width, height, pixels } = page;
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += 3)
    for (let x = 1; x < width; x += 2) {
      const [one, other] = [pixels[y * width + x]!, pixels[y * width + x - 1]!];
      if (one <= threshold || other <= threshold) continue;
      sum += Math.abs(one - other);
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

/** Hard edges of black on white softened by a pixel: broken strokes of a fax meet again. */
export function softened({ width, height, pixels }: Gray): Gray {
  const result = pixels.slice();
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const row = (middle: number): number => pixels[middle - 1]! + 2 * pixels[middle]! + pixels[middle + 1]!;
      result[at] = (row(at - width) + 2 * row(at) + row(at + width)) / 16;
    }
  return { width, height, pixels: result };
}
