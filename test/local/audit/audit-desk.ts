/** A journal with one story in it, and a desk at which the audit commands can be given. */
import { readFileSync } from 'node:fs';
import { type Desk, NOT_VERIFIED } from '../../../local/audit/desk.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { readPolicy } from '../../../shared/adapters/policy-file.ts';
import { journalPolicies, loadPolicy } from '../../../shared/application/policies.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { commitText } from '../../../shared/domain/audit/chain.ts';
import type { EventOf } from '../../../shared/domain/records.ts';
import { absent, type Journal, put } from '../../../shared/ports.ts';
import { HISTORIES, holding, later } from '../../support/samples.ts';

/** A day after everything that happened. */
export const NOW = later(86_400);
export const WORDS = 'INC-123 rollback of Ana\u202e';

export type AuditDesk = Desk & { printed: string[]; complained: string[]; written: string[] };

export async function auditDesk(journal: Journal = memoryJournal('acme')): Promise<AuditDesk> {
  const [printed, complained, written]: string[][] = [[], [], []];
  let ids = 0;
  const clock = { now: () => NOW };
  const policies = journalPolicies({ journal });
  const bytes = readFileSync('access.yaml');
  await loadPolicy(
    {
      journal,
      readPolicy,
      clock: { now: () => later(-3600) },
      telemetry: { info() {}, error() {}, alarm() {}, measure() {}, within: (_, run) => run() },
      source: { load: async () => ({ bytes, fileName: 'access.yaml' }) },
    },
    { kind: 'operator' },
  );
  return {
    journal,
    policies,
    clock,
    ids: {
      requestId: () => 'AR-000000',
      unique: () => {
        ids += 1;
        return String(ids).padStart(32, '0');
      },
      token: () => 'token',
      secret: (bytes) => new Uint8Array(bytes),
    },
    env: {},
    verify: async () => ({
      ...NOT_VERIFIED,
      outcome: 'intact',
      lines: ['12 rows in 3 checkpoints'],
    }),
    print: (line) => printed?.push(line),
    complain: (line) => complained?.push(line),
    write: async (chunk) => {
      written?.push(chunk);
    },
    printed: printed ?? [],
    complained: complained ?? [],
    written: written ?? [],
  };
}

/** Commits each event when it happened. */
export async function told(
  journal: Journal,
  requestId: string,
  events: readonly AccessRequestEvent[],
): Promise<void> {
  const own = events.map((event) => ({ ...event, requestId }));
  for (const [index, event] of own.entries()) {
    const base = await journal.read('request', requestId);
    const next = replay(own.slice(0, index + 1));
    await journal.commit([put(base, next, [event])], new Date(event.at));
  }
}

/** A request that was asked, approved, granted and ended, its words, what its holding saw, and a refused attempt. */
export async function storyIn(journal: Journal): Promise<void> {
  await told(journal, 'AR-7K2M9Q', HISTORIES.ended);
  const salt = 'salt';
  const text = { text: WORDS, salt, commitment: commitText(WORDS, salt) };
  await journal.commit([put(absent('text', 'AR-7K2M9Q#justification'), text)], later(1));
  const { holdingId } = holding();
  const pinned: EventOf<'holding'> = {
    type: 'AccountPinned',
    v: 1,
    at: later(80).toISOString(),
    actor: { kind: 'ensure' },
    holdingId,
    accountId: '4711',
  };
  const idle = holding({ grants: [] });
  await journal.commit([put(absent('holding', holdingId), idle, [pinned])], later(80));
  const refused: EventOf<'refusals'> = {
    type: 'CommandRefused',
    v: 1,
    at: later(100).toISOString(),
    actor: { kind: 'person', id: 'U0CY' },
    command: 'ApproveRequest',
    requestId: 'AR-7K2M9Q',
    code: 'not-an-approver',
  };
  const day = later(0).toISOString().slice(0, 10);
  await journal.commit([put(absent('refusals', `${day}#0`), { day }, [refused])], later(100));
}
