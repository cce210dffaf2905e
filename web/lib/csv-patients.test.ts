import { describe, expect, test } from 'vitest';
import { dateIn, encodingOf, guessMapping, lineOf, possibleOrders, readTable, sexIn } from './csv-patients.ts';

const context = { slug: 'oak', today: '2026-11-25', order: 'dmy' as const };

describe('a table of patients', () => {
  test.each([
    {
      headers: ['MRN', 'First Name', 'Last Name', 'DOB', 'Sex', 'E-mail', 'Insurer'],
      expected: ['recordNumber', 'given', 'family', 'birthDate', 'sex', 'email', undefined],
    },
    {
      headers: ['Nº Historia', 'Nombre', 'Apellidos', 'Fecha de nacimiento', 'Sexo', 'Teléfono', 'C.P.'],
      expected: ['recordNumber', 'given', 'family', 'birthDate', 'sex', 'phone', 'postalCode'],
    },
    { headers: ['Name', 'Name'], expected: ['fullName', undefined] },
  ])('columns are guessed from $headers', ({ headers, expected }) => {
    expect(guessMapping(headers)).toEqual(expected);
  });

  test.each([
    { values: ['1980-10-05', '1990-01-31'], orders: ['ymd'], because: 'the year stands first' },
    { values: ['03/04/2020'], orders: ['dmy', 'mdy'], because: 'two days: somebody must choose' },
    { values: ['03/04/2020', '31/12/1999'], orders: ['dmy'], because: 'there is no 31st month' },
    { values: ['03/04/2020', '12/31/1999'], orders: ['mdy'], because: 'there is no 31st month' },
    {
      values: ['31/12/1999', '12/31/1999'],
      orders: ['dmy', 'mdy'],
      because: 'neither order serves all: choose, and the rest are faults',
    },
  ])('$values may be $orders: $because', ({ values, orders }) => {
    expect(possibleOrders(values)).toEqual(orders);
  });

  test('a year of two digits is no date, nor is 31 February', () => {
    expect(dateIn('03/04/80', 'dmy')).toBeUndefined();
    expect(dateIn('31/02/1980', 'dmy')).toBeUndefined();
    expect(dateIn('3.4.1980', 'dmy')).toBe('1980-04-03');
    expect(dateIn('19800403', 'ymd')).toBe('1980-04-03');
  });

  test('M is mujer where the column has H', () => {
    expect(sexIn('M', new Set(['m', 'f']))).toBe('male');
    expect(sexIn('M', new Set(['m', 'h']))).toBe('female');
    expect(sexIn('perhaps', new Set())).toBeUndefined();
  });

  test('every fault is told by row and column, and the other rows are read', () => {
    const headers = ['MRN', 'Name', 'DOB', 'Sex', 'Phone'];
    const table = [
      ['1', 'García, Ana', '05/10/1980', 'F', '555 010 0123'],
      ['1', 'John Smith', '31/02/1980', 'perhaps', 'none'],
      ['3', '', '01/01/2030', 'm', ''],
      ['4', 'Ana Garcia', '5/10/1980', 'f', ''],
    ];
    const { rows, faults } = readTable(headers, table, guessMapping(headers), context);
    expect(faults.map(({ row, column, fault }) => `${row} ${column} ${fault}`)).toEqual([
      '3 DOB no-date',
      '3 Sex no-sex',
      '3 Phone no-phone',
      '3 MRN number-twice',
      '4 Name name-missing',
      '4 DOB in-the-future',
    ]);
    expect(rows.map(({ row, twinOf }) => ({ row, twinOf }))).toEqual([
      { row: 2, twinOf: undefined },
      { row: 5, twinOf: 2 },
    ]);
    expect(rows[0]?.patient).toMatchObject({
      name: [{ family: 'García', given: ['Ana'] }],
      birthDate: '1980-10-05',
      gender: 'female',
    });
  });

  test('the same row is the same line, whatever stands around it', async () => {
    const headers = ['Name', 'DOB'];
    const line = async (rows: string[][]) => {
      const read = readTable(headers, rows, guessMapping(headers), context).rows.find(
        ({ patient }) => patient.name?.[0]?.family === 'Okafor',
      );
      return read && lineOf(read.patient, 'urn:a', { evenIfPresent: false });
    };
    expect(await line([['Ada Okafor', '1/2/1980']])).toEqual(
      await line([
        ['B C', ''],
        ['Ada Okafor', '1/2/1980'],
      ]),
    );
  });

  test('bytes that are no UTF-8 are of a Windows program', () => {
    expect(encodingOf(Uint8Array.from([0xef, 0xbb, 0xbf, 0x41]))).toBe('utf-8');
    expect(encodingOf(Uint8Array.from([0x47, 0x61, 0x72, 0x63, 0xed, 0x61]))).toBe('windows-1252');
  });
});
