/**
 * Members whom no grant explains. D1: nobody is taken out whom not two looks have seen, a fair time apart; D2: never many at once;
 * D3: no mark on anything of ours; D4: no machine (and nobody where the bot does not own the container: S3); D5: in the end whoever was there for long is out;
 * D6: "taken out" is said of who is gone; D7: where they may stay they are on record, and somebody was woken; D8: a word that was taken back is
 * obeyed by every run that begins after it.
 */
import { MACHINE, PROVIDER, RELEASE } from '../cast.ts';
import type { Change } from '../changes.ts';
import { placeOf } from '../sim-provider.ts';
import { START_MS } from '../virtual-time.ts';
import { type Invariant, isExclusive, type Watch } from './watch.ts';

type Told = Change['container'][number];
const APART_MS = 600_000;
const MOST_AT_ONCE = 5;
/** A look and its marks are one run. */
const RUN_MS = 60_000;
const KEPT: ReadonlySet<string> = new Set(['refused', 'machine']);
/** Who came before this has been looked at often enough by the end. */
const LONG_AGO_MS = START_MS + 55 * 60_000;

export function strangers(watch: Watch): Invariant {
  const marks: number[] = [];
  const forgotten = new Map<string, number>();
  const kept = new Set<string>();
  const happened = (event: Told) => {
    const { type, accountId } = { accountId: '', ...event };
    const { nowMs } = watch.time;
    if (event.type === 'StrangerMarked') {
      onNothingOfOurs(watch, event.holdingId);
      marks.push(nowMs());
      marked(watch, { accountId, marks, sinceMs: forgotten.get(accountId) ?? 0 });
    }
    if (type === 'StrangerRemoved') removed(watch, event);
    if (type === 'StrangerRemoved' || type === 'StrangerGone') {
      forgotten.set(accountId, nowMs() - RUN_MS);
      kept.delete(accountId);
    }
    if (event.type === 'StrangerKept' && KEPT.has(event.why)) kept.add(accountId);
  };
  return {
    committed(_process, changes) {
      for (const { kind, container } of changes) {
        if (kind === 'policy') changedPolicy(watch);
        for (const event of container) happened(event);
      }
    },
    issued({ login, resource, role }) {
      if (login === MACHINE) watch.violate('D4', `${login} is a machine and was taken out`);
      const { openSinceMs: sinceMs, strangers: known, time } = watch;
      const isOpen = sinceMs !== null && time.nowMs() - sinceMs > RUN_MS + 1000;
      const isTheirs = known.has(placeOf(resource, login)) && resource === RELEASE;
      if (role === null && isOpen && isTheirs)
        watch.violate('D8', `${login} is taken out long after the word was taken back`);
    },
    landed({ resource, login, role }) {
      if (role !== null || !isExclusive(watch, resource)) return;
      const place = placeOf(resource, login);
      watch.strangers.delete(place);
      watch.standing.set(place, null);
    },
    atRest: () => inTheEnd(watch, kept),
  };
}

function changedPolicy(watch: Watch): void {
  const isOpen = watch.store.peek('policy', 'active').value?.hash === watch.openHash;
  watch.openSinceMs = isOpen ? (watch.openSinceMs ?? watch.time.nowMs()) : null;
}

function marked(
  watch: Watch,
  { accountId, marks, sinceMs }: { accountId: string; marks: readonly number[]; sinceMs: number },
): void {
  const nowMs = watch.time.nowMs();
  const saw = watch.looks.filter(
    ({ resource, accounts, atMs }) =>
      resource === RELEASE && accounts.has(accountId) && atMs >= sinceMs,
  );
  if (!saw.some(({ atMs }) => atMs <= nowMs - APART_MS))
    watch.violate('D1', `${accountId} is marked, and no look saw them ten minutes before`);
  if (!saw.some(({ atMs }) => atMs >= nowMs - 2 * RUN_MS))
    watch.violate('D1', `${accountId} is marked, and no look sees them now`);
  const lately = marks.filter((at) => at > nowMs - APART_MS + RUN_MS);
  if (lately.length > MOST_AT_ONCE) watch.violate('D2', `${lately.length} are taken out at once`);
}

/** The mark and what it stands on are one transaction. */
function onNothingOfOurs(watch: Watch, holdingId: string): void {
  const { value } = watch.store.peek('holding', holdingId);
  if (value && (value.grants.length > 0 || value.ours !== null || value.intents.length > 0))
    watch.violate('D3', `${holdingId} has something of ours and is marked`);
}

function removed(watch: Watch, event: Told): void {
  if (event.type !== 'StrangerRemoved') return;
  const login = event.accountId.slice('id-'.length);
  const there = watch.strangers.get(placeOf(RELEASE, login));
  const cameBefore = there && there.sinceMs < Date.parse(event.readBackAt);
  if (cameBefore && watch.provider.roles.get(placeOf(RELEASE, login)))
    watch.violate('D6', `${event.accountId} is reported as taken out and is there`);
}

function inTheEnd(watch: Watch, kept: ReadonlySet<string>): void {
  for (const [place, { resource, login, sinceMs }] of watch.strangers) {
    if (sinceMs > LONG_AGO_MS || !watch.provider.roles.get(place)) continue;
    const account = `id-${login}`;
    if (isExclusive(watch, resource)) {
      if (!kept.has(account) && login !== MACHINE)
        watch.violate('D5', `${place} is a stranger's and still is in the end`);
      continue;
    }
    const container = `${PROVIDER}:team:${resource}`;
    const { value } = watch.store.peek('container', container);
    const woken = watch.alarms.some(
      ({ name, holdingId, atMs }) =>
        name === 'drift-found' && holdingId === container && atMs >= sinceMs,
    );
    const isKnown = value?.known.includes(account) ?? false;
    if (!value?.strangers.includes(account) || !(woken || isKnown))
      watch.violate('D7', `${place} is a stranger's and nobody was told`);
  }
  for (const id of watch.store.idsOf('holding'))
    if (watch.store.peek('holding', id).value?.stray)
      watch.violate('L1', `${id} still carries a mark`);
}
