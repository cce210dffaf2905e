import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Log } from '../../core/http/log.ts';
import { errorLines } from '../../core/http/log.ts';
import type { TenantNames } from '../../core/http/tenant-scope.ts';

export interface StatusDeps {
  readonly directory: TenantNames;
  readonly version: string;
  readonly log: Log;
}
/** A reserved word: no tenant has this slug, so the directory is really asked each time. */
export const NOBODY = 'status';

/** GET /api/platform/status: whether the service answers, and its database behind it. 503 when it does not. */
export const status = ({ directory, version, log }: StatusDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/status',
    access: { kind: 'public', why: 'A status page that needs a sign-in is down when sign-in is. It says nothing of any tenant.' },
    summary: 'Whether the service and its database answer.',
    media: 'application/json',
    async run() {
      const records = await directory.findTenant(NOBODY).then(
        () => 'ok' as const,
        (error: unknown) => {
          log({ level: 'error', event: 'status-check-failed', ...errorLines(error) });
          return 'failing' as const;
        },
      );
      return reply(records === 'ok' ? 200 : 503, { status: records === 'ok' ? 'ok' : 'degraded', version, checks: { records } });
    },
  });
