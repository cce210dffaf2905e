import { expect, test } from 'vitest';
import { initials } from './names.ts';

test.each([
  ['Ana María García', 'AG'],
  ['山田花子', '山田'],
  ['Plato', 'P'],
  ['Martin King Jr.', 'MK'],
  ['Robert Hale III', 'RH'],
  ['Ada Osei, MD, PhD', 'AO'],
  ['Maria Do', 'MD'],
  ['élodie ångström', 'ÉÅ'],
  ['', '?'],
])('the initials of "%s" are %s', (name, letters) => expect(initials(name)).toBe(letters));
