import { type CostLine, type CostReport, sumOf, VISIT_PARTS, VISITS, withoutFirewall } from '../../schemas/cost.ts';
import { BESIDES, PRICES } from './prices.ts';
import { IDLE } from './resource-types.ts';
import { OPERATIONS, REMINDERS } from './visits.ts';

const BEGIN = '<!-- cost: written by `npm run cost -- --write`; change infra/cost and run it again -->';
const END = '<!-- cost: end -->';

/** The section of docs/operations.md between its two marks. @throws Error when the page has lost them */
export function withCost(page: string, report: CostReport): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/operations.md has lost the marks of its cost section.');
  return `${page.slice(0, from)}${BEGIN}\n${section(report)}\n${page.slice(to)}`;
}

function section({ asOf, region, idle, visits, visit }: CostReport): string {
  const profile = VISIT_PARTS.map((part) => `${visit[part]} × *${OPERATIONS[part]}*`);
  return [
    `By AWS's list prices of ${asOf} in ${region}, counted from the template by \`npm run cost\`; nothing of an account's first-year gifts.`,
    '',
    '**A month in which nobody works**',
    '',
    table('a month', idle),
    `| **together** | | | **${dollars(sumOf(idle))}** |`,
    `| **with \`firewall\` \`false\`** | | | **${dollars(sumOf(withoutFirewall(idle)))}** |`,
    '',
    `Taken for granted: ${IDLE.tableGb} GB of charts under point-in-time recovery, ${IDLE.bucketGb} GB in each bucket, ${IDLE.logGb} GB of logs a month,`,
    `kept a year. Each of a key's first two yearly rotations adds $1 a month. A copy in a second region is not part of this.`,
    '',
    `**${VISITS.toLocaleString('en')} visits**, when every free allowance is used up`,
    '',
    table('quantity', visits),
    `| **together** | | | **${dollars(sumOf(visits))}** |`,
    '',
    `One visit is ${profile.slice(0, 3).join(', ')},`,
    `${profile.slice(3).join(', ')}. Units are those of [performance.md](performance.md), the rest is said in`,
    `\`infra/cost/visits.ts\`, also of its ${REMINDERS.aVisit} reminders by mail. What a visit leaves is kept for a year. Not in it:`,
    `${BESIDES.map(({ what, dollars: price }) => `${what} ($${price})`).join(', ')}, the check of uploads by GuardDuty, text messages, and Stripe's fees.`,
    '',
  ].join('\n');
}

const table = (quantity: string, lines: readonly CostLine[]): string =>
  [
    `| what | ${quantity} | free | $ |`,
    '|---|---:|---:|---:|',
    ...lines.map(
      ({ meter, quantity: much, free, dollars: price }) =>
        `| ${PRICES[meter].unit} | ${amount(much)} | ${free > 0 ? amount(free) : ''} | ${dollars(price)} |`,
    ),
  ].join('\n');

const dollars = (value: number): string => value.toFixed(2);
const amount = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });
