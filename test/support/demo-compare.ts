/**
 * `npm run demo:compare`: the demo charts and the Synthea charts of ../shared/data side by side, and the same table into
 * docs/demo.md. Without the folder it says what is left out, prints the demo alone and leaves the page as it is.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type ChartFigures, figuresOf } from './chart-figures.ts';
import { demoCharts, todayUtc } from './demo-charts.ts';
import { syntheaCharts } from './shared-data.ts';

const PAGE = 'docs/demo.md';
const BEGIN = '<!-- made by npm run demo:compare -->';
const END = '<!-- end -->';

const demo = figuresOf(demoCharts(todayUtc()).map(({ resources }) => resources));
const charts = syntheaCharts();
const table = toTable(demo, charts && figuresOf(charts));
console.log(table);
if (!charts) console.log('\nLeft out: Synthea (../shared/data/fhir/synthea is not here). docs/demo.md stays as it is.');
else if (existsSync(PAGE)) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n${END}${after}`);
  console.log(`\nWritten to ${PAGE}.`);
}

function toTable(one: ChartFigures, other: ChartFigures | undefined): string {
  const rows = one.map(({ label, value }) => [
    label,
    value,
    ...(other ? [other.find((row) => row.label === label)?.value ?? '0'] : []),
  ]);
  const more =
    other?.filter(({ label }) => !one.some((row) => row.label === label)).map(({ label, value }) => [label, '0', value]) ?? [];
  const head = ['', 'demo', ...(other ? ['Synthea'] : [])];
  const lines = [head, head.map(() => '---'), ...rows, ...more];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
