/** Which channels have a digest, and what belongs to which: by today's policy, for requests by the channel their card stands in. */
import type { KnownRequest } from '../access-request/model.ts';
import { matchesGlob } from '../policy/glob.ts';
import type { Policy, Rule } from '../policy/policy.ts';

const channelIn = (rule: Rule): string | undefined =>
  'channel' in rule ? rule.channel : undefined;

/** Every channel that a rule names, each once, in the order of the file. */
export const digestChannels = ({ rules }: Policy): readonly string[] => [
  ...new Set(rules.flatMap((rule) => channelIn(rule) ?? [])),
];

/** The security channel is told every day up to where the audit log is sealed: a witness that nobody who rewrites the log can take back. */
export const isWitness = (channel: string, policy: Policy): boolean =>
  channel === policy.security_channel;

/** Who gets a digest: those of the rules, and the security channel after them. */
export const toldChannels = (policy: Policy): readonly string[] => [
  ...new Set([
    ...digestChannels(policy),
    ...(policy.security_channel === undefined ? [] : [policy.security_channel]),
  ]),
];

export type Belonging = {
  /** Null: no digest tells of it. */
  ofRequest(request: Pick<KnownRequest, 'channel' | 'rule'>): string | null;
  /** `provider:kind:resource`. */
  ofContainer(container: string): readonly string[];
};

/** Where the card stands, while that channel has a digest; else where the rule sends its cards today. */
export function belongingBy(policy: Policy): Belonging {
  const channels = new Set(digestChannels(policy));
  const byRule = new Map(policy.rules.map((rule) => [rule.id, channelIn(rule) ?? null]));
  const byContainer = containerChannels(policy);
  return {
    ofRequest: ({ channel, rule }) =>
      channel !== null && channels.has(channel) ? channel : (byRule.get(rule) ?? null),
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
