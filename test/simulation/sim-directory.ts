/** Slack's answer about people: everybody is a full member until they leave; a human's accounts share one address. */
import { nobody } from '../../shared/adapters/nobody.ts';
import { type Directory, Fault } from '../../shared/ports.ts';
import { PEOPLE, TEAM_ID } from './cast.ts';
import type { Process, Processes } from './processes.ts';

export function simDirectory(
  processes: Processes,
  process: Process,
  left: ReadonlyMap<string, number>,
): Directory {
  return {
    ...nobody,
    evidence: (slackUserIds, now) =>
      processes.call(process, {
        point: 'directory.evidence',
        writes: false,
        latencyMs: [40, 300],
        slowMs: 4000,
        lateMs: 0,
        fail: () => new Fault('Slack does not answer.', { service: 'slack', retryable: true }),
        refusals: [],
        apply: () =>
          new Map(
            PEOPLE.filter(({ slack }) => slackUserIds.includes(slack)).map((person) => [
              person.slack,
              {
                slackUserId: person.slack,
                teamId: TEAM_ID,
                enterpriseUserId: null,
                email: `${person.human}@acme.example`,
                deleted: left.has(person.slack),
                isBot: false,
                isRestricted: false,
                isUltraRestricted: false,
                isStranger: false,
                observedAt: now.toISOString(),
              },
            ]),
          ),
      }),
  };
}
