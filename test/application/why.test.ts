/** What `/access why` counts of the budget of grants that nobody had to approve. */
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { whyOf } from '../../shared/application/why.ts';
import { replay } from '../../shared/domain/access-request/evolve.ts';
import { absent, put } from '../../shared/ports.ts';
import { deployRule, inForce } from '../support/company.ts';
import { asked, iso } from '../support/samples.ts';

const company = inForce({
  rules: [
    {
      ...deployRule,
      auto_approve: { when: { max_duration: '30m' }, budget: { per_person_per_day: 5 } },
    },
  ],
}).policy;
const { ana, al } = company.people;
if (!ana || !al) throw new Error('They are listed');
/** As a file of before that lint would refuse today. */
const policy = { ...company, people: { ...company.people, al: { ...al, accounts: ana.accounts } } };

test('a grant without an approver is spent by one human once: asked by them, for them, or from one account of theirs for the other', async () => {
  const journal = memoryJournal('acme');
  const asks = [
    asked({ requestId: 'AR-000001', at: iso(1) }),
    asked({ requestId: 'AR-000002', at: iso(2), requester: 'U0BO', subject: 'U0ANA' }),
    asked({ requestId: 'AR-000003', at: iso(3), requester: 'U0ANA', subject: 'U0AL' }),
    asked({ requestId: 'AR-000004', at: iso(4), requester: 'U0FAY', subject: 'U0FAY' }),
    asked({ requestId: 'AR-000005', at: iso(5) }),
    asked({ requestId: 'AR-000006', at: iso(6) }),
  ].map((event) => ({ ...event, approvalsNeeded: 0 }));
  for (const event of asks) {
    const base = absent('request', event.requestId);
    await journal.commit([put(base, replay([event]), [event])], new Date(event.at));
  }
  const { value } = await journal.read('request', 'AR-000005');
  if (!value || value.status === 'new') throw new Error('It was asked for');
  const policies = { active: async () => null, byHash: async (hash: string) => ({ policy, hash }) };
  const why = await whyOf({ journal, policies }, value);
  expect(why.automatic?.spent).toBe(4);
});
