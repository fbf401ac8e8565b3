/**
 * Policy versions: each that was in force, or was to be, has its text, the text has the hash that the events name, and the data that
 * decisions read is what the text says.
 */
import type { AuditRow, AuditSource } from './audit-source.ts';
import { sha256 } from './digest.ts';
import { about, type Findings } from './findings.ts';

/** Events that name a policy file, which must be kept. */
const FILED: ReadonlySet<unknown> = new Set(['PolicyChanged', 'PolicyScheduled']);

export function openPolicies() {
  const named = new Set<string>();
  return {
    onRow({ event }: AuditRow): void {
      if (FILED.has(event['type']) && typeof event['hash'] === 'string') named.add(event['hash']);
    },
    /** @param contentOf the data of a policy's text as JSON; null when it is no policy */
    async check(
      source: AuditSource,
      contentOf: (text: string) => string | null,
      findings: Findings,
    ): Promise<void> {
      const missing = new Set(named);
      for await (const { hash, text, content } of source.policies(named)) {
        missing.delete(hash);
        if (sha256(text) !== hash)
          findings.add(about('policy-altered', `policy ${hash}`, 'Its text has another hash.'));
        else if (contentOf(text) !== content)
          findings.add(
            about('policy-altered', `policy ${hash}`, 'Its data is not what its text says.'),
          );
      }
      for (const hash of missing)
        findings.add(
          about('policy-missing', `policy ${hash}`, 'It was in force; its text is gone.'),
        );
    },
  };
}
