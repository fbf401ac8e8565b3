/**
 * A7: whatever a verifier compares agrees after every commit: what each holding says is what its own events and those of its
 * requests lead to. A verifier that cries wolf would soon not be heard.
 */
import { type Claim, claimsIn, openFold } from '../../../shared/domain/audit/claims.ts';
import type { Change } from '../changes.ts';
import type { Invariant, Watch } from './watch.ts';

export function records(watch: Watch): Invariant {
  const folds = new Map<string, ReturnType<typeof openFold>>();
  const foldOf = (chain: string) => {
    const fold = folds.get(chain) ?? openFold(chain);
    folds.set(chain, fold);
    return fold;
  };
  return {
    committed(_process, changes) {
      for (const { kind, id, request, holding } of changes)
        for (const event of [...request, ...holding]) foldOf(`${kind}#${id}`).add(event);
      for (const holdingId of holdingsOf(watch, changes)) check(watch, holdingId, foldOf);
    },
  };
}

function holdingsOf(watch: Watch, changes: readonly Change[]): Set<string> {
  const ids = changes.map(({ kind, id }) => {
    if (kind !== 'request') return kind === 'holding' ? id : '';
    const { value } = watch.store.peek('request', id);
    return value && value.status !== 'new' ? value.holdingId : '';
  });
  return new Set(ids);
}

function check(watch: Watch, id: string, foldOf: (chain: string) => ReturnType<typeof openFold>) {
  const chain = `holding#${id}`;
  const { value, head } = watch.store.peek('holding', id);
  if (!value) return;
  const stated = claimsIn({ chain, ...head, value });
  for (const claim of stated) {
    const seq = claim.chain === chain ? head.seq : 1;
    const owns = foldOf(claim.chain).claims({ chain: claim.chain, seq });
    if (!owns.some((own) => isSame(own, claim)))
      watch.violate('A7', `${chain} says of ${claim.chain} what its events do not`);
  }
  if (head.seq > 0 && !stated.some((claim) => claim.chain === chain))
    watch.violate('A7', `${chain} says nothing of itself`);
}

const isSame = (a: Claim, b: Claim): boolean =>
  a.record === b.record &&
  a.seq === b.seq &&
  (a.text === b.text || (a.loose !== undefined && a.loose === b.loose));
