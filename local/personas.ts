/**
 * The four people of local mode with their phones: each has an authenticator from the start, whose secret is kept
 * beside the data (the "phone") so that the page and tests can show its current code. Never used beyond loopback.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { sealContext } from '../shared/application/verify-code.ts';
import { SlackUserId } from '../shared/domain/access-request/model.ts';
import { membersOf } from '../shared/domain/policy/members.ts';
import type { Policy } from '../shared/domain/policy/policy.ts';
import { type Clock, type Journal, put, type SecretBox } from '../shared/ports.ts';
import { codeAt } from './code-at.ts';
import { openDurableMap } from './durable-map.ts';

const PERSONAS = [
  { slack: 'U0ANA', name: 'Ana' },
  { slack: 'U0BO', name: 'Bo' },
  { slack: 'U0CY', name: 'Cy' },
  { slack: 'U0DEE', name: 'Dee' },
] as const;
const SECRET_BYTES = 20;

export const Persona = z.strictObject({
  slack: SlackUserId,
  name: z.string(),
  /** Provider -> login. */
  accounts: z.record(z.string(), z.string()),
  /** What the authenticator shows now. */
  code: z.string().regex(/^[0-9]{6}$/),
});
export type Persona = z.infer<typeof Persona>;

export type Personas = {
  /** Enrols who is not enrolled yet. */
  enrol(parts: { journal: Journal; secretBox: SecretBox; tenant: string }): Promise<void>;
  list(policy: Policy | null): Persona[];
  /** Gives a person's phone a secret that was revealed by the enrolment page. */
  scan(slackUserId: string, secret: Uint8Array): void;
  close(): void;
};

export function openPersonas(dataDir: string | null, clock: Clock): Personas {
  const file = dataDir && join(dataDir, 'phones.jsonl');
  const phones = openDurableMap<string>(file, (value) => z.string().parse(value));
  const secretOf = (slack: string): Uint8Array => {
    const known = phones.get(slack);
    if (known) return Buffer.from(known, 'hex');
    const secret = randomBytes(SECRET_BYTES);
    phones.set(slack, secret.toString('hex'));
    return secret;
  };
  return {
    async enrol({ journal, secretBox, tenant }) {
      for (const { slack } of PERSONAS) {
        const base = await journal.read('authenticator', slack);
        if (base.value) continue;
        const now = clock.now();
        const at = now.toISOString();
        const authenticatorId = randomBytes(16).toString('hex');
        const context = sealContext(tenant, { owner: slack, authenticatorId });
        const sealed = await secretBox.seal(secretOf(slack), context);
        const authenticator = {
          owner: slack,
          authenticatorId,
          sealed,
          enrolledAt: at,
          mayApproveFrom: at,
          lastStep: 0,
          attempts: 0,
          failuresInRow: 0,
          lockedUntil: null,
          needsProof: false,
        };
        const enrolled = {
          type: 'AuthenticatorEnrolled' as const,
          v: 1 as const,
          owner: slack,
          at,
          actor: { kind: 'operator' as const },
          authenticatorId,
          mayApproveFrom: at,
        };
        await journal.commit([put(base, authenticator, [enrolled])], now);
      }
    },
    list: (policy) =>
      PERSONAS.map(({ slack, name }) => ({
        slack,
        name,
        accounts: Object.fromEntries(
          (policy && membersOf(policy).bySlack.get(slack)?.accounts) ?? [],
        ),
        code: codeAt(secretOf(slack), clock.now()),
      })),
    scan: (slack, secret) => {
      phones.set(slack, Buffer.from(secret).toString('hex'));
    },
    close: () => phones.close(),
  };
}
