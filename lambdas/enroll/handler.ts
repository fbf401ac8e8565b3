/** Composition root of enroll: the right to make and open authenticators; no Slack token, no provider credentials, no queue. */
import { secretBoxFor } from '../../shared/adapters/kms-secret-box.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { production } from '../../shared/adapters/production.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { environments, parseEnv } from '../../shared/config/env.ts';
import { enrollPage } from './enroll-page.ts';

const env = parseEnv(environments.enroll, process.env);
const { observe, ...base } = production('enroll', env, { now: () => new Date() });

export const handler = observe(
  enrollPage({
    ...base,
    policies: journalPolicies({ journal: base.journal }),
    codes: oneTimeCodes({ issuer: 'Hallpass' }),
    secretBox: secretBoxFor(env.AUTHENTICATOR_KEY_ID),
    publicUrl: env.PUBLIC_URL,
  }),
);
