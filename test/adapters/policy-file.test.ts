import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describeProblem, readPolicy } from '../../shared/adapters/policy-file.ts';
import { evaluate } from '../../shared/domain/policy/evaluate.ts';
import { ask, DEE, evidence, facts } from '../domain/policy/given.ts';
import { bytes, change, GOOD, read, report } from './policy-file-given.ts';

describe('a good file', () => {
  test('is a policy without warnings, with the hash of its bytes', () => {
    const result = read(GOOD);
    if (!result.ok) throw new Error(report(GOOD).join('\n'));
    expect(result.value.warnings).toEqual([]);
    expect(result.value.hash).toBe(createHash('sha256').update(GOOD).digest('hex'));
    expect(result.value.policy.rules).toHaveLength(1);
  });

  test('is the same policy as text and as bytes', () => {
    expect(read(bytes(GOOD))).toEqual(read(GOOD));
  });

  test.each([
    ['a byte order mark', `\uFEFF${GOOD}`],
    ['Windows line ends', GOOD.replaceAll('\n', '\r\n')],
    ['one document start, comments before it', `# ours\n---\n${GOOD}`],
    ['signs of YAML in quotes', change('id: deploy', 'id: "deploy" # &not *an !anchor <<')],
  ])('may have %s', (_, text) => {
    expect(report(text)).toEqual([]);
    expect(report(bytes(text))).toEqual([]);
  });

  test('has another hash with every byte that changes, comments too', () => {
    const hashes = [GOOD, `${GOOD}# x\n`, `\uFEFF${GOOD}`].map((text) => {
      const result = read(text);
      return result.ok ? result.value.hash : 'refused';
    });
    expect(new Set([...hashes, 'refused']).size).toBe(4);
  });

  test('keeps its warnings, in the order of the lines', () => {
    const wide = change('["github:acme/*"]', '["github:x/*", "*"]');
    expect(report(wide)).toEqual([
      'access.yaml:18:20 warning: "github:x/*" matches no entitlement. Add it under `entitlements`, or remove it here.',
      'access.yaml:18:34 warning: "*" reaches over every provider, also those added later. Begin it with a provider, for example github:acme/*.',
    ]);
  });
});

describe('the example policy', () => {
  const text = readFileSync(path.join(__dirname, '../../access.yaml'));
  const result = readPolicy(text, 'access.yaml');
  if (!result.ok) throw new Error(result.error.map(describeProblem).join('\n'));
  const { policy, warnings } = result.value;

  test('has no problem', () => {
    expect(warnings).toEqual([]);
  });

  test('lets Ana become a deployer for two hours, with one approval and its code', () => {
    const words = { text: 'INC-123 rollback' };
    const verdict = evaluate(policy, ask({ justification: words }), facts());
    expect(verdict).toMatchObject({
      permitted: true,
      rule: 'prod-deploy',
      maxTotalSeconds: 14_400,
      codeFrom: { requester: false, approver: true },
      approvals: { needed: 1 },
      approvers: ['U0BO', 'U0CY', 'U0DEE'],
      channel: 'C0ACCESS',
    });
  });

  test('wants two people and two codes for production', () => {
    const verdict = evaluate(
      policy,
      ask({ entitlement: 'github:acme/jit-prod', durationSeconds: 3600 }),
      facts(),
    );
    expect(verdict).toMatchObject({
      permitted: true,
      rule: 'two-people',
      privileged: true,
      codeFrom: { requester: true, approver: true },
      approvals: { needed: 2 },
    });
  });

  test('works at any hour of any day', () => {
    for (let hour = 0; hour < 24 * 8; hour += 1) {
      const now = new Date(Date.UTC(2026, 9, 22, hour, 30));
      const about = ['U0ANA', DEE].map((slack) =>
        evidence(slack, { observedAt: now.toISOString() }),
      );
      expect(evaluate(policy, ask(), facts({ now, candidate: DEE }, about))).toMatchObject({
        permitted: true,
        candidate: { may: true },
      });
    }
  });
});

describe('every key of the language', () => {
  const text = `version: 1
timezone: Europe/Berlin
working_hours: { days: [mon, tue, wed, thu, fri], from: "08:00", to: "19:00" }
enrolment: vouched
new_authenticator_hold: 24h
authenticator_reset_delay: 12h
security_channel: C0SECURITY
roles:
  developer: {}
  reviewer: { includes: [developer] }
  release-manager: { includes: [reviewer] }
  admin: { includes: [release-manager] }
  auditor: {}
people:
  ana: { slack: U0ANA, roles: [developer], accounts: { github: ana-dev, gitlab: ana } }
  bo: { slack: U0BO, roles: [release-manager], accounts: { github: bo-rm } }
  cy: { slack: U0CY, roles: [admin] }
groups:
  platform: { slack_usergroup: S0PLATFORM, roles: [reviewer] }
entitlements:
  github:acme/deployers:
    provider: github
    kind: team
    resource: acme/deployers
    roles: [member]
    exclusive: false
    privileged: true
    owner: bo
rules:
  - id: prod-deploy
    entitlements: ["github:acme/*"]
    requesters: { roles: [developer] }
    subjects: { people: [bo] }
    when: { working_hours: true }
    max_duration: 2h
    max_total: 4h
    approvals:
      - { from: { roles: [release-manager] }, count: 1 }
    code: [requester, approver]
    justification: { min: 10, ticket: "[A-Z]+-[0-9]+" }
    lapse_after: 60m
    escalate: { after: 30m, to: { roles: [admin] } }
    channel: C0ACCESS
  - id: glass
    entitlements: ["github:acme/*"]
    requesters: { roles: [developer] }
    break_glass: { max_duration: 30m, per_person_per_week: 2, review_within: 24h, incident: required }
    channel: C0ACCESS
  - id: never
    entitlements: ["github:acme/deployers"]
    requesters: { people: [cy] }
    deny: true
`;

  test('is read, durations as seconds', () => {
    expect(report(text)).toEqual([]);
    const result = read(text);
    if (!result.ok) return;
    const { rules, new_authenticator_hold, groups } = result.value.policy;
    expect(new_authenticator_hold).toBe(86_400);
    expect(result.value.policy.authenticator_reset_delay).toBe(43_200);
    expect(groups).toEqual({ platform: { slack_usergroup: 'S0PLATFORM', roles: ['reviewer'] } });
    expect(rules[0]).toMatchObject({
      max_duration: 7200,
      max_total: 14_400,
      lapse_after: 3600,
      escalate: { after: 1800, to: { roles: ['admin'] } },
    });
    expect(rules[1]).toMatchObject({
      break_glass: { max_duration: 1800, per_person_per_week: 2, review_within: 86_400 },
    });
    expect(rules[2]).toMatchObject({ deny: true });
  });

  test('takes its default where it may be left out', () => {
    const result = read(GOOD);
    if (!result.ok) throw new Error(report(GOOD).join('\n'));
    expect(result.value.policy).toMatchObject({
      enrolment: 'vouched',
      new_authenticator_hold: 86_400,
      authenticator_reset_delay: 86_400,
      entitlements: { 'github:acme/deployers': { exclusive: false, privileged: false } },
      rules: [{ code: ['approver'], lapse_after: 3600, approvals: [{ count: 1 }] }],
    });
  });
});
