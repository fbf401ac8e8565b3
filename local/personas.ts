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
import { absent, type Clock, type Journal, put, type SecretBox } from '../shared/ports.ts';
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
  /** A secret box whose sealed secrets also reach the owner's phone, as if its camera had seen the QR code. */
  watching(secretBox: SecretBox): SecretBox;
  /** Enrols who is not enrolled yet. */
  enrol(parts: Parts): Promise<void>;
  list(journal: Journal, policy: Policy | null): Promise<Persona[]>;
  close(): void;
};
type Parts = { journal: Journal; secretBox: SecretBox; tenant: string };

export function openPersonas(dataDir: string | null, clock: Clock): Personas {
  const file = dataDir && join(dataDir, 'phones.jsonl');
  /** By authenticator id: a replaced one stays valid until the new one is set up. */
  const phones = openDurableMap<string>(file, (value) => z.string().parse(value));
  return {
    watching: ({ seal, open }) => ({
      open,
      async seal(secret, context) {
        phones.set(context['authenticator'] ?? '', Buffer.from(secret).toString('hex'));
        return seal(secret, context);
      },
    }),
    async enrol(parts) {
      for (const { slack } of PERSONAS) await enrolOne(slack, parts, clock.now());
    },
    list: (journal, policy) =>
      Promise.all(
        PERSONAS.map(async ({ slack, name }) => {
          const { value } = await journal.read('authenticator', slack);
          const secret = Buffer.from(phones.get(value?.authenticatorId ?? '') ?? '', 'hex');
          const accounts = (policy && membersOf(policy).bySlack.get(slack)?.accounts) ?? [];
          return {
            slack,
            name,
            accounts: Object.fromEntries(accounts),
            code: codeAt(secret, clock.now()),
          };
        }),
      ),
    close: () => phones.close(),
  };
}

async function enrolOne(slack: string, parts: Parts, now: Date): Promise<void> {
  const { journal, secretBox, tenant } = parts;
  const base = await journal.read('authenticator', slack);
  if (base.value) return;
  const at = now.toISOString();
  const authenticatorId = randomBytes(16).toString('hex');
  const context = sealContext(tenant, { owner: slack, authenticatorId });
  const sealed = await secretBox.seal(randomBytes(SECRET_BYTES), context);
  const authenticator = {
    ...{ owner: slack, authenticatorId, sealed, enrolledAt: at, mayApproveFrom: at },
    ...{ lastStep: 0, attempts: 0, failuresInRow: 0, lockedUntil: null, needsProof: false },
    ...{ recovery: null, reset: null, approvalsVoidUntil: null },
  };
  const enrolled = {
    type: 'AuthenticatorEnrolled' as const,
    v: 1 as const,
    ...{ owner: slack, at, authenticatorId, mayApproveFrom: at },
    actor: { kind: 'operator' as const },
  };
  // They were born with it: nobody has to be told.
  const told = { owner: 1, security: 1, due: null, lease: null, fence: 0 };
  const writes = [put(base, authenticator, [enrolled]), put(absent('notice', slack), told)];
  await journal.commit(writes, now);
}
