/**
 * The stand-in's installation tokens: narrowed as asked, never beyond what the App was granted, an hour long by the
 * local clock. They have the new long format with dots, so that nothing may rely on the old 40 characters.
 */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';

export type Level = 'read' | 'write';
export const Narrowing = z.object({
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

const TOKEN_HOURS = 1;
const RANK = { read: 1, write: 2, admin: 3 };

export function openTokenStore(options: { appId: string; now: () => Date }) {
  const tokens = new Map<string, { members: Level | null; expiresAt: Date }>();
  const installed: { members: Level; suspended: boolean } = { members: 'write', suspended: false };

  return {
    /** What the organization granted the App; a test may change it. */
    installed,
    /** The body of GitHub's answer, `null` when more is asked than was granted. */
    mint(asked: z.infer<typeof Narrowing>) {
      const granted: z.infer<typeof Narrowing>['permissions'] & object = {
        members: installed.members,
        metadata: 'read',
      };
      const permissions = asked.permissions ?? granted;
      for (const [name, level] of Object.entries(permissions)) {
        const most = granted[name];
        if (most === undefined || RANK[level] > RANK[most]) return null;
      }
      const token = `ghs_${options.appId}_${randomBytes(60).toString('base64url')}.${randomBytes(90).toString('base64url')}`;
      const expiresAt = new Date(options.now().getTime() + TOKEN_HOURS * 3_600_000);
      const members = permissions['members'];
      tokens.set(token, { members: members === 'admin' ? 'write' : (members ?? null), expiresAt });
      return {
        token,
        expires_at: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z'),
        permissions: { ...permissions, metadata: 'read' },
        repository_selection: 'all',
      };
    },
    isValid(token: string): boolean {
      const held = tokens.get(token);
      return held !== undefined && options.now() < held.expiresAt;
    },
    allows(token: string, level: Level): boolean {
      const members = tokens.get(token)?.members ?? null;
      return members !== null && RANK[members] >= RANK[level];
    },
    revokeAll: () => tokens.clear(),
  };
}
