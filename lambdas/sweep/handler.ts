/** Composition root of sweep: the minute's work, and the policy file beside the bundle. */
import { nobody } from '../../shared/adapters/nobody.ts';
import { secretTickets } from '../../shared/adapters/outside.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { policyAt } from '../../shared/adapters/policy-path.ts';
import { production } from '../../shared/adapters/production.ts';
import { queuesAt } from '../../shared/adapters/sqs-queues.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { sweepFunction } from './sweep-function.ts';

const env = parseEnv(environments.sweep, process.env);
const { observe, ...base } = production('sweep', env, { now: () => new Date() });

export const handler = observe(
  sweepFunction({
    ...base,
    policies: journalPolicies({ journal: base.journal }),
    readPolicy,
    source: policyAt(env.POLICY_PATH),
    directory: nobody,
    tickets: secretTickets(env.TICKETS_SECRET_ID),
    teamId: env.SLACK_TEAM_ID,
    queues: queuesAt({
      grants: env.GRANTS_QUEUE_URL,
      removals: env.REMOVALS_QUEUE_URL,
      announce: env.ANNOUNCE_QUEUE_URL,
    }),
  }),
);
