import type { Scope } from '../../core/scope.ts';
import type { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import type { SettingName } from '../../schemas/settings/index.ts';

/** What was read is believed for a while; concurrent callers share one read. A failure is not kept. */
export function believed<K, V>(read: (key: K) => Promise<V>, forMs: number, nowMs: () => number): (key: K) => Promise<V> {
  const kept = new Map<K, { value: Promise<V>; untilMs: number }>();
  return (key) => {
    const known = kept.get(key);
    if (known && nowMs() < known.untilMs) return known.value;
    const value = read(key);
    kept.set(key, { value, untilMs: nowMs() + forMs });
    value.catch(() => kept.delete(key));
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as K);
    return value;
  };
}
const MOST_KEPT = 200;

/** How long a clinic's settings are believed: ms. */
const SETTINGS_MS = 10_000;

/** The settings of each clinic, read anew every few seconds. */
export function believedSettings(settings: Pick<ClinicSettings, 'read'>, nowMs: () => number): ClinicSettings['read'] {
  const scopes = new Map<string, Scope>();
  const read = believed(
    (key: string) => {
      const [tenant = '', name = ''] = key.split(' ');
      return settings.read(scopes.get(tenant) as Scope, name as SettingName);
    },
    SETTINGS_MS,
    nowMs,
  );
  return (scope, name) => {
    scopes.set(scope.tenant, scope);
    return read(`${scope.tenant} ${name}`) as never;
  };
}
