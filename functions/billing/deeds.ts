import type * as z from 'zod';
import { withoutCardNumbers } from '../../core/billing/no-card-numbers.ts';
import { endpoint } from '../../core/http/endpoint.ts';
import type { Endpoint, Params, Reply } from '../../core/http/types.ts';
import type { Scope } from '../../core/scope.ts';
import type { Interaction } from '../../schemas/access.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { idIn } from './paths.ts';

interface Deed<Body extends z.ZodType> {
  readonly method?: 'PUT';
  readonly path: string;
  /** Who may: the type and the interaction with it. */
  readonly may: readonly [type: string, interaction: Interaction];
  readonly summary: string;
  readonly body?: Body;
  readonly status?: 201;
  readonly perform: (scope: Scope, id: FhirId, body: z.output<Body>, params: Params) => Promise<unknown>;
}

/**
 * Rows of the desk that do something with one thing, named `idName` in their paths, and answer how it stands now. No card number is taken in
 * any of their bodies.
 */
export const deeds =
  (idName: string, answer: (scope: Scope, id: FhirId, status: number) => Promise<Reply>) =>
  <Body extends z.ZodType = z.ZodUndefined>({
    method,
    path,
    may: [type, interaction],
    summary,
    body,
    status,
    perform,
  }: Deed<Body>): Endpoint =>
    endpoint<Body>({
      method: method ?? 'POST',
      path,
      access: { kind: 'tenant', type, interaction },
      summary,
      ...(body && { body: withoutCardNumbers(body) }),
      media: 'application/json',
      async run(request) {
        const id = idIn(request.params, idName);
        await perform(request.scope, id, request.body, request.params);
        return answer(request.scope, id, status ?? 200);
      },
    });
