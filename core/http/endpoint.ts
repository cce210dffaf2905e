import type * as z from 'zod';
import type { Endpoint, Reply, Request } from './types.ts';

/** One row of the endpoint table. `run` is given the body as its schema yields it. */
export function endpoint<Body extends z.ZodType = z.ZodUndefined>(
  spec: Omit<Endpoint, 'body' | 'run'> & {
    readonly body?: Body;
    readonly run: (request: Request<z.output<Body>>) => Promise<Reply>;
  },
): Endpoint {
  return spec;
}

/** An answer in as few words as a feature needs. */
export const reply = (status: number, body?: unknown, headers?: Readonly<Record<string, string>>): Reply => ({
  status,
  ...(body !== undefined && { body }),
  ...(headers && { headers }),
});
