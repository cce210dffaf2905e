type Rows = readonly Readonly<Record<string, string | number>>[];

export interface Machine {
  readonly cpus: number;
  readonly model: string;
  readonly node: string;
  /** UTC instant. */
  readonly date: string;
}

/** The figures as docs/performance.md: every table of one run, nothing chosen. */
export const toPage = (machine: Machine, results: Readonly<Record<string, Rows>>): string =>
  [
    '<!-- Written by `npm run bench -- --page`. -->',
    '# Measured',
    '',
    `One run of \`npm run bench\` on ${machine.date.slice(0, 10)}: ${machine.cpus} cores (${machine.model}), Node ${machine.node.slice(1)}, DynamoDB Local on the same machine.`,
    'Calls, capacity units and bytes hold anywhere: they are counted from the commands sent and the items in them, by the rules in',
    '[access-patterns.md](access-patterns.md). Times hold for that machine on that day. "At most" is what we promise and, for calls and units, test.',
    'Over HTTP, "database" is what a function waited for DynamoDB Local, which is several times slower than DynamoDB; "own" is all the rest.',
    ...Object.entries(results).flatMap(([title, rows]) => ['', `## ${title}`, '', ...markdown(rows)]),
    '',
  ].join('\n');

function markdown(rows: Rows): string[] {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(words)),
    line(columns.map((column) => (typeof rows[0]?.[column] === 'number' ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ];
}

/** `coldImportMs` as "cold import ms". */
const words = (name: string): string =>
  name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
