import type { DemoFile, DemoUser } from '../identity/demo-file.ts';

/** The people of the demo as a table for the terminal. A person of several clinics stands once. */
export function loginsTable({ operators, tenants }: DemoFile): string {
  const rows = new Map<string, string[]>();
  const add = ({ email, password, role }: DemoUser, where: string): void => {
    const known = rows.get(email);
    if (known) known[0] += ` and ${where}`;
    else rows.set(email, [where, role, email, password]);
  };
  for (const { name, users } of tenants) for (const user of users) add(user, name);
  for (const operator of operators) add(operator, 'Platform');
  const table = [['Clinic', 'Role', 'E-mail', 'Password'], ...rows.values()];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}
