/** Whose right came by a group when it was authorized for later: the clock that starts it can ask nobody who is in one now. */

import { nobody } from '../../shared/adapters/nobody.ts';
import type { CommandDeps, Side } from '../../shared/application/execute-command.ts';
import { executeCommand } from '../../shared/application/execute-command.ts';
import { askForHomes } from '../../shared/application/home-jobs.ts';
import type { Command } from '../../shared/domain/access-request/command.ts';

import { askOf, type Bench, bench, boApproves, enrolBo } from '../support/bench.ts';
import { start } from '../support/commands.ts';
import { deployRule, policyText, writtenCompany } from '../support/company.ts';
import { iso } from '../support/samples.ts';

const HOUR = 3600;
const groups = {
  pager: { slack_usergroup: 'S0PAGER', roles: ['on-duty'] },
  chiefs: { slack_usergroup: 'S0CHIEFS', roles: ['chief'] },
};
const written = {
  roles: { ...writtenCompany.roles, 'on-duty': {}, chief: {} },
  groups,
  rules: [
    {
      ...deployRule,
      requesters: { roles: ['on-duty'] },
      approvals: [{ from: { roles: ['chief'] }, count: 1 }],
      start_within: '2d',
    },
  ],
};

let on: Bench;
let deps: CommandDeps;
beforeEach(async () => {
  on = await bench(written);
  await enrolBo(on);
  const members: Record<string, string[]> = { S0PAGER: ['U0ANA', 'U0FAY'], S0CHIEFS: ['U0BO'] };
  const groupMembers = async (group: string) => members[group] ?? [];
  deps = { ...on, directory: { ...on.directory, groupMembers } };
});
const run = (command: Command, side: Side = {}) => executeCommand(command, deps, side);
/** As the sweep runs it: nobody can be asked. */
const runAlone = (command: Command) => executeCommand(command, { ...on, directory: nobody });

async function scheduled() {
  const notBefore = iso(HOUR);
  const asked = await run(askOf('ana', { start: { notBefore, until: null } }));
  if (!asked.ok) throw new Error(JSON.stringify(asked.error));
  const { command, code } = boApproves(asked.value.state);
  const approved = await run(command, { code });
  if (!approved.ok) throw new Error(JSON.stringify(approved.error));
  expect(approved.value.state.status).toBe('scheduled');
  return approved.value.state;
}
const started = async () => {
  on.setTime(HOUR);
  const done = await runAlone(start());
  return done.ok ? done.value.state.status : done.error.code;
};

test('it starts by itself, with the people as they were counted, and the holding keeps them', async () => {
  const { requestId, holdingId } = await scheduled();
  const kept = (await on.calm.read('ahead', requestId)).value?.memberships;
  expect(Object.values(kept ?? {}).sort()).toEqual([['U0ANA'], ['U0BO']]);
  expect(await started()).toBe('activating');
  const { value } = await on.calm.read('holding', holdingId);
  expect(value?.grants[0]?.memberships).toEqual(kept);
});

test('under another policy that asks the same of the same groups it starts as well', async () => {
  await scheduled();
  await on.enforce(policyText({ ...written, timezone: 'Etc/UTC' }));
  expect(await started()).toBe('activating');
});

test('under a policy that rests on a group nobody asked about it does not start', async () => {
  const { requestId } = await scheduled();
  const moved = { ...groups, pager: { ...groups.pager, slack_usergroup: 'S0OTHER' } };
  await on.enforce(policyText({ ...written, groups: moved }));
  await started();
  const events = await on.calm.history('request', requestId);
  expect(events.at(-1)?.event).toMatchObject({ type: 'GrantNotStarted', why: 'group-unknown' });
});

test('a Home of somebody who decides by a group is drawn anew when a request changes', async () => {
  const asked = await run(askOf('ana'));
  expect(asked.ok).toBe(true);
  const read: string[] = [];
  const journal: typeof on.journal = {
    ...on.journal,
    read: (kind, id) => {
      if (kind === 'home') read.push(id);
      return on.journal.read(kind, id);
    },
  };
  await askForHomes('AR-7K2M9Q', { ...deps, journal, queues: on.queues });
  expect(read).toEqual(expect.arrayContaining(['U0ANA', 'U0BO']));
  expect(read).not.toContain('U0CY');
});
