/** Whoever is an auditor reads everything and decides nothing, and nobody may do more by being one beside something else. */
import type { Command } from '../../../shared/domain/access-request/command.ts';
import { decide } from '../../../shared/domain/access-request/decide.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import {
  approve,
  approveMore,
  askForMore,
  deny,
  denyMore,
  endBy,
  nudge,
  obeyStop,
  request,
  review,
  start,
  withdraw,
} from '../../support/commands.ts';
import { everybody, factsAt, inForce, writtenCompany } from '../../support/company.ts';
import { HISTORIES } from '../../support/samples.ts';

const EVE = 'U0EVE';
/** Everything that a person can want of a request. */
const commandsOf = (person: string): Command[] => [
  request({ actor: { kind: 'person', id: person }, subject: person }),
  approve(person),
  deny(person),
  withdraw(person),
  endBy(person),
  askForMore(3600, person),
  approveMore(person),
  denyMore(person),
  nudge(person),
  review(person),
  start({ kind: 'person', id: person }),
  obeyStop(person),
];
const STORIES: readonly (readonly [string, readonly AccessRequestEvent[]])[] =
  Object.entries(HISTORIES);

test.each(STORIES)('in the state %s an auditor can decide nothing at all', (_, history) => {
  for (const command of commandsOf(EVE)) {
    const decision = decide(replay(history), command, factsAt(600));
    expect([command.type, decision.ok]).toEqual([command.type, false]);
  }
});

test('an auditor who tries to decide is told that it is not up to them', () => {
  for (const command of [approve(EVE), deny(EVE)])
    expect(decide(replay(HISTORIES.pending), command, factsAt(600))).toEqual({
      ok: false,
      error: { code: 'not-an-approver', from: ['release-manager'] },
    });
  expect(decide(replay(HISTORIES.active), endBy(EVE), factsAt(600))).toMatchObject({ ok: false });
});

const withAuditors = inForce({
  people: Object.fromEntries(
    Object.entries(writtenCompany.people).map(([name, person]) => [
      name,
      { ...person, roles: [...person.roles.filter((role) => role !== 'auditor'), 'auditor'] },
    ]),
  ),
});

test.each(STORIES)(
  'in the state %s whoever is an auditor too may do what they may do without it, and no more',
  (_, history) => {
    const outcome = (command: Command, policies: Parameters<typeof factsAt>[1]) => {
      const decision = decide(replay(history), command, factsAt(600, policies));
      return decision.ok ? decision.value.map(({ type }) => type) : decision.error.code;
    };
    for (const person of everybody)
      for (const command of commandsOf(person))
        expect([person, command.type, outcome(command, { policies: [withAuditors] })]).toEqual([
          person,
          command.type,
          outcome(command, {}),
        ]);
  },
);

test('the comparison is one of decisions, not of refusals alone', () => {
  const decided = decide(replay(HISTORIES.pending), approve('U0BO'), factsAt(600));
  expect(decided.ok).toBe(true);
});
