/** Composition root of digest: reads the journal, keeps digests, asks announce to post them. */
import { production } from '../../shared/adapters/production.ts';
import { queuesAt } from '../../shared/adapters/sqs-queues.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { digestFunction } from './digest-function.ts';

const env = parseEnv(environments.digest, process.env);
const { journal, clock, telemetry, observe } = production('digest', env, { now: () => new Date() });

export const handler = observe(
  digestFunction({
    journal,
    telemetry,
    clock,
    policies: journalPolicies({ journal }),
    queues: queuesAt({ announce: env.ANNOUNCE_QUEUE_URL }),
  }),
);
