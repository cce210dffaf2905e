import { expect, test } from 'vitest';
import { ServedRecords } from '../provenance/served-records.ts';
import { RecordStore } from '../store/record-store.ts';
import { ConfinedRecords } from './confined-records.ts';

/** They write through `transact`, which is confined; and what day it is is no secret. */
const THROUGH_OTHERS = ['create', 'update', 'delete', 'today', 'constructor'];

test('whatever the record store can do has been thought of for a scope that sees one chart', () => {
  const inherited = [RecordStore, ServedRecords].flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype));
  const wanted = [...new Set(inherited)].filter((name) => !THROUGH_OTHERS.includes(name));
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((name) => !Object.hasOwn(ConfinedRecords.prototype, name))).toEqual([]);
});
