import { Button, Menu, Select } from '@mantine/core';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import {
  INBOX_LISTS,
  type InboxCounts,
  type InboxItem,
  type InboxList,
  isGroup,
  KIND_CHOICES,
  KIND_GROUPS,
  type KindChoice,
  type KindGroup,
  kindsIn,
  type RowKind,
  type TaskChange,
} from '../../../schemas/task-requests.ts';
import { isOpen, seesAllTasks } from '../../../schemas/tasks.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { countText, type InboxView, useInbox } from '../../lib/tasks.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './inbox.module.css';
import { SNOOZES, snoozeUntil } from './snooze-times.ts';
import { CancelDialog, HandOverDialog } from './TaskDialogs.tsx';
import { TaskRow } from './TaskRow.tsx';
import { titleOf } from './task-words.ts';
import { useTaskDeeds } from './use-task-deeds.tsx';

/** The view that the address names. */
function viewOf(query: URLSearchParams): InboxView {
  const list = INBOX_LISTS.find((each) => each === query.get('list')) ?? 'todo';
  const kind = KIND_CHOICES.find((each) => each === query.get('kind'));
  const filter = (['overdue', 'unowned'] as const).find((each) => each === query.get('filter'));
  return { list, ...(kind && { kind }), ...(filter && { filter }) };
}

/** Everything that waits, in one place: one line is one decision. */
export function InboxPage() {
  const { t } = useSay();
  const [query] = useSearchParams();
  const view = viewOf(query);
  usePageTitle(t('inbox.title'));
  // Another list begins anew: nothing that was marked in one is done in another.
  return <InboxOf key={`${view.list} ${view.kind} ${view.filter}`} view={view} />;
}

type Asking = { readonly what: 'hand-over' | 'cancel'; readonly items: readonly InboxItem[] };

function InboxOf({ view }: { view: InboxView }) {
  const say = useSay();
  const { t, locale } = say;
  const [afters, setAfters] = useState<readonly string[]>([]);
  const { first, items, next } = useInbox(view, afters);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [focusedId, setFocusedId] = useState<string>();
  const [asking, setAsking] = useState<Asking>();
  const deeds = useTaskDeeds();
  const list = useRef<HTMLUListElement>(null);
  const focused = items.find(({ task }) => task.id === focusedId) ?? items[0];
  // What has gone from the list is not marked any more.
  const chosen = items.filter(({ task }) => marked.has(task.id ?? ''));

  const run = (some: readonly InboxItem[], change: TaskChange, onDone?: (refused: ReadonlySet<string>) => void) =>
    deeds.run(
      some.map(({ task }) => task),
      change,
      (refused) => {
        setMarked(new Set());
        onDone?.(refused);
      },
    );
  /** What was typed stays until all is done: of what was refused, the version that stands now is tried next. */
  const answer = ({ what, items: asked }: Asking, change: TaskChange) =>
    run(
      asked.map((one) => items.find(({ task }) => task.id === one.task.id) ?? one),
      change,
      (refused) => {
        const left = asked.filter(({ task }) => refused.has(task.id ?? ''));
        setAsking(left.length > 0 ? { what, items: left } : undefined);
      },
    );
  const mark = (id: string, on: boolean) => {
    const now = new Set(marked);
    if (on) now.add(id);
    else now.delete(id);
    setMarked(now);
  };
  const go = (step: number) => {
    const at = items.findIndex(({ task }) => task.id === focused?.task.id);
    const to = items[focusedId === undefined ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
    if (!to) return;
    setFocusedId(to.task.id);
    const row = list.current?.querySelector<HTMLElement>(`[data-task="${to.task.id}"]`);
    row?.querySelector<HTMLInputElement>('input[type="checkbox"]')?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const some = chosen.length > 0 ? chosen : focused ? [focused] : [];
  useShortcuts({
    next: () => go(1),
    previous: () => go(-1),
    ...(focused && { mark: () => mark(focused.task.id ?? '', !marked.has(focused.task.id ?? '')) }),
    ...(focused &&
      isOpen(focused.task) && {
        take: () => run(some, { do: 'take' }),
        handOver: () => setAsking({ what: 'hand-over', items: some }),
        snooze: () => run(some, { do: 'snooze', until: snoozeUntil('tomorrow', Date.now(), locale.timeZone) }),
      }),
  });

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('inbox.title')}</h1>
      <Lists view={view} counts={first.data?.counts} />
      <Filters view={view} kinds={first.data?.kinds ?? []} />
      {first.isPending && <LoadingLines lines={6} height={44} label={t('common.loading', { what: t('inbox.title') })} />}
      {first.isLoadingError && <ErrorState error={first.error} onRetry={() => void first.refetch()} />}
      {first.data && (
        <p className={classes.count} role="status" data-count={first.data.shown.count}>
          {first.data.shown.more
            ? t('places.moreThan', { count: first.data.shown.count })
            : t('inbox.count', { count: first.data.shown.count })}
        </p>
      )}
      {first.data && items.length === 0 && <Nothing view={view} />}
      {chosen.length > 0 && (
        <Bulk
          count={chosen.length}
          onUnmark={() => setMarked(new Set())}
          onChange={(change) => run(chosen, change)}
          onHandOver={() => setAsking({ what: 'hand-over', items: chosen })}
        />
      )}
      {items.length > 0 && (
        <ul className={classes.list} ref={list}>
          {items.map((item) => (
            <TaskRow
              key={item.task.id}
              item={item}
              focused={item.task.id === focused?.task.id}
              marked={marked.has(item.task.id ?? '')}
              onMark={(on) => mark(item.task.id ?? '', on)}
              onFocus={() => setFocusedId(item.task.id)}
              change={(change) => run([item], change)}
              handOver={() => setAsking({ what: 'hand-over', items: [item] })}
              cancel={() => setAsking({ what: 'cancel', items: [item] })}
            />
          ))}
        </ul>
      )}
      {next && (
        <Button variant="default" mt="md" onClick={() => setAfters([...afters, next])}>
          {t('inbox.showMore')}
        </Button>
      )}
      {asking && (
        <Ask
          asking={asking}
          title={
            asking.items[0] && asking.items.length === 1
              ? titleOf(asking.items[0].task, say)
              : t('inbox.count', { count: asking.items.length })
          }
          onClose={() => setAsking(undefined)}
          pending={deeds.pending}
          onChange={(change) => answer(asking, change)}
        />
      )}
    </div>
  );
}

function Ask({
  asking,
  ...props
}: {
  asking: Asking;
  title: string;
  pending: boolean;
  onClose: () => void;
  onChange: (change: TaskChange) => void;
}) {
  return asking.what === 'hand-over' ? <HandOverDialog {...props} /> : <CancelDialog {...props} />;
}

function Lists({ view, counts }: { view: InboxView; counts: InboxCounts | undefined }) {
  const { t } = useSay();
  const { slug, roles } = useTenant();
  const shown = INBOX_LISTS.filter((list) => list !== 'all' || seesAllTasks(roles));
  return (
    <nav className={classes.lists} aria-label={t('inbox.listsLabel')}>
      {shown.map((list: InboxList) => {
        const count = list === 'done' ? undefined : counts?.[list];
        return (
          <Link
            key={list}
            to={addresses.inbox(slug, list === 'todo' ? {} : { list })}
            className={classes.listLink}
            aria-current={view.list === list ? 'page' : undefined}
            data-list={list}
          >
            {t(`inbox.lists.${list}`)}
            {count && (
              <span className={classes.listCount} data-overdue={count.overdue > 0 || undefined}>
                {countText(count, t)}
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

function Filters({ view, kinds }: { view: InboxView; kinds: readonly { readonly kind: RowKind; readonly count: number }[] }) {
  const { t } = useSay();
  const [, setQuery] = useSearchParams();
  const put = (name: 'kind' | 'filter', value: string | null) =>
    setQuery((query) => {
      const now = new URLSearchParams(query);
      if (value === null) now.delete(name);
      else now.set(name, value);
      return now;
    });
  const countOf = (choice: KindChoice): number =>
    kinds.filter(({ kind }) => kindsIn(choice).includes(kind)).reduce((sum, { count }) => sum + count, 0);
  const nameOf = (choice: KindChoice): string => (isGroup(choice) ? t(`task.groups.${choice}`) : t(`task.kinds.${choice}`));
  const groups = (Object.keys(KIND_GROUPS) as KindGroup[]).filter((group) => countOf(group) > 0);
  const offered = [...new Set<KindChoice>([...groups, ...kinds.map(({ kind }) => kind), ...(view.kind ? [view.kind] : [])])];
  return (
    <div className={classes.filters}>
      <Select
        size="xs"
        aria-label={t('inbox.kindsLabel')}
        placeholder={t('inbox.allKinds')}
        clearable
        value={view.kind ?? null}
        onChange={(value) => put('kind', value)}
        data={offered.map((kind) => ({ value: kind as string, label: `${nameOf(kind)} (${countOf(kind)})` }))}
      />
      {view.list !== 'done' &&
        (['overdue', 'unowned'] as const).map((filter) => (
          <Button
            key={filter}
            size="xs"
            variant={view.filter === filter ? 'filled' : 'default'}
            aria-pressed={view.filter === filter}
            onClick={() => put('filter', view.filter === filter ? null : filter)}
          >
            {t(filter === 'overdue' ? 'inbox.overdueOnly' : 'inbox.unownedOnly')}
          </Button>
        ))}
    </div>
  );
}

function Nothing({ view }: { view: InboxView }) {
  const { t } = useSay();
  const { slug } = useTenant();
  if (!view.kind && !view.filter) return <EmptyState title={t(`inbox.empty.${view.list}`)} />;
  return (
    <EmptyState title={t('inbox.nothingMatches')}>
      <Button component={Link} to={addresses.inbox(slug, { list: view.list })} variant="default" size="xs">
        {t('inbox.clearFilter')}
      </Button>
    </EmptyState>
  );
}

interface BulkProps {
  readonly count: number;
  readonly onUnmark: () => void;
  readonly onChange: (change: TaskChange) => void;
  readonly onHandOver: () => void;
}

/** What can be done to all that are marked. */
function Bulk({ count, onUnmark, onChange, onHandOver }: BulkProps) {
  const { t, locale } = useSay();
  return (
    <div className={classes.bulk} role="toolbar" aria-label={t('task.marked', { count })}>
      <strong>{t('task.marked', { count })}</strong>
      <Button size="xs" onClick={() => onChange({ do: 'complete' })}>
        {t('task.complete.other')}
      </Button>
      <Button size="xs" variant="default" onClick={() => onChange({ do: 'take' })}>
        {t('task.take')}
      </Button>
      <Button size="xs" variant="default" onClick={onHandOver}>
        {t('task.handOver')}
      </Button>
      <Menu width={220}>
        <Menu.Target>
          <Button size="xs" variant="default">
            {t('task.snooze')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {SNOOZES.map((preset) => (
            <Menu.Item
              key={preset}
              onClick={() => onChange({ do: 'snooze', until: snoozeUntil(preset, Date.now(), locale.timeZone) })}
            >
              {t(`task.snoozeFor.${preset}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button size="xs" variant="subtle" onClick={onUnmark}>
        {t('task.unmark')}
      </Button>
    </div>
  );
}
