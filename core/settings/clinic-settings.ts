import type { Basic } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { type KeptSetting, SETTINGS, type Setting, type SettingName } from '../../schemas/settings/index.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Records, Stored } from '../store/types.ts';

const SYSTEM = 'https://tessera.example/fhir/CodeSystem/settings';
const VALUE_URL = 'https://tessera.example/fhir/StructureDefinition/setting-value';
const ID_PREFIX = 'settings-';

/** Whether a Basic of this id is one of ours: it is changed through the settings alone, which check what they keep. */
export const isSettingId = (id: string): boolean => id.startsWith(ID_PREFIX);

/**
 * A clinic's settings. Each is a record (FHIR `Basic`), so that it has versions, If-Match, AuditEvents and a place in every export like
 * anything else the clinic keeps; its value is JSON in an extension. Reading one costs 2 read units, changing it 8 write units.
 */
export class ClinicSettings {
  readonly #records: Pick<Records, 'read' | 'update' | 'create'>;
  constructor(records: Pick<Records, 'read' | 'update' | 'create'>) {
    this.#records = records;
  }

  /** The value, or what a clinic begins with. */
  async read<Name extends SettingName>(scope: Scope, name: Name): Promise<Setting<Name>> {
    return (await this.find(scope, name)).value;
  }

  /** The value with its version. */
  async find<Name extends SettingName>(scope: Scope, name: Name): Promise<KeptSetting<Name>> {
    try {
      return toSetting(name, await this.#records.read<Basic>(scope, 'Basic', idOf(name)));
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
      return { name, value: SETTINGS[name].parse({}) as Setting<Name>, version: 0 };
    }
  }

  /**
   * Replaces the value that was read as `version` (0: nobody had changed it yet).
   * @throws Problem stale-version when somebody has changed it since
   */
  async write<Name extends SettingName>(
    scope: Scope,
    name: Name,
    value: Setting<Name>,
    version: number,
  ): Promise<KeptSetting<Name>> {
    const resource = toBasic(name, value);
    if (version > 0) {
      const { resource: stored } = await this.#records.update(scope, resource, { via: 'rest', ifMatch: version });
      return toSetting(name, stored);
    }
    try {
      return toSetting(name, await this.#records.create<Basic>(scope, resource, { id: idOf(name), via: 'rest' }));
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
      throw new Problem('stale-version', 'Somebody has changed this setting since you opened it.', { cause: error });
    }
  }
}

const idOf = (name: SettingName): FhirId => FhirId.parse(`${ID_PREFIX}${name}`);

const toBasic = <Name extends SettingName>(name: Name, value: Setting<Name>): Basic & { id: string } => ({
  resourceType: 'Basic',
  id: idOf(name),
  code: { coding: [{ system: SYSTEM, code: name }], text: 'Settings' },
  extension: [{ url: VALUE_URL, valueString: JSON.stringify(value) }],
});

/** Throws on a value that no version of the schema wrote: better loud than a clinic that works by rules it did not set. */
function toSetting<Name extends SettingName>(name: Name, { extension = [], meta }: Stored<Basic>): KeptSetting<Name> {
  const text = extension.find(({ url }) => url === VALUE_URL)?.valueString ?? '{}';
  return {
    name,
    value: SETTINGS[name].parse(JSON.parse(text)) as Setting<Name>,
    version: Number(meta.versionId),
    changed: meta.lastUpdated,
  };
}
