import * as z from 'zod';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import { ifMatchVersion } from '../../core/http/preferences.ts';
import { versionHeaders } from '../../core/http/record-reply.ts';
import type { Endpoint, Params, Reply } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { AddOn } from '../../schemas/plans.ts';
import { isSettingName, type KeptSetting, SETTINGS, type SettingName } from '../../schemas/settings/index.ts';

export interface SettingsDeps {
  readonly settings: Pick<ClinicSettings, 'find' | 'write'>;
  /** @throws Problem forbidden when the clinic's plan does not include it */
  readonly requireAddOn: (scope: Scope, name: AddOn) => Promise<void>;
}
/** What the plan must include for the setting to be changed. As it stands it is read and obeyed without. */
const ADD_ON_OF: Partial<Record<SettingName, AddOn>> = { 'document-workflows': 'workflows' };

export const settingsEndpoints = (deps: SettingsDeps): readonly Endpoint[] => [readSetting(deps), changeSetting(deps)];

/** @throws Problem not-found */
function nameInPath({ name = '' }: Params): SettingName {
  if (!isSettingName(name)) throw new Problem('not-found', said('nothing-here'));
  return name;
}

/** Version 0 has no ETag: it is in no history, and a first change sends If-None-Match. */
const settingReply = (kept: KeptSetting): Reply =>
  reply(200, kept, kept.changed === undefined ? undefined : versionHeaders(kept.version, kept.changed));

/** GET {A}/settings/{name} */
const readSetting = ({ settings }: SettingsDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/settings/{name}',
    access: { kind: 'tenant', type: 'Settings', interaction: 'read' },
    auditedBy: 'feature',
    summary: 'One of the clinic’s settings, with its version; version 0 is what every clinic begins with.',
    media: 'application/json',
    async run({ scope, params }) {
      return settingReply(await settings.find(scope, nameInPath(params)));
    },
  });

/** PUT {A}/settings/{name} */
const changeSetting = ({ settings, requireAddOn }: SettingsDeps) =>
  endpoint({
    method: 'PUT',
    path: '/api/{tenant}/settings/{name}',
    access: { kind: 'tenant', type: 'Settings', interaction: 'update' },
    summary: 'Changes a setting. If-Match names the version that was read; without it, nobody may have changed it before.',
    body: z.unknown(),
    media: 'application/json',
    async run({ scope, params, body, headers }) {
      const name = nameInPath(params);
      const addOn = ADD_ON_OF[name];
      if (addOn !== undefined) await requireAddOn(scope, addOn);
      const parsed = SETTINGS[name].safeParse(body);
      if (!parsed.success)
        throw new Problem(
          'rule-broken',
          parsed.error.issues.map(({ message, path }) => ({ text: message, path: path.join('.') })),
        );
      return settingReply(await settings.write(scope, name, parsed.data, ifMatchVersion(headers['if-match']) ?? 0));
    },
  });
