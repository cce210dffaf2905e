import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FhirResource } from 'fhir/r4';
import { errorLine, tellDone, tellRefused } from '../../components/notices.tsx';
import { useSay } from '../../i18n/index.ts';
import { isKept, type Kept } from '../../lib/api.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { useTenant } from '../../lib/tenant.tsx';

/** One press of "Save". `undo` makes, of what was written, the record as it should stand again. */
export interface Saving<R extends FhirResource> {
  readonly resource: R | Kept<R>;
  /** Records that must change with it, all or none, and as they stand before. */
  readonly beside?: readonly { readonly before: Kept<R>; readonly after: Kept<R> }[];
  /** "Allergy recorded": said with "just now". */
  readonly done: string;
  readonly undo: (written: Kept<R>) => Kept<R>;
}

interface Written<R extends FhirResource> {
  readonly made: Kept<R>;
  readonly others: readonly Kept<R>[];
}

/**
 * Writes a record and makes every screen of the chart true again before it says so. The attempt's key stays the same while the same
 * content is sent again, so that a repeat after a lost answer writes nothing twice.
 */
export function useSave<R extends FhirResource>(patient: string) {
  const say = useSay();
  const { api } = useTenant();
  const queries = useQueryClient();
  const attempt = useAttempt();
  const refresh = () => queries.invalidateQueries({ queryKey: chartKeys.all(api, patient) });

  const undo = async ({ made, others }: Written<R>, { undo: undone, beside = [] }: Saving<R>) => {
    const restored = others.flatMap((other) => {
      const before = beside.find((each) => each.before.id === other.id)?.before;
      return before ? [{ ...before, meta: other.meta }] : [];
    });
    try {
      if (restored.length === 0) await api.update(undone(made), crypto.randomUUID());
      else await api.transact<R>([undone(made), ...restored], crypto.randomUUID());
      tellDone(say, say.t('save.undone'));
    } catch (error) {
      tellRefused(say, errorLine(say, error as Error), say.t('save.undoFailed'));
    }
    await refresh();
  };

  return useMutation({
    mutationFn: async ({ resource, beside = [] }: Saving<R>): Promise<Written<R>> => {
      const together = [resource, ...beside.map((each) => each.after)];
      const key = attempt(together);
      if (together.length > 1) {
        const [made, ...others] = await api.transact<R>(together, key);
        if (!made) throw new Error('The transaction was answered without its records.');
        return { made, others };
      }
      return { made: await (isKept(resource) ? api.update(resource, key) : api.create(resource, key)), others: [] };
    },
    onSuccess: async (written, saving) => {
      await refresh();
      tellDone(say, say.t('save.justNow', { what: saving.done }), () => void undo(written, saving));
    },
    // A refusal may also mean that what we show is out of date.
    onError: () => void refresh(),
  });
}
