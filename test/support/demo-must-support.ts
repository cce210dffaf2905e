/**
 * `npm run demo:must-support`: for every US Core profile, how many of its must-support elements the demo charts have, and which
 * they lack. `-- --all` lists each element with the number of records that have it. Ends with 1 when one is missing.
 */
import { demoCharts, demoSurroundings, todayUtc } from './demo-charts.ts';
import { countMustSupport, missingFrom } from './must-support.ts';

const counts = countMustSupport([...demoSurroundings(), ...demoCharts(todayUtc()).flatMap(({ resources }) => resources)]);
const width = Math.max(...counts.map(({ name }) => name.length));
for (const { name, records, elements } of counts) {
  const there = elements.filter(({ present }) => present > 0).length;
  console.log(`${name.padEnd(width)}  ${String(records).padStart(5)} records  ${there} of ${elements.length} elements`);
  for (const { id, level, present } of elements) {
    if (present > 0 && !process.argv.includes('--all')) continue;
    console.log(
      `    ${present === 0 ? 'ABSENT ' : 'present'} ${String(present).padStart(5)}  ${id}${level === 'uscdi' ? ' (USCDI)' : ''}`,
    );
  }
}
const all = counts.reduce((sum, { elements }) => sum + elements.length, 0);
const missing = missingFrom(counts).length;
console.log(
  `\n${all - missing} of ${all} must-support elements in ${counts.length} profiles: ${((100 * (all - missing)) / all).toFixed(1)} %`,
);
process.exitCode = missing === 0 ? 0 : 1;
