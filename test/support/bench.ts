/**
 * The application on a journal in memory with simple stand-ins for the other ports: a clock that stands still until it
 * is moved, a directory that knows the company, queues and alarms that are remembered.
 */

import { memoryJournal } from '../../shared/adapters/memory-journal.ts';
import { nobody } from '../../shared/adapters/nobody.ts';
import { readPolicy } from '../../shared/adapters/policy-file.ts';
import {
  type CommandDeps,
  executeCommand,
  type Side,
} from '../../shared/application/execute-command.ts';
import { journalPolicies, loadPolicy } from '../../shared/application/policies.ts';
import type {
  ApproveRequest,
  Command,
  RequestAccess,
} from '../../shared/domain/access-request/command.ts';
import type { KnownRequest } from '../../shared/domain/access-request/model.ts';
import { holdingIdOf } from '../../shared/domain/audit/chain.ts';
import type { PersonEvidence } from '../../shared/domain/policy/identity.ts';
import {
  type AlarmName,
  absent,
  type Journal,
  put,
  type QueueMessage,
  type QueueName,
} from '../../shared/ports.ts';
import { approve, request } from './commands.ts';
import { everybody, evidenceOf, policyText, TEAM } from './company.ts';
import { iso, START } from './samples.ts';
import { type Switches, troubled } from './troubled-journal.ts';
import { unmeasured } from './unmeasured.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const STEP = 59_000_100;

export type Bench = CommandDeps & {
  /** The journal without any trouble. */
  calm: Journal;
  switches: Switches;
  alarms: { name: AlarmName; fields: Readonly<Record<string, unknown>> }[];
  errors: string[];
  sent: { queue: QueueName; message: QueueMessage }[];
  queues: { send: (queue: QueueName, message: QueueMessage) => Promise<void> };
  setTime(seconds: number): void;
  /** Reads a policy file and makes it the active one. */
  enforce(text: string): ReturnType<typeof loadPolicy>;
  run(command: Command, side?: Side): ReturnType<typeof executeCommand>;
};

/** Without any policy yet. */
export function emptyBench(): Bench {
  const calm = memoryJournal('acme');
  const { journal, switches } = troubled(calm);
  const policies = journalPolicies({ journal });
  const alarms: Bench['alarms'] = [];
  const errors: string[] = [];
  const sent: Bench['sent'] = [];
  let now = START;
  let made = 0;
  const clock = { now: () => now };
  const telemetry: Bench['telemetry'] = {
    info: () => undefined,
    error: (message) => errors.push(message),
    alarm: (name, fields) => alarms.push({ name, fields }),
    ...unmeasured,
  };
  const unique = () => {
    made += 1;
    return made.toString(16).padStart(32, '0');
  };
  const deps: CommandDeps = {
    journal,
    clock,
    policies,
    telemetry,
    teamId: TEAM,
    directory: {
      ...nobody,
      evidence: async (people) =>
        new Map<string, PersonEvidence>(
          people
            .filter((each) => everybody.includes(each))
            .map((each) => [each, evidenceOf(each, now)]),
        ),
    },
    ids: {
      unique,
      token: unique,
      requestId: () => requestIdOf(Number.parseInt(unique(), 16)),
      secret: (bytes) => new Uint8Array(bytes).fill(made),
    },
  };
  return {
    ...deps,
    calm,
    switches,
    alarms,
    errors,
    sent,
    queues: {
      send: async (queue, message) => {
        sent.push({ queue, message });
      },
    },
    setTime: (seconds) => {
      now = new Date(START.getTime() + seconds * 1000);
    },
    enforce: (text) =>
      loadPolicy(
        {
          journal,
          readPolicy,
          clock,
          telemetry,
          source: {
            load: async () => ({ bytes: new TextEncoder().encode(text), fileName: 'access.yaml' }),
          },
        },
        { kind: 'operator' },
      ),
    run: (command, side) => executeCommand(command, deps, side),
  };
}

/** With the company's policy in force. */
export async function bench(changes: object = {}): Promise<Bench> {
  const made = emptyBench();
  const loaded = await made.enforce(policyText(changes));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return made;
}

export function requestIdOf(number: number): string {
  const digits = [0, 1, 2, 3, 4, 5].map((place) => CROCKFORD.charAt((number >> (5 * place)) % 32));
  return `AR-${digits.reverse().join('')}`;
}

/** An ask of somebody for themself, for the holding that belongs to their account. */
export function askOf(name: string, part: Partial<RequestAccess> = {}): RequestAccess {
  const sample = request();
  const { provider, kind, resource } = sample.entitlement;
  const slack = `U0${name.toUpperCase()}`;
  const holdingId = holdingIdOf({ provider, kind, resource, login: `${name}-gh` });
  return { ...request(), actor: { kind: 'person', id: slack }, subject: slack, holdingId, ...part };
}

/** Asks and expects a request. */
export async function pendingOn(on: Bench, command = askOf('ana')): Promise<KnownRequest> {
  const asked = await on.run(command);
  if (!asked.ok) throw new Error(JSON.stringify(asked.error));
  return asked.value.state;
}

/** Bo's approval of what is there, with a code that was verified for it. */
export function boApproves(
  state: KnownRequest,
  step = STEP,
): { command: ApproveRequest; code: NonNullable<Side['code']> } {
  const { requestId, contentHash } = state;
  const factor = { kind: 'totp' as const, step };
  return {
    command: approve('U0BO', { requestId, contentHash }),
    code: {
      owner: 'U0BO',
      authenticatorId: 'a'.repeat(32),
      purpose: 'approve',
      evidence: { factor, contentHash },
    },
  };
}

export async function enrolBo(on: Bench, owner = 'U0BO'): Promise<void> {
  const authenticator = {
    owner,
    authenticatorId: 'a'.repeat(32),
    sealed: { key: 'k', iv: 'i', ciphertext: 'c', tag: 't' },
    enrolledAt: iso(),
    mayApproveFrom: iso(),
    lastStep: 0,
    attempts: 1,
    failuresInRow: 1,
    lockedUntil: null,
    needsProof: false,
    recovery: null,
    reset: null,
    approvalsVoidUntil: null,
  };
  await on.calm.commit([put(absent('authenticator', owner), authenticator)], START);
}

/** Types of the events of a chain, in order. */
export const typesOf = async (on: Bench, requestId = 'AR-7K2M9Q'): Promise<string[]> =>
  (await on.calm.history('request', requestId)).map(({ event }) => event.type);

/** Everything that was refused so far, in the shard that the stand-in's ids lead to. */
export const refusalsOf = async (on: Bench) =>
  (await on.calm.history('refusals', '2026-03-02#0')).map(({ event }) => event);
