/** What every function is wired to. Made once by the stack, read by the function constructs. */
import type { Stage } from '../stage.ts';
import type { Alerts } from './alerts.ts';
import type { AuditArchive } from './audit-archive.ts';
import type { Credentials } from './credentials.ts';
import type { EndSchedules } from './end-schedules.ts';
import type { Settings } from './settings.ts';
import type { Tables } from './tables.ts';
import type { WorkQueue } from './work-queue.ts';

export type Parts = {
  readonly stage: Stage;
  readonly settings: Settings;
  readonly alerts: Alerts;
  readonly tables: Tables;
  readonly grants: WorkQueue;
  readonly removals: WorkQueue;
  readonly announcements: WorkQueue;
  readonly exports: WorkQueue;
  readonly ends: EndSchedules;
  readonly credentials: Credentials;
  readonly archive: AuditArchive;
  readonly publicUrl: string;
  /** Folder with one built folder per function, see infra/bundle.ts. */
  readonly builtFolder: string;
};

/** Environment that everything which decides or renders shares. */
export function decidingEnvironment({ settings, tables }: Parts) {
  return {
    HALLPASS_TENANT: settings.tenant,
    JOURNAL_TABLE: tables.journal.tableName,
    STATE_TABLE: tables.state.tableName,
  };
}

/** Of the functions that load the policy file, which infra/bundle.ts puts beside their code. */
export const POLICY_ENVIRONMENT = { POLICY_PATH: 'access.yaml' } as const;

export function queueEnvironment({ grants, removals, announcements }: Parts) {
  return {
    GRANTS_QUEUE_URL: grants.url,
    REMOVALS_QUEUE_URL: removals.url,
    ANNOUNCE_QUEUE_URL: announcements.url,
  };
}
