/** What each provider stand-in holds now: provider -> container -> direct members with their roles. One line per provider. */
import type { Embedded } from './embedded.ts';

export type ProviderStates = Record<string, Record<string, { account: string; role: string }[]>>;

export const providerStates = ({
  github,
  gitlab,
}: Pick<Embedded, 'github' | 'gitlab'>): ProviderStates => ({
  github: github.state(),
  gitlab: gitlab.state(),
});
