/** Which control each file of the evidence supports. It supports an auditor's judgement; it does not take its place. */
import type { TableName } from './tables.ts';

export const FRAMEWORKS = ['soc2', 'iso27001'] as const;
export type Framework = (typeof FRAMEWORKS)[number];
export const FRAMEWORK_TITLES: Readonly<Record<Framework, string>> = {
  soc2: 'SOC 2 (Trust Services Criteria 2017, points of focus 2022)',
  iso27001: 'ISO/IEC 27001:2022, Annex A',
};

export type Control = {
  readonly id: string;
  readonly about: string;
  /** What the pack shows of it. */
  readonly shows: string;
  readonly files: readonly (TableName | 'policies' | 'verification')[];
};

const LOGGED = 'Every event is chained by hash; the verification says whether a row was changed.';
const TIMED = 'Access has an end before it begins; the time past it was measured by reading back.';
const JUDGED = 'Who asked, under which rule, who approved, and that it was not the same person.';
const PROVED =
  'Approvals carry a one-time code bound to the request; authenticators have a history.';
const WATCHED = 'What the provider showed and no grant explains; refused attempts; failures.';
const REVIEWED =
  'Access by break-glass and what its reviewer found; exceptions; that no row of the log was changed.';
const LISTED =
  'Whom the policy listed when the period ended, with roles and accounts; what happened to authenticators.';
const REVIEWABLE =
  'Who might have what and who had it when the period ended, for whoever goes through it; that access ended on time.';
const CHANGED = 'Which policy was in force when, by hash, with its text.';

export const CONTROLS: Readonly<Record<Framework, readonly Control[]>> = {
  soc2: [
    {
      id: 'CC6.1',
      about: 'Logical access is restricted to authorised people',
      shows: JUDGED,
      files: ['access-granted', 'rights', 'approvals', 'policies'],
    },
    {
      id: 'CC6.2',
      about: 'Access is authorised before it is given, and removed when it is no longer due',
      shows: TIMED,
      files: ['people', 'approvals', 'access-granted', 'access-ended', 'access-at-end'],
    },
    {
      id: 'CC6.3',
      about: 'Access follows roles, least privilege and segregation of duties',
      shows: JUDGED,
      files: ['rights', 'access-at-end', 'access-granted', 'approvals', 'policy-changes'],
    },
    {
      id: 'CC6.6',
      about: 'Access from outside the boundary is protected',
      shows: PROVED,
      files: ['approvals', 'authenticators', 'refusals'],
    },
    {
      id: 'CC7.2',
      about: 'Anomalies are monitored',
      shows: WATCHED,
      files: ['drift', 'refusals', 'exceptions'],
    },
    {
      id: 'CC7.3',
      about: 'Security events are evaluated',
      shows: REVIEWED,
      files: ['reviews', 'exceptions', 'administration', 'verification'],
    },
    {
      id: 'CC8.1',
      about: 'Changes are authorised and recorded',
      shows: CHANGED,
      files: ['policy-changes', 'policies'],
    },
  ],
  iso27001: [
    {
      id: 'A.5.3',
      about: 'Segregation of duties',
      shows: JUDGED,
      files: ['approvals', 'exceptions'],
    },
    {
      id: 'A.5.15',
      about: 'Access control',
      shows: CHANGED,
      files: ['policy-changes', 'policies', 'rights', 'access-granted'],
    },
    {
      id: 'A.5.16',
      about: 'Identity management',
      shows: LISTED,
      files: ['people', 'authenticators'],
    },
    {
      id: 'A.5.17',
      about: 'Authentication information',
      shows: PROVED,
      files: ['authenticators', 'refusals'],
    },
    {
      id: 'A.5.18',
      about: 'Access rights are given, reviewed, changed and removed',
      shows: REVIEWABLE,
      files: ['people', 'rights', 'access-at-end', 'access-granted', 'access-ended', 'reviews'],
    },
    { id: 'A.5.33', about: 'Protection of records', shows: LOGGED, files: ['verification'] },
    {
      id: 'A.8.2',
      about: 'Privileged access rights',
      shows: JUDGED,
      files: ['rights', 'access-at-end', 'access-granted', 'access-ended', 'approvals', 'reviews'],
    },
    {
      id: 'A.8.5',
      about: 'Secure authentication',
      shows: PROVED,
      files: ['approvals', 'refusals'],
    },
    {
      id: 'A.8.15',
      about: 'Logging',
      shows: LOGGED,
      files: ['administration', 'refusals', 'verification'],
    },
    {
      id: 'A.8.16',
      about: 'Monitoring activities',
      shows: WATCHED,
      files: ['drift', 'exceptions'],
    },
  ],
};
