import { readFileSync } from 'node:fs';
import type { Patient } from 'fhir/r4';
import { afterAll, describe, expect, test } from 'vitest';
import { trueType } from '../../functions/intake/decode/kind.ts';
import { pagesOf } from '../../functions/intake/decode/pages-of.ts';
import type { Gray } from '../../functions/intake/image/gray.ts';
import { toPng } from '../../functions/intake/image/png.ts';
import { readyToRead } from '../../functions/intake/image/ready-to-read.ts';
import { suggestDate } from '../../functions/intake/suggest/document-date.ts';
import { suggestType } from '../../functions/intake/suggest/document-type.ts';
import { judge, readingOf } from '../../functions/intake/suggest/patient.ts';
import { labReport, referralLetter } from '../../local/demo/scan-letters.ts';
import { faxOf, pageOf, spoilt } from '../../local/demo/scan-maker.ts';
import { PageReader } from '../../local/textract/page-reader.ts';
import { findShared } from '../support/shared-data.ts';
import { wordsRight } from '../support/words-right.ts';

/** The whole way of a page, from the file to the words and what they suggest, with the reader of one machine. */
const reader = new PageReader();
afterAll(() => reader.close());

async function read(bytes: Uint8Array): Promise<string[]> {
  const pages: string[] = [];
  for await (const { page, dpi } of pagesOf(trueType(bytes), bytes)) {
    const lines = await reader.read(toPng(readyToRead(page, dpi).read));
    pages.push(lines.map(({ text }) => text).join('\n'));
  }
  return pages;
}
const TODAY = '2026-12-31';
const born = (given: string, family: string, birthDate: string) =>
  ({
    resourceType: 'Patient',
    id: 'p',
    name: [{ given: [given], family }],
    birthDate,
    meta: { versionId: '1', lastUpdated: '' },
  }) as never;
const isSure = (patient: Patient, pages: readonly string[]): boolean => judge(patient as never, readingOf(pages)).isSure;

describe('scans that the project makes by itself', () => {
  const who = { given: 'Ottilie', family: 'Marbleton', birthDate: '1961-04-17' };
  const spoils: { title: string; least: number; spoil: (page: Gray) => Buffer }[] = [
    { title: 'a clean page', least: 0.9, spoil: (page) => toPng(page) },
    { title: 'a page askew by three degrees', least: 0.9, spoil: (page) => toPng(spoilt(page, { degrees: 3 })) },
    {
      title: 'a fine fax (204 x 196), askew and speckled',
      least: 0.75,
      spoil: (page) => faxOf([spoilt(page, { degrees: 1.2, noise: 5 })], 'fine'),
    },
    {
      title: 'a standard fax (204 x 98), askew and speckled',
      least: 0.75,
      spoil: (page) => faxOf([spoilt(page, { degrees: -0.8, noise: 4 })], 'standard'),
    },
  ];
  test.each(spoils)('$title: at least $least of the words, the kind, the date and the patient', async ({ least, spoil }) => {
    for (const { lines, type, date } of [
      { lines: labReport(who), type: '11502-2', date: '2026-03-14' },
      { lines: referralLetter(who), type: '57133-1', date: '2026-03-03' },
    ]) {
      const pages = await read(spoil(await pageOf(lines)));
      expect(wordsRight(lines.join('\n'), pages.join('\n'))).toBeGreaterThanOrEqual(least);
      expect([type, undefined]).toContain(suggestType(pages)?.code);
      expect([date, undefined]).toContain(suggestDate(pages, TODAY)?.date);
      expect(isSure(born('Augusta', 'Marbleton', '1961-04-17'), pages)).toBe(false); // a twin
      expect(isSure(born('Ottilie', 'Marbleton', '1991-04-17'), pages)).toBe(false); // a namesake
    }
  });
});

const CASES = [
  {
    file: 's1-lab-cmp-fax.tiff',
    least: 0.75,
    type: '11502-2',
    date: '2025-11-02',
    who: born('Ottilie', 'Marbleton', '1961-04-17'),
  },
  { file: 's2-insurance-card-photo.jpg', least: 0.9, type: '64290-0', who: born('Callum', 'Oakhurst', '1980-01-01') },
  {
    file: 's3-referral-letter-fax.tiff',
    least: 0.75,
    type: '57133-1',
    date: '2025-10-21',
    who: born('Tobias', 'Quillfeather', '1954-09-30'),
  },
  {
    file: 's4-consent-form-scan.pdf',
    least: 0.9,
    type: '59284-0',
    date: '2025-07-14',
    who: born('Ximena', 'Córdoba-Núñez', '1988-12-05'),
  },
  {
    file: 's5-radiology-fax-2pages.tiff',
    least: 0.75,
    type: '18748-4',
    date: '2025-09-09',
    who: born('Beatrix', 'Holloway-Smythe', '1970-02-11'),
  },
  {
    file: 's6-medication-list-lowdpi.png',
    least: 0.9,
    type: '56445-0',
    date: '2025-08-19',
    who: born('Augustin', 'Penhaligon', '1946-06-06'),
  },
];
const folder = findShared('scans');

describe.skipIf(folder === undefined)('the sample scans', () => {
  test.each(CASES)(
    '$file: at least $least of the words; kind, date and patient right or left open',
    async ({ file, least, type, date, who }) => {
      const pages = await read(readFileSync(`${folder}/${file}`));
      const truth = readFileSync(`${folder}/${file.replace(/\.\w+$/, '.txt')}`, 'utf8');
      const right = wordsRight(truth, pages.join('\n'));
      const [kind, day] = [suggestType(pages)?.code, suggestDate(pages, TODAY)?.date];
      console.log(
        `${file}: ${(right * 100).toFixed(0)} % of the words, kind ${kind ?? 'open'}, date ${day ?? 'open'}, patient ${isSure(who, pages) ? 'sure' : 'open'}`,
      );
      expect(right).toBeGreaterThanOrEqual(least);
      expect([type, undefined]).toContain(kind);
      expect([date, undefined]).toContain(day);
      // Never confidently wrong: everybody else of the samples is not taken for the patient.
      for (const other of CASES) if (other.file !== file) expect(isSure(other.who, pages)).toBe(false);
    },
  );
});
