/** What the doctor says of user groups, on-call schedules and trackers. */
import {
  groupChecks,
  type OutsideAt,
  trackerChecks,
} from '../../../local/operations/checks/outside.ts';
import { Fault } from '../../../shared/ports.ts';
import { policy, withRule } from '../../domain/policy/given.ts';

const silent = async (): Promise<never> => {
  throw new Fault('PagerDuty refused our token (HTTP 401).', {
    service: 'outside',
    retryable: true,
  });
};
const at = (part: Partial<OutsideAt> = {}): OutsideAt => ({
  now: () => new Date('2026-11-23T09:00:00Z'),
  directory: { groupMembers: async () => ['U0ANA', 'U0SOMEBODY'] },
  onCall: { onCallNow: async () => [] },
  tickets: { standing: async () => 'missing' },
  ...part,
});
const groups = {
  managers: { slack_usergroup: 'S0MANAGERS', roles: ['reviewer'] },
  pager: { on_call: { pagerduty: 'P123ABC' } },
};
const found = async (checks: ReturnType<typeof groupChecks>) =>
  Promise.all(checks.map(async ({ name, run }) => [name, (await run())[0]?.level]));

it('a group that answers is well, one with nobody of the policy is a warning, a silent one a problem', async () => {
  const rules = policy({ groups });
  expect(await found(groupChecks(rules, at()))).toEqual([
    ['group managers', 'ok'],
    ['group pager', 'warning'],
  ]);
  expect(await found(groupChecks(rules, at({ onCall: { onCallNow: silent } })))).toEqual([
    ['group managers', 'ok'],
    ['group pager', 'problem'],
  ]);
});

it('a tracker is asked only where a rule looks tickets up', async () => {
  const ticket = { pattern: '[A-Z]+-[0-9]+', exists_in: 'jira' };
  const rules = withRule({ justification: { ticket } });
  expect(await found(trackerChecks(policy(), at()))).toEqual([]);
  expect(await found(trackerChecks(rules, at()))).toEqual([['tracker jira', 'ok']]);
  expect(await found(trackerChecks(rules, at({ tickets: { standing: silent } })))).toEqual([
    ['tracker jira', 'problem'],
  ]);
});
