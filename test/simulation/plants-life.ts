/** Planted defects of the rest of a request's life: one condition or one write of it gone per plant. */
import type { Edit, Plant } from './plants.ts';

const edit = (file: string, find: string, replace: string): Edit => ({
  ...{ file: `shared/${file}`, find, replace },
});
const plant = (name: string, by: string, ...edits: Edit[]): Plant => ({
  ...{ name, by: by.split(' '), edits },
});
/** What stands between two decisions at once: the revision of the record that both write. */
const raced = (kind: string) =>
  edit(
    'adapters/memory-journal.ts',
    '({ kind, id, rev }) => (table.rows.get(keyOf(kind, id))?.rev ?? 0) !== rev,',
    `({ kind, id, rev }) => kind !== '${kind}' && (table.rows.get(keyOf(kind, id))?.rev ?? 0) !== rev,`,
  );
const domain = (file: string, find: string, replace: string) =>
  edit(`domain/${file}`, find, replace);
const glass = 'access-request/decide-break-glass.ts';
const extension = 'access-request/decide-extension.ts';
const starting = 'access-request/decide-start.ts';
const waiting = 'access-request/decide-waiting.ts';
const limits = 'policy/clauses/limits.ts';
const automatic = 'policy/clauses/auto-approve.ts';

export const LIFE_PLANTS: readonly Plant[] = [
  plant('glass-quota-unchecked', 'G1', domain(glass, 'if (first) {', 'if (first && !first) {')),
  plant(
    'glass-not-remembered',
    'G1 G2',
    edit(
      'application/glass.ts',
      'return [put(glass.own, { taken }), ...glass.others.map(check)];',
      'return glass.others.map(check);',
    ),
  ),
  plant(
    'overdue-review-forgotten',
    'G2',
    domain(glass, 'if (owed) return', 'if (owed && !owed) return'),
  ),
  plant(
    'glass-without-cap',
    'G3',
    domain(
      'policy/clauses/break-glass.ts',
      "if (ask.durationSeconds > max) return { code: 'duration-too-long', maxSeconds: max };",
      '',
    ),
  ),
  plant(
    'glass-without-code',
    'G3',
    domain(
      'policy/clauses/break-glass.ts',
      'codeFrom: { requester: true, approver: false }',
      'codeFrom: { requester: false, approver: false }',
    ),
  ),
  plant(
    'glass-extended',
    'X3',
    domain(extension, 'breakGlass ? grantSeconds : (verdict', 'false ? grantSeconds : (verdict'),
  ),
  plant('own-glass-reviewed', 'G4', domain(glass, 'if (barred) return refuse(barred);', '')),
  plant(
    'start-too-early',
    'W1',
    domain(starting, 'if (facts.now.toISOString() < notBefore)', 'if (false)'),
  ),
  plant(
    'window-never-closes',
    'W2 S10',
    domain(starting, 'if (facts.now.toISOString() >= latest)', 'if (false)'),
  ),
  plant(
    'access-outlives-its-window',
    'W2',
    domain(starting, 'return [end, start.until].sort()[0] ?? end;', 'return end;'),
  ),
  plant(
    'late-start-moves-the-end',
    'W3',
    domain(
      starting,
      'return after(new Date(start.notBefore), long);',
      'return after(facts.now, long);',
    ),
  ),
  plant(
    'extension-beyond-its-total',
    'X3',
    domain(extension, 'if (total <= most) return verdicts;', 'return verdicts;'),
  ),
  plant(
    'extension-counted-from-now',
    'X2',
    domain(
      extension,
      'expiresAt: after(new Date(state.expiresAt), bySeconds),\n    policyHash: facts.policies[0].hash,\n    // The code',
      'expiresAt: after(facts.now, bySeconds),\n    policyHash: facts.policies[0].hash,\n    // The code',
    ),
  ),
  plant(
    'extended-after-its-end',
    'X1 L3 S2b',
    domain(
      extension,
      'return facts.now.toISOString() >= state.expiresAt\n',
      'return facts.now.toISOString() >= "9".concat(state.expiresAt)\n',
    ),
  ),
  plant(
    'reminded-again-at-once',
    'N1',
    domain(waiting, 'if (nextAt && now < nextAt)', 'if (nextAt && !nextAt)'),
  ),
  plant(
    'escalated-twice',
    'N2',
    domain('access-request/model.ts', 'escalation && escalation.at === null &&', 'escalation &&'),
  ),
  plant(
    'escalated-too-early',
    'N2',
    domain(waiting, 'if (dueAt === null || now < dueAt)', 'if (dueAt === null)'),
    edit(
      'application/sweep-requests.ts',
      'escalates !== null && escalates <=',
      'escalates !== null && "0".concat(escalates) <=',
    ),
    edit(
      'application/sweep.ts',
      'await deps.journal.due(now, PAGE * page)',
      'await deps.journal.due(new Date(now.getTime() + 600_000), PAGE * page)',
    ),
  ),
  plant(
    'budget-off-by-one',
    'B1',
    domain(automatic, 'spent.length < budget', 'spent.length <= budget'),
  ),
  plant('free-grants-at-once', 'B1 B2 B4', raced('usage')),
  plant(
    'use-not-remembered',
    'B1 B2 B3 B4 B5',
    edit(
      'application/usage.ts',
      'if (!usage || !events.some(({ type }) => ADDS.has(type))) return [];',
      'return [];',
    ),
  ),
  plant(
    'day-without-limit',
    'B2',
    domain(
      limits,
      'if (before + overlapMs(wanted, span) / 1000 <= max) continue;',
      'if (true) continue;',
    ),
  ),
  plant(
    'asks-without-limit',
    'B3',
    domain(limits, '(tooManyAsks(count) ?? tooManyPending(count) ??', '(tooManyPending(count) ??'),
  ),
  plant(
    'pending-without-limit',
    'B4',
    domain(limits, '?? tooManyPending(count) ?? coolingDown', '?? coolingDown'),
  ),
  plant(
    'no-cool-down',
    'B5',
    domain(limits, 'return until > count.facts.now.getTime()\n', 'return until > Infinity\n'),
  ),
  plant(
    'stop-unchecked-by-decisions',
    'H1',
    edit('application/halts.ts', 'if (standing) return {', 'if (standing && !standing) return {'),
  ),
  plant(
    'stop-not-in-the-transaction',
    'H1',
    edit('application/halts.ts', '[stop, ...pauses].map(check)', 'pauses.map(check)'),
  ),
  plant(
    'stop-unchecked-at-the-add',
    'H1',
    edit(
      'application/ensure-steps.ts',
      'const checks = [run.stop, ...run.pauses,',
      'const checks = [...run.pauses,',
    ),
  ),
  plant(
    'stop-pressed-alone',
    'H4',
    domain('stop/decide.ts', 'if (sameHumanBy(policies, facts)(person, open.by))', 'if (false)'),
  ),
  plant(
    'stop-obeyed-by-nobody',
    'H2',
    edit('application/sweep.ts', 'await obeyStop(deps);', ''),
    edit(
      'application/ensure-facts.ts',
      'const allowed = stopped ? [] : holding',
      'const allowed = false ? [] : holding',
    ),
  ),
  plant(
    'waiting-outlives-a-stop',
    'H2',
    edit(
      'application/obey-stop.ts',
      "if (value?.status !== 'pending' && value?.status !== 'scheduled') return false;",
      'return false;',
    ),
  ),
  plant(
    'stop-cleared-too-soon',
    'H2',
    edit(
      'application/obey-stop.ts',
      'if (open > 0 || now.getTime() - Date.parse(since) < INDEX_LAG_MS) return open;',
      '',
    ),
    edit(
      'application/ensure-facts.ts',
      'const allowed = stopped ? [] : holding',
      'const allowed = false ? [] : holding',
    ),
  ),
  plant(
    'leaver-keeps-access',
    'H3',
    edit('application/sweep.ts', 'await endForLeaver(deps, item.id);', '{}'),
  ),
  plant(
    'leaver-forgotten-at-once',
    'H3',
    edit('application/leavers.ts', 'const WATCHED_MS = 10 * 60_000;', 'const WATCHED_MS = -1;'),
  ),
  plant(
    'leaver-is-still-a-member',
    'H3',
    domain('policy/identity.ts', 'evidence.deleted', 'false'),
  ),
  plant(
    'end-all-leaves-what-is-being-given',
    'E1',
    edit(
      'application/open-requests.ts',
      "(['pending', 'scheduled', 'activating', 'active'] as const)",
      "(['pending', 'scheduled', 'active'] as const)",
    ),
  ),
];
