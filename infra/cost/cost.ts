/**
 * npm run cost              what the synthesised template costs, line by line, with and without the firewall
 * npm run cost -- --write   and writes it into docs/operations.md and into what the operators' page shows
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CostLine, type CostReport, sumOf, VISITS, withoutFirewall } from '../../schemas/cost.ts';
import { isMain } from '../run-node.ts';
import { synth } from '../synth.ts';
import type { Templates } from './idle.ts';
import { withCost } from './page.ts';
import { PRICES } from './prices.ts';
import { costReport } from './report.ts';

export const OPERATIONS_PAGE = 'docs/operations.md';
export const PERFORMANCE_PAGE = 'docs/performance.md';
/** What the operators' page shows, bundled with the function that serves it. */
export const REPORT_FILE = 'functions/operator/cost-report.json';

/** The templates in an assembly's folder, by stack. */
export const templatesIn = (directory: string): Templates =>
  Object.fromEntries(
    globSync(join(directory, '*.template.json')).map((file) => [
      basename(file, '.template.json'),
      JSON.parse(readFileSync(file, 'utf8')) as Templates[string],
    ]),
  );

export const reportText = (report: CostReport): string => `${JSON.stringify(report, null, 2)}\n`;

function print(title: string, lines: readonly CostLine[]): void {
  console.log(`\n${title}`);
  for (const { meter, quantity, free, dollars } of lines) {
    const { dollars: price, per, unit } = PRICES[meter];
    const count = quantity.toLocaleString('en', { maximumFractionDigits: 2 });
    const note = free > 0 ? `, ${free.toLocaleString('en', { maximumFractionDigits: 2 })} of them free` : '';
    console.log(
      `  ${dollars.toFixed(2).padStart(7)}  ${count} ${unit}${note}, $${price} ${per === 1 ? 'each' : `for ${per.toLocaleString('en')}`}`,
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: 'boolean' }, outdir: { type: 'string', default: 'cdk.out' } } });
  await synth({ outdir: values.outdir });
  const report = costReport(templatesIn(values.outdir), readFileSync(PERFORMANCE_PAGE, 'utf8'));
  const { asOf, region, idle, visits } = report;
  console.log(`US dollars by AWS's list prices of ${asOf} in ${region}.`);
  print('A month in which nobody works', idle);
  console.log(
    `  ${sumOf(idle).toFixed(2).padStart(7)}  together; ${sumOf(withoutFirewall(idle)).toFixed(2)} without the firewall`,
  );
  print(`${VISITS.toLocaleString('en')} visits, free allowances used up`, visits);
  console.log(
    `  ${sumOf(visits).toFixed(2).padStart(7)}  together; ${sumOf(withoutFirewall(visits)).toFixed(2)} without the firewall`,
  );
  console.log(`\nPrices: ${[...new Set([...idle, ...visits].map(({ meter }) => PRICES[meter].source))].join('\n        ')}`);
  if (!values.write) return;
  writeFileSync(OPERATIONS_PAGE, withCost(readFileSync(OPERATIONS_PAGE, 'utf8'), report));
  writeFileSync(REPORT_FILE, reportText(report));
  console.log(`\nWritten to ${OPERATIONS_PAGE} and ${REPORT_FILE}.`);
}

if (isMain(import.meta.url)) await main();
