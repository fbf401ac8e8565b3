/**
 * An attacker who leaves every event alone and changes which policy is in force, what is paused, or what was stopped. Every field of
 * these records; each attack has to be named.
 */
import type { Json } from '../../../shared/domain/audit/canonical-json.ts';
import { pressed } from '../../../shared/domain/stop/decide.ts';
import { NOTHING_STOPPED } from '../../../shared/domain/stop/model.ts';
import {
  auditLog,
  copyOf,
  instant,
  openKeys,
  POLICY_HASH,
  verified,
} from '../../support/audit-fixture.ts';
import { setValue } from '../../support/recorded-log.ts';

const keys = openKeys();
const about = (minute: number, id = 'U0ADA') => ({
  ...{ v: 1, at: instant(minute) },
  actor: { kind: 'person', id },
});
const changed = (minute: number) => ({
  ...{ type: 'PolicyChanged', ...about(minute), hash: POLICY_HASH, previousHash: null },
});
const scheduled = (minute: number) => ({
  ...{ type: 'PolicyScheduled', ...about(minute), hash: POLICY_HASH },
  ...{ previousHash: POLICY_HASH, effectiveAt: instant(99), rights: null },
});
const unscheduled = (minute: number) => ({
  ...{ type: 'PolicyUnscheduled', ...about(minute), hash: POLICY_HASH },
});
const paused = (minute: number, type = 'GrantsPaused') => ({
  type,
  ...about(minute),
  scope: 'all',
});
const proposed = (minute: number, what: 'stop' | 'lift') => ({
  ...{ type: 'StopProposed', ...about(minute), what, until: instant(minute + 10), factor: null },
});
const confirmed = (minute: number, type: string) => ({
  ...{ type, ...about(minute, 'U0BEA'), scope: 'all', proposedBy: 'U0ADA', factor: null },
});

/** As the domain itself makes the record of the button. */
const press = (
  stop: typeof NOTHING_STOPPED,
  minute: number,
  what: 'stop' | 'lift',
  proposedBy: string | null,
) =>
  pressed(
    stop,
    { what, proposedBy, step: proposedBy ? 'confirm' : 'propose', contentHash: '' },
    { person: proposedBy ? 'U0BEA' : 'U0ADA', now: new Date(instant(minute)) },
  );
const once = press(NOTHING_STOPPED, 1, 'stop', null);
const stopped = press(once, 2, 'stop', 'U0ADA');
const lifting = press(stopped, 3, 'lift', null);

type Case = readonly [
  name: string,
  chain: string,
  events: readonly ({ readonly at: string } & Record<string, Json>)[],
  value: object,
];
const inForce = { hash: POLICY_HASH, activatedAt: instant(1) };
const pending = { hash: POLICY_HASH, effectiveAt: instant(99) };
const CASES: readonly Case[] = [
  ['a policy', 'policy#active', [changed(1)], inForce],
  ['one that waits', 'policy#active', [changed(1), scheduled(2)], { ...inForce, pending }],
  ['one that was taken back', 'policy#active', [changed(1), scheduled(2), unscheduled(3)], inForce],
  ['one that came into force', 'policy#active', [changed(0), scheduled(0), changed(1)], inForce],
  ['a pause', 'pause#all', [paused(1)], { paused: true, by: about(1).actor, at: instant(1) }],
  [
    'its end',
    'pause#all',
    [paused(1), paused(2, 'GrantsResumed')],
    { paused: false, by: about(2).actor, at: instant(2) },
  ],
  ['a proposal to stop', 'stop#all', [proposed(1, 'stop')], once],
  ['a stop', 'stop#all', [proposed(1, 'stop'), confirmed(2, 'EverythingStopped')], stopped],
  [
    'a proposal to go on',
    'stop#all',
    [proposed(1, 'stop'), confirmed(2, 'EverythingStopped'), proposed(3, 'lift')],
    lifting,
  ],
  [
    'what goes on',
    'stop#all',
    [
      proposed(1, 'stop'),
      confirmed(2, 'EverythingStopped'),
      proposed(3, 'lift'),
      confirmed(4, 'StopLifted'),
    ],
    press(lifting, 4, 'lift', 'U0ADA'),
  ],
];

function logOf([, chain, events, value]: Case) {
  const story = events.map((event) => {
    const minute = (Date.parse(event.at) - Date.parse(instant(0))) / 60_000;
    return { minute, event: { ...event } };
  });
  const log = auditLog(keys, new Map([[chain, story]]));
  setValue(log, chain, value);
  return log;
}

/** Every way to change one field of a record, or to leave it out. */
function* changes(value: object): Iterable<object> {
  for (const [name, part] of Object.entries(value)) {
    if (name === 'clearedAt') continue;
    const { [name]: _, ...without }: Record<string, Json> = { ...value };
    yield without;
    yield { ...value, [name]: typeof part === 'boolean' ? !part : 'other' };
    if (part === null) yield { ...value, [name]: { since: instant(0) } };
    else yield { ...value, [name]: null };
    if (typeof part === 'object' && part !== null)
      for (const inner of changes(part)) yield { ...value, [name]: inner };
  }
  yield { ...value, more: 1 };
}

let [tried, detected] = [0, 0];
afterAll(() => {
  process.stdout.write(
    `\nSwitches changed, events left alone: detected / tried ${detected} / ${tried}\n`,
  );
});

test.each(CASES)('the record of %s is what its events say, or it is named', async (...one) => {
  const [, chain, , value] = one;
  const clean = logOf(one);
  expect((await verified(clean, keys)).findings).toEqual([]);
  const missed: unknown[] = [];
  for (const other of [...changes(value), null, 'text', []]) {
    const log = copyOf(clean);
    setValue(log, chain, other);
    const { findings } = await verified(log, keys);
    tried += 1;
    if (findings.some(({ where }) => where === `record of ${chain}`)) detected += 1;
    else missed.push(other);
  }
  expect(missed).toEqual([]);
});
