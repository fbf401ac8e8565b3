/** What each provider stand-in holds now: provider -> container -> direct members with their roles. One line per provider. */
import type { Embedded } from './embedded.ts';

export type ProviderStates = Record<string, Record<string, { account: string; role: string }[]>>;

export const providerStates = ({ github }: Pick<Embedded, 'github'>): ProviderStates => ({
  github: github.state(),
});
