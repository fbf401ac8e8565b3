/** Which channels have a digest, who witnesses how far the log is sealed, and what belongs to which: by today's policy, for requests by the channel their card stands in. */
import type { KnownRequest } from '../access-request/model.ts';
import { whomToAsk } from '../policy/contacts.ts';
import { matchesGlob } from '../policy/glob.ts';
import type { Policy, Rule } from '../policy/policy.ts';

const channelIn = (rule: Rule): string | undefined =>
  'channel' in rule ? rule.channel : undefined;

/** Every channel that a rule names, each once, in the order of the file. */
export const digestChannels = ({ rules }: Policy): readonly string[] => [
  ...new Set(rules.flatMap((rule) => channelIn(rule) ?? [])),
];

/**
 * Who is told every day up to where the audit log is sealed: a witness that nobody who rewrites the log can take back. The security channel;
 * without one whoever answers for the policy (its admins), by direct message: Slack takes a member's id for a channel's. Without anybody, every channel.
 */
export function witnesses(policy: Policy): readonly string[] {
  if (policy.security_channel !== undefined) return [policy.security_channel];
  const people = whomToAsk(policy);
  return people.length > 0 ? people : digestChannels(policy);
}

export const isWitness = (channel: string, policy: Policy): boolean =>
  witnesses(policy).includes(channel);

/** Who gets a digest: the channels of the rules, and the witnesses after them. */
export const toldChannels = (policy: Policy): readonly string[] => [
  ...new Set([...digestChannels(policy), ...witnesses(policy)]),
];

export type Belonging = {
  /** Null: no digest tells of it. */
  ofRequest(request: Pick<KnownRequest, 'channel' | 'rule'>): string | null;
  /** `provider:kind:resource`. */
  ofContainer(container: string): readonly string[];
};

/** Where the card stands, while that channel has a digest; else where the rule sends its cards today. */
export function belongingBy(policy: Policy): Belonging {
  const channels = digestChannels(policy);
  const byRule = new Map(policy.rules.map((rule) => [rule.id, channelIn(rule) ?? null]));
  const byContainer = containerChannels(policy);
  return {
    ofRequest: ({ channel, rule }) =>
      channels.find((each) => each === channel) ?? byRule.get(rule) ?? null,
    ofContainer: (container) => byContainer.get(container) ?? [],
  };
}

function containerChannels(policy: Policy): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [id, { provider, kind, resource }] of Object.entries(policy.entitlements)) {
    const container = `${provider}:${kind}:${resource}`;
    const here = policy.rules.flatMap((rule) =>
      rule.entitlements.some((glob) => matchesGlob(glob, id)) ? (channelIn(rule) ?? []) : [],
    );
    found.set(container, [...new Set([...(found.get(container) ?? []), ...here])]);
  }
  return found;
}
