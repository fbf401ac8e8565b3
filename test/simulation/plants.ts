/**
 * Defects to plant: one rule of the protocol broken per plant, as an edit of the product's source that exists in memory
 * only. `by` names the invariants that may catch it first.
 */
import { CARD_PLANTS } from './plants-cards.ts';
import { LIFE_PLANTS } from './plants-life.ts';
import { STRANGER_PLANTS } from './plants-strangers.ts';

export type Edit = { readonly file: string; readonly find: string; readonly replace: string };
export type Plant = {
  readonly name: string;
  readonly by: readonly string[];
  readonly edits: readonly Edit[];
};

const edit = (file: string, find: string, replace: string): Edit => ({
  file: `shared/${file}`,
  find,
  replace,
});

const PROTOCOL_PLANTS: readonly Plant[] = [
  {
    name: 'grant-before-intent',
    by: ['S4'],
    edits: [
      edit(
        'application/ensure-steps.ts',
        'if (!(await save(run, { checks }))) return refreshFacts(run);',
        `await run.provider.setRole(run.holding.container, run.account, step.role, step.until);
        if (!(await save(run, { checks }))) return refreshFacts(run);`,
      ),
    ],
  },
  {
    name: 'no-baseline',
    by: ['S3'],
    edits: [edit('domain/holding/plan.ts', 'facts.exclusive ? absent : membership', 'absent')],
  },
  {
    name: 'no-lease',
    by: ['S4', 'S5', 'A5', 'A6', 'A7'],
    edits: [
      edit(
        'application/ensure-holding.ts',
        'if (lease && lease.until > now.toISOString())',
        'if (false)',
      ),
      edit(
        'application/ensure-run.ts',
        'if (stored.value?.lease?.token !== run.token)',
        'if (!stored.value)',
      ),
      // The lease's token is fenced by the holding's revision: without a lease nobody would look at that either.
      edit(
        'application/ensure-run.ts',
        'put(run.stored, next, run.events)',
        "put(await journal.read('holding', run.stored.id), next, run.events)",
      ),
    ],
  },
  {
    name: 'attempt-counted-after-verifying',
    by: ['S7'],
    edits: [
      edit(
        'application/verify-code.ts',
        'const result = await deps.journal.commit([put(base, reserved, locks)], now);',
        'const result = { committed: true };',
      ),
      edit(
        'application/verify-code.ts',
        "event: refusedEvent(given.owner, now, 'wrong') }",
        "event: refusedEvent(given.owner, now, 'wrong'), change: (each) => reserveAttempt(each, now) ?? each }",
      ),
    ],
  },
  {
    name: 'schedule-after-grant',
    by: ['S2b'],
    edits: [
      edit(
        'domain/holding/plan.ts',
        'live.find((grant) => grant.scheduledFor',
        "live.find((grant) => grant.phase === 'active' && grant.scheduledFor",
      ),
    ],
  },
  {
    name: 'ambiguous-closed-by-a-read',
    by: ['S5'],
    edits: [edit('domain/holding/intents.ts', "!(intent.answer === 'answered' && seen)", '!seen')],
  },
  {
    name: 'timeout-means-failed',
    by: ['S5'],
    edits: [
      edit(
        'application/ensure-faults.ts',
        "if (fault instanceof ProviderFault && fault.applied === 'no') {",
        'if (fault instanceof ProviderFault) {',
      ),
    ],
  },
  {
    name: 'no-sweep',
    by: ['L1', 'S2', 'L3'],
    edits: [
      edit(
        'application/sweep.ts',
        "await deps.queues.send(ends ? 'removals' : 'grants', { holdingId });",
        '',
      ),
    ],
  },
  {
    name: 'overlap-ignored-at-removal',
    by: ['L3'],
    edits: [
      edit(
        'domain/holding/plan.ts',
        'const keepsLive = rank(wanted) > rank(base?.role ?? null);',
        'const keepsLive = false;',
      ),
    ],
  },
  {
    name: 'no-settle-window',
    by: ['L1', 'L3', 'S2', 'S3'],
    edits: [
      edit(
        'application/ensure-intents.ts',
        'new Date(now.getTime() + TIMING.settleSeconds * 1000).toISOString()',
        'now.toISOString()',
      ),
    ],
  },
  {
    name: 'outcome-separate-from-state',
    by: ['A6'],
    edits: [
      edit(
        'application/ensure-run.ts',
        'const result = await journal.commit([...writes, put(run.stored, next, run.events)], clock.now());',
        `if (writes.length > 0 && !(await journal.commit(writes, clock.now())).committed) {
          await reload(run);
          return false;
        }
        const result = await journal.commit([put(run.stored, next, run.events)], clock.now());`,
      ),
    ],
  },
  {
    name: 'event-separate-from-state',
    by: ['A1', 'A2'],
    edits: [
      edit(
        'application/execute-command.ts',
        '...[put(stored, next, events), ...holding.value',
        '...[put(stored, next, events.slice(0, -1)), ...holding.value',
      ),
    ],
  },
  {
    name: 'same-human-may-approve',
    by: ['S1'],
    edits: [
      edit(
        'domain/policy/approver-rights.ts',
        'if (human === court.requesterHuman) return',
        'if (false) return',
      ),
      edit('domain/policy/approver-rights.ts', 'human === court.subjectHuman ?', 'false ?'),
    ],
  },
  {
    name: 'code-step-not-consumed',
    by: ['S7'],
    edits: [
      edit(
        'domain/authenticator/attempts.ts',
        'lastStep: step,',
        'lastStep: authenticator.lastStep,',
      ),
    ],
  },
  {
    name: 'pause-and-policy-unchecked-at-the-add',
    by: ['S9'],
    edits: [
      edit(
        'application/ensure-steps.ts',
        'if (!(await save(run, { checks })))',
        'if (!(await save(run)))',
      ),
    ],
  },
  {
    name: 'over-while-an-add-may-land',
    by: ['A5'],
    edits: [edit('domain/holding/outcomes.ts', 'if (mayStillLand) return null;', '')],
  },
  {
    name: 'dead-run-not-due',
    by: ['L1'],
    edits: [
      edit(
        'application/ensure-holding.ts',
        'lease: { token, until }, dueAt }',
        'lease: { token, until } }',
      ),
    ],
  },
  {
    name: 'issued-long-after-its-intent',
    by: ['S5', 'S4'],
    edits: [
      edit(
        'application/ensure-intents.ts',
        'if (sinceMs <= TIMING.issueSeconds * 1000)',
        'if (true)',
      ),
    ],
  },
  {
    name: 'ours-forgotten-by-an-old-intent',
    by: ['L1', 'S2'],
    edits: [edit('domain/holding/intents.ts', '[ours, left]', '[left]')],
  },
  {
    name: 'absence-believed-at-once',
    by: ['A5'],
    edits: [
      edit(
        'domain/holding/outcomes.ts',
        'if (mayLag(holding, facts) && rank(holding.ours) > target) return null;',
        '',
      ),
    ],
  },
  {
    name: 'clocks-are-trusted',
    by: ['S5'],
    edits: [
      edit(
        'application/ensure-facts.ts',
        'provider.inflightSeconds + TIMING.clocksApartSeconds,',
        'provider.inflightSeconds,',
      ),
    ],
  },
  {
    name: 'every-role-is-ours',
    by: ['S3'],
    edits: [
      edit(
        'domain/holding/facts.ts',
        'return rank(role) <= rank(writtenRole(holding, facts));',
        'return true;',
      ),
    ],
  },
];

export const PLANTS: readonly Plant[] = [
  ...PROTOCOL_PLANTS,
  ...LIFE_PLANTS,
  ...STRANGER_PLANTS,
  ...CARD_PLANTS,
];
