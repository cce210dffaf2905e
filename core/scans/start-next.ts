import type { TenantId } from '../../schemas/ids.ts';
import { isSettled, type Upload } from './upload.ts';
import type { UploadLine } from './upload-line.ts';
import type { UploadRows } from './upload-rows.ts';

export interface LineDeps {
  readonly uploads: Pick<UploadRows, 'find'>;
  readonly line: Pick<UploadLine, 'drop' | 'next' | 'watchOn'>;
  /** Tells that an upload is to be taken in. */
  readonly tellAgain: (tenant: TenantId, upload: Upload) => Promise<void>;
}

/** Rounds of one call, of which each finds only what was put away while it stood in line. The rest is the watch's. */
const MOST_ROUNDS = 20;

/** Tells the first in line to begin, as many as there are places for. Told twice they begin once. */
export async function startNext({ uploads, line, tellAgain }: LineDeps, tenant: TenantId): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const first = await line.next({ tenant });
    const found = await Promise.all(first.map((id) => uploads.find({ tenant }, id)));
    const over = first.filter((_, at) => {
      const upload = found[at];
      return !upload || isSettled(upload) || upload.state === 'refused';
    });
    if (over.length === 0) return void (await Promise.all(found.map((upload) => upload && tellAgain(tenant, upload))));
    await Promise.all(over.map((id) => line.drop({ tenant }, id)));
  }
}

/** Every few minutes while a line stands: goes on where whoever had to has died. */
export async function watchLine(deps: LineDeps, tenant: TenantId): Promise<void> {
  // First: a line that could not be helped this time is looked at again.
  await deps.line.watchOn({ tenant });
  await startNext(deps, tenant);
}
