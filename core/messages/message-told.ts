import type { FhirId, TenantId } from '../../schemas/ids.ts';

/** The Communication that a message is of: opaque ids, which come back with what the service tells of it (infra/constructs/delivery.ts). */
export interface MessageOf {
  readonly tenant: TenantId;
  readonly communication: FhirId;
}
/** The names under which both services carry it. */
export const MESSAGE_TAGS = ['tenant', 'communication'] as const satisfies readonly (keyof MessageOf)[];

/** The event that says what became of a message after its service had it. */
export const MESSAGE_TOLD = 'MessageTold';
