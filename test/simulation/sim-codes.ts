/** One-time codes and the box of their secrets: deterministic stand-ins behind the ports. */
import type { Authenticator } from '../../shared/domain/authenticator/model.ts';
import { Fault, type OneTimeCodes, type SecretBox } from '../../shared/ports.ts';
import { PEOPLE } from './cast.ts';
import type { Process, Processes } from './processes.ts';

const STEP_MS = 30_000;
export const stepAt = (ms: number): number => Math.floor(ms / STEP_MS);

/** Six digits of a person for a step: spread by multiplication, nothing more is needed here. */
export function codeOf(slack: string, step: number): string {
  const owner = PEOPLE.findIndex((person) => person.slack === slack) + 1;
  const mixed = Math.imul(Math.imul(step ^ (owner << 24), 0x9e3779b1) ^ (step >>> 7), 0x85ebca6b);
  return String((mixed >>> 0) % 1_000_000).padStart(6, '0');
}

/** `onVerified` learns of every comparison: whose code, and whether it was right. */
export function simCodes(onVerified: (owner: string, matched: boolean) => void): OneTimeCodes {
  return {
    matchStep(secret, sixDigits, now) {
      const owner = PEOPLE[(secret[0] ?? 0) - 1]?.slack;
      if (!owner) throw new Error('A secret of nobody');
      const step = stepAt(now.getTime());
      const matched = [step, step - 1].find((each) => codeOf(owner, each) === sixDigits) ?? null;
      onVerified(owner, matched !== null);
      return matched;
    },
    provisioning: () => {
      throw new Error('Nobody enrols in the simulation');
    },
    recoveryDigest: () => {
      throw new Error('Nobody recovers in the simulation');
    },
    matchDigest: () => null,
  };
}

export const authenticatorOf = (slack: string, at: string): Authenticator => ({
  owner: slack,
  authenticatorId: `authenticator-${slack}`,
  sealed: { key: 'sim', iv: 'sim', ciphertext: slack, tag: 'sim' },
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
});

export function simSecretBox(processes: Processes, process: Process): SecretBox {
  const fault = () =>
    new Fault('The key service does not answer.', { service: 'keys', retryable: true });
  return {
    seal: () => Promise.reject(new Error('Nothing is sealed in the simulation')),
    open: (sealed, context) =>
      processes.call(process, {
        point: 'secretBox.open',
        writes: false,
        latencyMs: [5, 40],
        slowMs: 3000,
        lateMs: 0,
        fail: fault,
        refusals: [],
        apply: () => {
          const owner = PEOPLE.findIndex(({ slack }) => slack === sealed.ciphertext) + 1;
          if (owner === 0 || context['owner'] !== sealed.ciphertext) throw fault();
          return Uint8Array.of(owner, 1, 2, 3);
        },
      }),
  };
}
