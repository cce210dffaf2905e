import type * as z from 'zod';
import type { Desk } from './desk.ts';
import type { Form } from './form.ts';
import { readParams } from './params.ts';

export type PathIds = Readonly<Record<string, string>>;
/** One request that Stripe answers. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** /v1/payment_intents/:id/confirm */
  readonly path: string;
  readonly run: (desk: Desk, form: Form, ids: PathIds) => object;
}

/** An operation whose parameters are known: any other is refused, as Stripe refuses it. */
export const operation = <S extends z.ZodType>(
  method: Operation['method'],
  path: string,
  schema: S,
  run: (desk: Desk, params: z.output<S>, ids: { readonly id: string; readonly [name: string]: string }) => object,
): Operation => ({
  method,
  path,
  run: (desk, form, ids) => run(desk, readParams(schema, form), { id: '', ...ids }),
});
