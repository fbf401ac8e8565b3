/**
 * What became of members without a grant in an exclusive container, told to the entitlement's owner and to the security channel:
 * a projection of the container's chain. Who it was is said by login, which stands in the holding's record and in no event.
 */
import { membersOf } from '../domain/policy/members.ts';
import type { EventOf } from '../domain/records.ts';
import { nameOf } from './container-name.ts';
import { type Noticed, type NoticeParts, type Pictures, tellNotices } from './notices.ts';

export type AboutStranger = {
  /** Null where it is known no more. */
  readonly login: string | null;
  /** Slack id, where the account is somebody's of the policy. */
  readonly person: string | null;
};
/** Pure pictures. */
export type RenderStrangers = (event: EventOf<'container'>, about: AboutStranger) => Pictures;

export type StrangerNoticeDeps = NoticeParts & { renderStrangers: RenderStrangers };

/** @throws Fault when Slack or the store should be tried again: the message comes back */
export const announceStrangers = (container: string, deps: StrangerNoticeDeps): Promise<Noticed> =>
  tellNotices(
    {
      about: container,
      again: { strangersIn: container },
      async news(after) {
        const chain = await deps.journal.history('container', container, after);
        return Promise.all(
          chain.map(async ({ seq, event }) => ({
            seq,
            pictures: deps.renderStrangers(event, await aboutIt(event, deps)),
            due: () => null,
          })),
        );
      },
      places: () => placesOf(container, deps),
      reminder: async () => null,
    },
    deps,
  );

async function aboutIt(
  event: EventOf<'container'>,
  { journal }: StrangerNoticeDeps,
): Promise<AboutStranger> {
  if (!('holdingId' in event)) return { login: null, person: null };
  const { value } = await journal.read('holding', event.holdingId);
  return { login: value?.login ?? null, person: value?.subject ?? null };
}

async function placesOf(container: string, { policies }: StrangerNoticeDeps) {
  const policy = (await policies.active())?.policy;
  const entitlements = policy ? [...membersOf(policy).entitlements.values()] : [];
  const owner = entitlements.find((each) => nameOf(each) === container)?.owner;
  const person = policy && owner !== undefined ? Object.entries(policy.people) : [];
  return {
    owner: person.find(([name]) => name === owner)?.[1].slack ?? null,
    security: policy?.security_channel ?? null,
  };
}
