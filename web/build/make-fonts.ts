import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import subsetFont from 'subset-font';

/**
 * Makes web/fonts from @fontsource-variable/inter: the same scripts, of the weights only those that the screens use. That takes two fifths
 * off the file which every first visit loads. Run it when Inter is updated: node web/build/make-fonts.ts
 */
const SOURCE = 'node_modules/@fontsource-variable/inter';
const TARGET = 'web/fonts';
/** Regular to bold, as in theme.ts and the style sheets. */
const WEIGHTS = { min: 400, max: 700 };

/** "U+0000-00FF,U+0131" as the characters themselves. */
const charactersOf = (ranges: string): string =>
  ranges
    .split(',')
    .flatMap((range) => {
      const [first = 0, last = first] = range
        .replace('U+', '')
        .split('-')
        .map((code) => Number.parseInt(code, 16));
      return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
    })
    .join('');

const rule = (name: string, ranges: string): string => `@font-face {
  font-family: "Inter Variable";
  font-style: normal;
  font-display: swap;
  font-weight: ${WEIGHTS.min} ${WEIGHTS.max};
  src: url("./inter-${name}.woff2") format("woff2-variations");
  unicode-range: ${ranges};
}`;

mkdirSync(TARGET, { recursive: true });
const scripts = JSON.parse(readFileSync(`${SOURCE}/unicode.json`, 'utf8')) as Record<string, string>;
const rules: string[] = [];
for (const [script, ranges] of Object.entries(scripts)) {
  const font = readFileSync(`${SOURCE}/files/inter-${script}-wght-normal.woff2`);
  const made = await subsetFont(font, charactersOf(ranges), { targetFormat: 'woff2', variationAxes: { wght: WEIGHTS } });
  writeFileSync(`${TARGET}/inter-${script}.woff2`, made);
  console.log(`${script}: ${font.length} -> ${made.length} bytes`);
  rules.push(rule(script, ranges.split(',').join(', ')));
}
/**
 * With figures of one width Inter gives the hyphen that width too, which tears "follow-up" apart. A hyphen of its own, without the others
 * that it could be exchanged for, stays as it is; its rule is the last, so that it wins.
 */
const latin = readFileSync(`${SOURCE}/files/inter-latin-wght-normal.woff2`);
const hyphen = await subsetFont(latin, '-', { targetFormat: 'woff2', variationAxes: { wght: WEIGHTS }, noLayoutClosure: true });
writeFileSync(`${TARGET}/inter-latin-hyphen.woff2`, hyphen);
console.log(`hyphen: ${hyphen.length} bytes`);
rules.push(rule('latin-hyphen', 'U+002D'));
writeFileSync(`${TARGET}/inter.css`, `/* Made by web/build/make-fonts.ts: change it there. */\n${rules.join('\n')}\n`);
writeFileSync(`${TARGET}/OFL.txt`, readFileSync(`${SOURCE}/LICENSE`));
