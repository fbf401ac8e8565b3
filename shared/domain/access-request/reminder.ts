/**
 * When the holder of a grant is reminded that it ends: a tenth of the grant before its end, at least 15 minutes. A grant so
 * short that this would come in its first half has none. Follows from the grant alone, so an extension moves it.
 */
const SHARE = 0.1;
const LEAST_LEAD_SECONDS = 15 * 60;

export function reminderAt(grant: { authorizedAt: string; expiresAt: string }): string | null {
  const startMs = Date.parse(grant.authorizedAt);
  const endMs = Date.parse(grant.expiresAt);
  const leadMs = Math.max((endMs - startMs) * SHARE, LEAST_LEAD_SECONDS * 1000);
  return leadMs > (endMs - startMs) / 2 ? null : new Date(endMs - leadMs).toISOString();
}
