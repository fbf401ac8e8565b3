/** A good policy file, ways to spoil it, and what the reader says about it. */
import { describeProblem, readPolicy } from '../../shared/adapters/policy-file.ts';

export const GOOD = `version: 1
timezone: Europe/Berlin
roles:
  developer: {}
  lead: { includes: [developer] }
people:
  ana: { slack: U0ANA, roles: [developer], accounts: { github: ana-dev } }
  bo: { slack: U0BO, roles: [lead], accounts: { github: bo-rm } }
  cy: { slack: U0CY, roles: [lead], accounts: { github: cy-rm } }
entitlements:
  github:acme/deployers:
    provider: github
    kind: team
    resource: acme/deployers
    roles: [member]
rules:
  - id: deploy
    entitlements: ["github:acme/*"]
    requesters: { roles: [developer] }
    max_duration: 2h
    approvals:
      - { from: { roles: [lead] }, count: 1 }
security_channel: C0SECURITY
`;
export const FILE = 'access.yaml';
export const read = (text: string | Uint8Array) => readPolicy(text, FILE);
export const bytes = (text: string) => new TextEncoder().encode(text);
export const report = (text: string | Uint8Array): string[] => {
  const result = read(text);
  return (result.ok ? result.value.warnings : result.error).map(describeProblem);
};
/** The good file with one piece replaced: the piece must be there. */
export const change = (piece: string, by: string): string => {
  if (!GOOD.includes(piece)) throw new Error(`not in the good file: ${piece}`);
  return GOOD.replace(piece, by);
};
/** The place at which the reader points, and what it says. */
export const place = (result: ReturnType<typeof read>) => {
  if (result.ok) return 'accepted';
  const [problem] = result.error;
  return problem && `${problem.line}:${problem.column} ${problem.message}`;
};
export const first = (text: string | Uint8Array) => place(read(text));
