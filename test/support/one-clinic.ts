import type { FeatureDeps } from '../../core/http/feature.ts';
import type { Slug } from '../../schemas/ids.ts';
import { ORIGIN_SECRET, verifyTestToken } from './api.ts';
import type { TestStore } from './records.ts';

/** What the handler of a feature needs where every name is that of the store's clinic, Oak. */
export const inOneClinic = ({ scope, audit }: Pick<TestStore, 'scope' | 'audit'>): FeatureDeps => ({
  originSecret: ORIGIN_SECRET,
  log: () => undefined,
  access: {
    verify: verifyTestToken,
    audit,
    directory: {
      membershipsOf: async () => [],
      findTenant: async () => ({ id: scope.tenant, slug: 'oak' as Slug, name: 'Oak', status: 'active', timeZone: 'UTC' }),
    },
  },
});
