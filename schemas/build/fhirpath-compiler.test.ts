import { describe, expect, test } from 'vitest';
import { Compiler, type FindChild } from './fhirpath-compiler.ts';

const CHILDREN: Record<string, readonly string[]> = {
  status: ['status'],
  value: ['valueString', 'valueQuantity'],
  binding: ['binding'],
  code: ['code'],
};
const findChild: FindChild = (_type, name) => (CHILDREN[name] ? { keys: CHILDREN[name], types: ['Thing'] } : undefined);
const compile = (expression: string): string => new Compiler(findChild, ['Thing'], ['Thing'], []).compile(expression);

describe('the FHIRPath compiler', () => {
  test.each([
    { expression: 'status.exists()', js: '(n, w) => (n.status !== undefined || n._status !== undefined)' },
    { expression: "status = 'x'", js: '(n, w) => f.equal(f.at([n], "status"), ["x"])' },
    { expression: 'binding.code.empty()', js: '(n, w) => !(f.at(f.at([n], "binding"), "code").length > 0)' },
    { expression: "status in ('a' | 'b')", js: '(n, w) => f.isIn(f.at([n], "status"), ["a", "b"])' },
    {
      expression: 'status.count() + code.count() = 1',
      js: '(n, w) => (f.at([n], "status").length + f.at([n], "code").length) === 1',
    },
    { expression: 'Thing.status.exists()', js: '(n, w) => (n.status !== undefined || n._status !== undefined)' },
    {
      expression: 'code.all(%resource.status contains $this)',
      js: '(n, w) => { const h0 = f.at([w.resource], "status"); return f.at([n], "code").every((x1) => f.isIn([x1], h0) === true); }',
    },
    { expression: 'status.length() >= 8', js: '(n, w) => f.atLeast(f.length(f.at([n], "status")), [8])' },
    {
      expression: 'value.ofType(Quantity).exists()',
      js: '(n, w) => (n.valueQuantity !== undefined || n._valueQuantity !== undefined)',
    },
    { expression: '$this is DateTime', js: '(n, w) => f.truth([n].map((x) => f.isType(x, "dateTime")))' },
    { expression: 'repeat(code|binding).exists()', js: '(n, w) => f.repeat([n], "code", "binding").length > 0' },
    {
      expression: 'status.where(resolve() is Device).exists()',
      js: '(n, w) => f.at([n], "status").filter((x1) => f.truth(f.resolve([x1], w).map((x) => f.isType(x, "Device"))) === true).length > 0',
    },
  ])('$expression', ({ expression, js }) => expect(compile(expression)).toBe(js));

  test.each([
    { expression: 'colour.exists()', message: 'No element colour in Thing' },
    { expression: 'status.lower() = 1', message: 'Unknown function lower()' },
    { expression: '%sct.exists()', message: 'Unknown constant %sct' },
    { expression: 'status.matches(code)', message: 'Unknown literal' },
    { expression: 'status.ofType(Quantity)', message: 'ofType(Quantity) of what is no choice' },
    { expression: 'repeat(code.first())', message: 'Expected names' },
    { expression: "status ~ 'x'", message: 'Unknown operator ~' },
  ])('refuses $expression rather than guess', ({ expression, message }) => expect(() => compile(expression)).toThrow(message));
});
