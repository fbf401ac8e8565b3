/** What the policy names and this deployment cannot reach: asks for it are refused, so whoever deploys is told. */
import type { Policy } from '../../shared/domain/policy/policy.ts';
import type { Settings } from './deployed.ts';

/** As infra/constructs/settings.ts tells the function that takes asks. */
const reachable = ({ gitlabApiUrl }: Settings): string[] => [
  'github',
  ...(gitlabApiUrl === '' ? [] : ['gitlab']),
];

export function unreachableProviders(policy: Policy, settings: Settings): string[] {
  const there = reachable(settings);
  const named = Object.values(policy.entitlements).map(({ provider }) => provider);
  return [...new Set(named)].filter((provider) => !there.includes(provider));
}

export const unreachableWords = (provider: string): string =>
  `The policy names ${provider}, which this deployment was given no address for: asks for it are refused (provider-not-configured). Give it (docs/deployment.md, Parameters), or take it out of the policy.`;
