/** All invariants as one: whatever happens is shown to each. */

import type { SlackState } from '../sim-slack.ts';
import { accessHeld, type Held } from './access-held.ts';
import { atRest } from './at-rest.ts';
import { cards, type Told } from './cards.ts';
import { codes } from './codes.ts';
import { decisions } from './decisions.ts';
import { life } from './life.ts';
import { providerWrites } from './provider-writes.ts';
import { records } from './records.ts';
import { stops } from './stops.ts';
import { strangers } from './strangers.ts';
import type { Invariant, Watch } from './watch.ts';

export function allInvariants(
  watch: Watch,
  held: Held,
  announcing: { slack: SlackState; told: Told } | null,
): Required<Invariant> {
  const all: Invariant[] = [
    providerWrites(watch),
    decisions(watch),
    accessHeld(watch, held),
    codes(watch),
    life(watch),
    stops(watch),
    strangers(watch),
    records(watch),
    atRest(watch),
    ...(announcing ? [cards(watch, announcing.slack, announcing.told)] : []),
  ];
  return {
    committed(process, changes) {
      for (const each of all) each.committed?.(process, changes);
    },
    issued(write) {
      for (const each of all) each.issued?.(write);
    },
    landed(write) {
      for (const each of all) each.landed?.(write);
    },
    verified(process, owner, matched) {
      for (const each of all) each.verified?.(process, owner, matched);
    },
    step() {
      for (const each of all) each.step?.();
    },
    async atRest() {
      for (const each of all) await each.atRest?.();
    },
  };
}
