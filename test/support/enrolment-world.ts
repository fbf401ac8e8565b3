/** Real codes, a real secret box and the real journal in memory around the enrolment: five people, one of them a second account. */

import { randomBytes } from 'node:crypto';
import { codeAt } from '../../local/code-at.ts';
import { idsFrom } from '../../shared/adapters/ids.ts';
import { localSecretBox } from '../../shared/adapters/local-secret-box.ts';
import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { nobody } from '../../shared/adapters/nobody.ts';
import { oneTimeCodes } from '../../shared/adapters/one-time-codes.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import { confirmCode, revealSecret } from '../../shared/application/enrol-on-page.ts';
import type { EnrolDeps } from '../../shared/application/enrol-parts.ts';
import { journalPolicies, loadPolicy } from '../../shared/application/policies.ts';
import { sealContext } from '../../shared/application/verify-code.ts';
import type { Authenticator } from '../../shared/domain/authenticator/model.ts';
import type { PersonEvidence } from '../../shared/domain/policy/identity.ts';
import { type Journal, put, type Telemetry } from '../../shared/ports.ts';
import { START } from './samples.ts';
import { fromBase32 } from './totp.ts';
import { unmeasured } from './unmeasured.ts';

const TEAM = 'T0TEAM';
export const [ANA, BO, CY, DEE] = ['U0ANA', 'U0BO', 'U0CY', 'U0DEE'] as const;
export const PUBLIC_URL = 'https://hallpass.example';

type Setting = {
  enrolment?: 'open' | 'vouched' | 'oidc';
  hold?: string;
  resetDelay?: string;
  /** How long a change that gives more waits. */
  widening?: string;
  /** Lines of people who are not in the company by themselves. */
  more?: string;
  /** Roles of Dee. */
  dee?: string;
};

const policyText = ({
  enrolment = 'open',
  hold = '0m',
  resetDelay = '24h',
  widening = '0m',
  more = '',
  dee = 'admin',
}: Setting) => `
version: 1
timezone: Europe/Berlin
enrolment: ${enrolment}
new_authenticator_hold: ${hold}
authenticator_reset_delay: ${resetDelay}
widening_delay: ${widening}
security_channel: C0SECURITY
roles:
  developer: {}
  release-manager: { includes: [developer] }
  admin: { includes: [release-manager] }
people:
  ana: { slack: U0ANA, roles: [developer], accounts: { github: ana-dev } }
  bo: { slack: U0BO, roles: [release-manager], accounts: { github: bo-rm } }
  cy: { slack: U0CY, roles: [release-manager], accounts: { github: cy-rm } }
  dee: { slack: U0DEE, roles: [${dee}], accounts: { github: dee-admin } }
${more}entitlements:
  "github:acme/deployers": { provider: github, kind: team, resource: acme/deployers, roles: [member] }
rules:
  - id: deploy
    entitlements: ["github:acme/deployers"]
    requesters: { roles: [developer] }
    max_duration: 2h
    approvals: [{ from: { roles: [release-manager] }, count: 1 }]
`;

const silent: Telemetry = { info: () => {}, error: () => {}, alarm: () => {}, ...unmeasured };

export type EnrolmentWorld = Awaited<ReturnType<typeof enrolmentWorld>>;

export async function enrolmentWorld(setting: Setting = {}) {
  let now = START;
  const clock = { now: () => now };
  const journal: Journal = memoryJournal('acme');
  const box = localSecretBox(randomBytes(32), randomBytes);
  const opened: string[] = [];
  const evidence = new Map<string, Partial<PersonEvidence>>();
  const made: Uint8Array[] = [];
  const ids = idsFrom(randomBytes);
  const texts = { current: policyText(setting) };
  const policies = journalPolicies({ journal });
  const load = () =>
    loadPolicy(
      {
        journal,
        readPolicy,
        clock,
        telemetry: silent,
        source: {
          load: async () => ({
            bytes: new TextEncoder().encode(texts.current),
            fileName: 'access.yaml',
          }),
        },
      },
      { kind: 'operator' },
    );
  await load();
  const deps: EnrolDeps = {
    journal,
    clock,
    policies,
    tenant: 'acme',
    teamId: TEAM,
    publicUrl: PUBLIC_URL,
    telemetry: silent,
    codes: oneTimeCodes(),
    ids: {
      ...ids,
      secret: (bytes) => {
        const secret = ids.secret(bytes);
        made.push(Uint8Array.from(secret));
        return secret;
      },
    },
    secretBox: {
      seal: (secret, context) => box.seal(secret, context),
      open: (sealed, context) => {
        opened.push(context['owner'] ?? '');
        return box.open(sealed, context);
      },
    },
    directory: {
      ...nobody,
      evidence: async (people, at) =>
        new Map(
          people.map((person) => [person, { ...member(person, at), ...evidence.get(person) }]),
        ),
    },
  };
  return {
    deps,
    journal,
    /** Owner of each secret that was opened. */
    opened,
    /** Every secret the product made. */
    made,
    /** What Slack says about somebody that differs from a plain full member. */
    evidence,
    now: () => now,
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000);
    },
    setPolicy: async (next: Setting) => {
      texts.current = policyText(next);
      await load();
    },
  };
}

const member = (person: string, at: Date): PersonEvidence => ({
  slackUserId: person,
  teamId: TEAM,
  enterpriseUserId: null,
  email: `${person.toLowerCase()}@acme.example`,
  emailVerified: true,
  deleted: false,
  isBot: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
  observedAt: at.toISOString(),
});

/** Somebody who has had an authenticator for long. */
export async function withAuthenticator(
  world: EnrolmentWorld,
  owner: string,
  part: Partial<Authenticator> = {},
): Promise<Uint8Array> {
  const { journal, deps } = world;
  const secret = new Uint8Array(randomBytes(20));
  const authenticatorId = randomBytes(16).toString('hex');
  const context = sealContext(deps.tenant, { owner, authenticatorId });
  const at = world.now().toISOString();
  const base = await journal.read('authenticator', owner);
  const authenticator: Authenticator = {
    owner,
    authenticatorId,
    sealed: await deps.secretBox.seal(secret, context),
    enrolledAt: at,
    mayApproveFrom: at,
    lastStep: 0,
    attempts: 0,
    failuresInRow: 0,
    lockedUntil: null,
    needsProof: false,
    recovery: null,
    reset: null,
    approvalsVoidUntil: null,
    ...part,
  };
  await journal.commit([put(base, authenticator)], world.now());
  return secret;
}

export const tokenIn = (url: string): string => url.slice(`${PUBLIC_URL}/enroll/`.length);
export const wrongCode = (secret: Uint8Array, at: Date): string => {
  const right = [0, -30, 30].map((s) => codeAt(secret, new Date(at.getTime() + s * 1000)));
  const wrong = ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code));
  if (!wrong) throw new Error('Four codes cannot all be right');
  return wrong;
};

/** Goes through the page as a person does: key into the phone, first code, word. */
export async function throughPage(
  world: EnrolmentWorld,
  url: string,
): Promise<{ secret: Uint8Array; word: string; code: string }> {
  const token = tokenIn(url);
  const shown = await revealSecret(world.deps, token);
  if (!shown.ok) throw new Error(`The key was not shown: ${shown.error.code}`);
  const secret = fromBase32(shown.value.key);
  const code = codeAt(secret, world.now());
  const confirmed = await confirmCode(world.deps, { token, typed: code });
  if (!confirmed.ok) throw new Error(`The code was refused: ${confirmed.error.code}`);
  return { secret, code, word: confirmed.value.word };
}
