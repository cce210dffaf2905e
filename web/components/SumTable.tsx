import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface SumTableProps {
  /** Absent where the section around it has a name. */
  readonly label?: string;
  readonly classes: { readonly table: string; readonly number: string; readonly name?: string };
  /** The first is what a line is about, the others are numbers. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly name: ReactNode; readonly numbers: readonly ReactNode[] }[];
  readonly sum: { readonly label: string; readonly numbers: readonly ReactNode[] };
}

/** Lines of what something costs, and below them what they come to. On a phone each number says which column it stood in. */
export function SumTable({ label, classes, columns, rows, sum }: SumTableProps) {
  const [first, ...numbers] = columns;
  return (
    <Table className={classes.table} aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{first}</Table.Th>
          {numbers.map((column) => (
            <Table.Th key={column} scope="col" className={classes.number}>
              {column}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.key}>
            <Table.Th scope="row" className={classes.name}>
              {row.name}
            </Table.Th>
            {numbers.map((column, at) => (
              <Table.Td key={column} data-column={column} className={classes.number}>
                {row.numbers[at]}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th scope="row" colSpan={numbers.length - sum.numbers.length + 1}>
            {sum.label}
          </Table.Th>
          {sum.numbers.map((number, at) => (
            <Table.Td key={numbers[numbers.length - sum.numbers.length + at]} className={classes.number}>
              {number}
            </Table.Td>
          ))}
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}
