/** What a change of a membership asks for, checked in the order in which GitLab checks it: parameters, then the model. */
import type { Context } from 'hono';
import * as z from 'zod';
import { CUSTOM_ROLES, LEVELS, type Member, type Place, type User } from './model.ts';
import { badParameter, refuse } from './refusal.ts';
import type { World } from './world.ts';

const MINIMAL = 5;
const number = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);
const Asked = z.object({
  user_id: number.optional(),
  username: z.string().optional(),
  access_level: number.optional(),
  /** Left out: stays. `null` or an empty text: cleared. */
  expires_at: z.union([z.iso.date(), z.literal('').transform(() => null), z.null()]).optional(),
  member_role_id: z.union([number, z.null()]).optional(),
});
export type Asked = z.infer<typeof Asked>;
export type Terms = Pick<Member, 'level' | 'expiresAt' | 'memberRoleId'>;

/** The parameters, from a JSON or form body and the query; a `Response` is GitLab's complaint about them. */
export async function askedFor(context: Context): Promise<Asked | Response> {
  const parsed = Asked.safeParse({ ...context.req.query(), ...(await bodyOf(context)) });
  if (!parsed.success) {
    return badParameter(context, `${String(parsed.error.issues[0]?.path[0])} is invalid`);
  }
  const level = parsed.data.access_level;
  if (level === undefined) return badParameter(context, 'access_level is missing');
  const known: readonly number[] = [MINIMAL, ...Object.values(LEVELS)];
  if (known.includes(level)) return parsed.data;
  return badParameter(context, 'access_level does not have a valid value');
}

async function bodyOf(context: Context): Promise<object> {
  const type = context.req.header('content-type') ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return context.req.parseBody();
  try {
    const body: unknown = JSON.parse((await context.req.text()) || '{}');
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {}; // GitLab too goes on without it and then misses what is required
  }
}

/** What the membership would become, or GitLab's refusal by field. */
export function termsOf(
  world: World,
  now: Date,
  change: { place: Place; user: User; before: Member | undefined; asked: Asked },
): Terms | Record<string, string[]> {
  const { place, user, before, asked } = change;
  const level = asked.access_level ?? 0;
  const expiresAt = asked.expires_at === undefined ? (before?.expiresAt ?? null) : asked.expires_at;
  const memberRoleId =
    asked.member_role_id === undefined ? (before?.memberRoleId ?? null) : asked.member_role_id;
  if (expiresAt !== null && expiresAt < now.toISOString().slice(0, 10)) {
    return { expires_at: ['cannot be a date in the past'] };
  }
  const above = world
    .groupsAbove(place)
    .flatMap((group) => {
      const member = world.direct(group, user.id);
      return member === undefined ? [] : [{ group, level: member.level }];
    })
    .sort((a, b) => b.level - a.level)[0];
  if (above !== undefined && above.level > level) {
    const role = Object.entries(LEVELS).find(([, value]) => value === above.level)?.[0] ?? '';
    const named = role.charAt(0).toUpperCase() + role.slice(1);
    return {
      access_level: [
        `should be greater than or equal to ${named} inherited membership from group ${above.group.path.split('/').at(-1)}`,
      ],
    };
  }
  const kept = memberRoleId !== null && memberRoleId === before?.memberRoleId;
  if (kept && before.level !== level) {
    return {
      access_level: ['cannot be changed because of an existing association with a custom role'],
    };
  }
  if (memberRoleId !== null && CUSTOM_ROLES.get(memberRoleId) !== level) {
    return {
      member_role_id: [
        "the custom role's base access level does not match the current access level",
      ],
    };
  }
  return { level, expiresAt, memberRoleId };
}

export const isRefusal = (
  terms: Terms | Record<string, string[]>,
): terms is Record<string, string[]> => !('level' in terms);

export const refuseTerms = (context: Context, fields: Record<string, string[]>) =>
  refuse(context, 400, fields);
