import * as z from 'zod';
import { missingParameter, refused, type StripeFailure, unknownParameter } from './failure.ts';
import type { Form } from './form.ts';

/** Parameters come as text. Each of these says what Stripe says when the text is something else. */
const wrong = (code: string, message: (value: string) => string) => (value: unknown) => `${code}|${message(String(value))}`;

export const text = () => z.string('invalid|Invalid string');
export const int = () =>
  z
    .string('parameter_invalid_integer|Invalid integer')
    .regex(/^-?\d{1,15}$/, {
      error: ({ input }) => wrong('parameter_invalid_integer', (value) => `Invalid integer: ${value}`)(input),
    })
    .transform(Number);
export const flag = () =>
  z
    .enum(['true', 'false'], {
      error: ({ input }) => (input === undefined ? undefined : `invalid|Invalid boolean: ${String(input)}`),
    })
    .transform((value) => value === 'true');
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, {
    error: ({ input }) =>
      input === undefined ? undefined : `invalid|Invalid value: must be one of ${values.join(', ')}; got ${String(input)}`,
  });
export const metadata = () =>
  z
    .union([z.literal(''), z.record(z.string().max(40), z.string().max(500))])
    .transform((value): Record<string, string> => (value === '' ? {} : value))
    .optional();
/** A list of names to answer as whole objects. */
export const expand = () => z.array(z.string()).max(20).optional();
/** `created=5`, or gt, gte, lt, lte. */
export const range = () =>
  z
    .union([int(), z.strictObject({ gt: int().optional(), gte: int().optional(), lt: int().optional(), lte: int().optional() })])
    .optional();
/** What every list takes. */
export const paging = {
  limit: int().pipe(z.number().min(1).max(100)).optional(),
  starting_after: text().optional(),
  ending_before: text().optional(),
  expand: expand(),
};

/** The parameters as the operation knows them. @throws StripeFailure as Stripe words it */
export function readParams<S extends z.ZodType>(schema: S, form: Form): z.output<S> {
  const read = schema.safeParse(form);
  if (read.success) return read.data;
  throw failureOf(read.error.issues, form);
}

function failureOf(issues: readonly z.core.$ZodIssue[], form: Form): StripeFailure {
  const [issue] = issues;
  if (!issue) return refused('Invalid request.');
  // Of several shapes that a parameter may have, the complaint of the one that came furthest.
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.toSorted((one, other) => depth(other) - depth(one))[0] ?? [];
    return failureOf(
      inner.map((part) => ({ ...part, path: [...issue.path, ...part.path] })),
      form,
    );
  }
  const param = nameOf(issue.path);
  if (issue.code === 'unrecognized_keys') return unknownParameter(nameOf([...issue.path, issue.keys[0] ?? '']));
  if (valueAt(form, issue.path) === undefined) return missingParameter(param);
  const [code, message] = issue.message.includes('|')
    ? issue.message.split('|', 2)
    : [undefined, `Invalid ${param}: ${issue.message}`];
  return refused(message ?? 'Invalid request.', { param, ...(code && code !== 'invalid' && { code }) });
}

const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));
const nameOf = (path: readonly PropertyKey[]): string =>
  path.map((part, at) => (at === 0 ? String(part) : `[${String(part)}]`)).join('');
const valueAt = (form: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[part] : undefined),
    form,
  );
