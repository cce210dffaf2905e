/** A page in shades of grey, row by row: 0 is black, 255 white. */
export interface Gray {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export const whitePage = (width: number, height: number): Gray => ({
  width,
  height,
  pixels: new Uint8Array(width * height).fill(255),
});

/** What is seen on white paper (ITU-R BT.601 luma): four bytes a pixel, transparent ones are paper. */
export function grayOf(width: number, height: number, rgba: Uint8Array): Gray {
  const pixels = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < pixels.length; at++, from += 4) {
    const luma = (rgba[from]! * 299 + rgba[from + 1]! * 587 + rgba[from + 2]! * 114) / 1_000;
    const alpha = rgba[from + 3]! / 255;
    pixels[at] = Math.round(luma * alpha + 255 * (1 - alpha));
  }
  return { width, height, pixels };
}

/** The shade that parts ink from paper best (Otsu 1979). */
export function inkThreshold({ pixels }: Gray): number {
  const histogram = new Float64Array(256);
  for (const shade of pixels) histogram[shade]! += 1;
  const sum = histogram.reduce((total, count, shade) => total + count * shade, 0);
  let best = { between: -1, shade: 128 };
  let darkCount = 0;
  let darkSum = 0;
  for (let shade = 0; shade < 255; shade++) {
    darkCount += histogram[shade]!;
    darkSum += histogram[shade]! * shade;
    const lightCount = pixels.length - darkCount;
    if (darkCount === 0 || lightCount === 0) continue;
    const between = darkCount * lightCount * (darkSum / darkCount - (sum - darkSum) / lightCount) ** 2;
    if (between > best.between) best = { between, shade };
  }
  return best.shade;
}

/** Whether the page is nothing but black and white, as a fax is. */
export const isBilevel = ({ pixels }: Gray): boolean => pixels.every((shade) => shade < 8 || shade > 247);

/** Scaled by a factor above or below 1; between pixels by weight, so that neither edges nor thin strokes jump. */
export function scaled({ width, height, pixels }: Gray, factorX: number, factorY = factorX): Gray {
  const [toWidth, toHeight] = [Math.max(1, Math.round(width * factorX)), Math.max(1, Math.round(height * factorY))];
  const result = new Uint8Array(toWidth * toHeight);
  if (factorX < 1 && factorY < 1) return averaged({ width, height, pixels }, toWidth, toHeight);
  for (let y = 0; y < toHeight; y++) {
    const sourceY = Math.min(height - 1, Math.max(0, (y + 0.5) / factorY - 0.5));
    const top = Math.floor(sourceY);
    const down = sourceY - top;
    const below = Math.min(height - 1, top + 1);
    for (let x = 0; x < toWidth; x++) {
      const sourceX = Math.min(width - 1, Math.max(0, (x + 0.5) / factorX - 0.5));
      const left = Math.floor(sourceX);
      const across = sourceX - left;
      const right = Math.min(width - 1, left + 1);
      const upper = pixels[top * width + left]! * (1 - across) + pixels[top * width + right]! * across;
      const lower = pixels[below * width + left]! * (1 - across) + pixels[below * width + right]! * across;
      result[y * toWidth + x] = upper * (1 - down) + lower * down;
    }
  }
  return { width: toWidth, height: toHeight, pixels: result };
}

function averaged({ width, height, pixels }: Gray, toWidth: number, toHeight: number): Gray {
  const result = new Uint8Array(toWidth * toHeight);
  for (let y = 0; y < toHeight; y++) {
    const [top, bottom] = [Math.floor((y * height) / toHeight), Math.max(1, Math.floor(((y + 1) * height) / toHeight))];
    for (let x = 0; x < toWidth; x++) {
      const [left, right] = [Math.floor((x * width) / toWidth), Math.max(1, Math.floor(((x + 1) * width) / toWidth))];
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += pixels[row * width + column]!;
      result[y * toWidth + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return { width: toWidth, height: toHeight, pixels: result };
}

/** Turned clockwise by quarters. */
export function quarterTurned(page: Gray, quarters: number): Gray {
  let { width, height, pixels } = page;
  for (let turn = 0; turn < ((quarters % 4) + 4) % 4; turn++) {
    const turned = new Uint8Array(pixels.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) turned[x * height + (height - 1 - y)] = pixels[y * width + x]!;
    [width, height, pixels] = [height, width, turned];
  }
  return { width, height, pixels };
}
