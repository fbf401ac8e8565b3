/**
 * What GitLab shows of members: the direct membership, and the effective one with everything that comes from groups
 * above or invited groups. Both are asked for, because the direct endpoint hides the inherited role and the effective
 * one hides what could be taken away here. A membership that awaits a seat gives no access and counts as none.
 */
import type { ProviderAccount, ProviderMembership } from '../../ports.ts';
import { userId } from './accounts.ts';
import { type Member, memberAnswer, membersAnswer } from './answers.ts';
import { roleOf } from './catalog.ts';
import { instantOf } from './expiry.ts';
import type { GitlabApi } from './gitlab-api.ts';
import { allPages } from './pages.ts';
import type { Place } from './place.ts';

const ABSENT: ProviderMembership = { role: null, direct: true, until: null };

export async function readMembership(
  api: GitlabApi,
  place: Place,
  account: ProviderAccount,
): Promise<ProviderMembership> {
  const [direct, effective] = await Promise.all([
    memberOf(api, `${place.url}/members`, account),
    memberOf(api, `${place.url}/members/all`, account),
  ]);
  return membershipFrom(direct, effective);
}

export const directMember = (api: GitlabApi, place: Place, account: ProviderAccount) =>
  memberOf(api, `${place.url}/members`, account);

export async function listMembers(
  api: GitlabApi,
  place: Place,
): Promise<readonly (ProviderAccount & ProviderMembership)[]> {
  const direct = await allOf(api, `${place.url}/members`, place);
  const effective = await allOf(api, `${place.url}/members/all`, place);
  return [...new Map([...effective, ...direct]).values()].flatMap((member) => {
    const membership = membershipFrom(
      direct.get(member.id) ?? null,
      effective.get(member.id) ?? null,
    );
    const account = { accountId: String(member.id), login: member.username };
    return membership.role === null ? [] : [{ ...account, ...membership }];
  });
}

export const isAwaiting = (member: Member): boolean => member.membership_state === 'awaiting';

function membershipFrom(direct: Member | null, effective: Member | null): ProviderMembership {
  const above = effective !== null && !isAwaiting(effective) ? effective : null;
  if (direct === null || isAwaiting(direct)) {
    return above === null ? ABSENT : { ...held(above), direct: false };
  }
  const stronger = above !== null && above.access_level > direct.access_level;
  return {
    ...held(direct),
    direct: true,
    ...(stronger ? { inherited: roleOf(above.access_level) } : {}),
    ...(direct.member_role ? { variant: String(direct.member_role.id) } : {}),
  };
}

const held = (member: Member) => ({
  role: roleOf(member.access_level),
  until: instantOf(member.expires_at),
});

async function memberOf(api: GitlabApi, url: string, account: ProviderAccount) {
  const id = userId(account);
  const found = await api.ask({
    method: 'GET',
    path: `${url}/${id}`,
    status: 200,
    schema: memberAnswer.refine((member) => member.id === id),
  });
  return found === null ? null : found.value;
}

/** By id; where GitLab lists a person twice (a group and an invited group), the stronger membership counts. */
async function allOf(api: GitlabApi, path: string, place: Place): Promise<Map<number, Member>> {
  const members = new Map<number, Member>();
  for await (const page of allPages(api, { path, name: place.name, schema: membersAnswer })) {
    for (const member of page) {
      const known = members.get(member.id);
      if (known === undefined || known.access_level < member.access_level) {
        members.set(member.id, member);
      }
    }
  }
  return members;
}
