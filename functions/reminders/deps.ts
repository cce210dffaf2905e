import type { Tenant } from '../../core/directory/directory.ts';
import type { Courier } from '../../core/messages/courier.ts';
import type { Scope } from '../../core/scope.ts';
import type { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { Table } from '../../core/store/table.ts';
import type { Records } from '../../core/store/types.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';

export interface ReminderDeps {
  readonly records: Pick<Records, 'read' | 'readMany' | 'create' | 'update' | 'transact' | 'existing' | 'byIndex'>;
  readonly settings: Pick<ClinicSettings, 'read'>;
  readonly tenantOf: (tenant: TenantId) => Promise<Tenant | undefined>;
  readonly courier: Courier;
  readonly tableOf: (tenant: TenantId) => Table;
  /** Where the web app is, without a closing slash. */
  readonly appUrl: string;
  readonly nowMs: () => number;
  readonly newSecret: () => string;
  /** Told of a text message that is about to go to a number, so that an answer to it finds its patient. */
  readonly noteTexted: (to: string, tenant: TenantId, patient: FhirId) => Promise<void>;
}

/** Who sends reminders: nobody who signs in. */
export const systemScope = ({ id, slug }: Pick<Tenant, 'id' | 'slug'>, requestId: string): Scope => ({
  tenant: id,
  slug,
  user: { id: 'reminders', name: 'Tessera' },
  roles: [],
  requestId,
  fhirBase: `/api/${slug}/fhir/R4`,
});
