/** L1, L2: once the faults are over everything comes to rest by itself, and the provider agrees with the books. */
import { TIMING } from '../../../shared/domain/holding/timing.ts';
import { type Invariant, placeOfHolding, rank, type Watch } from './watch.ts';

/** The next sweep comes within this, and is through. */
const SWEPT_MS = (TIMING.sweepSeconds + TIMING.runSeconds) * 1000;

export function atRest(watch: Watch): Invariant {
  return {
    atRest() {
      for (const id of watch.store.idsOf('request')) {
        const { value } = watch.store.peek('request', id);
        // A late ask still has its time, and the sweep after it; nobody has to answer it.
        const mayWait =
          value?.status === 'pending' && Date.parse(value.lapsesAt) + SWEPT_MS > watch.time.nowMs();
        if (mayWait) continue;
        if (value && ['pending', 'activating', 'active', 'removing'].includes(value.status))
          watch.violate('L1', `${id} is still ${value.status}`);
      }
      for (const id of watch.store.idsOf('holding')) {
        const holding = watch.store.peek('holding', id).value;
        if (!holding) continue;
        const { place } = placeOfHolding(holding);
        const [actual, standing] = [watch.provider.roles, watch.standing].map(
          (roles) => roles.get(place) ?? null,
        );
        if (rank(actual ?? null) !== rank(standing ?? null))
          watch.violate('L1', `${place} is ${actual} and should be ${standing}`);
        if (holding.intents.length > 0) watch.violate('L1', `${place} has open intents`);
        if (holding.lease) watch.violate('L1', `${place} is still leased`);
        if (holding.dueAt) watch.violate('L1', `${place} is still due at ${holding.dueAt}`);
        if (holding.baseline) watch.violate('L1', `${place} still keeps its baseline`);
      }
    },
  };
}
