/** An authenticator and a link to one, as they stand before anything happens; every test changes one thing and names it. */
import { UNTRIED } from '../../../shared/domain/authenticator/attempts.ts';
import type { LiveLink } from '../../../shared/domain/authenticator/enrolment.ts';
import type { Authenticator, Enrolment } from '../../../shared/domain/authenticator/model.ts';
import { HASH, iso } from '../../support/samples.ts';

type At<Stage extends Enrolment['stage']> = Extract<Enrolment, { stage: Stage }>;

export const SEALED = { key: 'local', iv: 'iv', ciphertext: 'sealed', tag: 'tag' };
export const TOKEN = 'b'.repeat(64);

export const authenticator = (changes: Partial<Authenticator> = {}): Authenticator => ({
  owner: 'U0ANA',
  authenticatorId: 'auth-0001',
  sealed: SEALED,
  enrolledAt: iso(),
  mayApproveFrom: iso(),
  lastStep: 100,
  ...UNTRIED,
  recovery: null,
  reset: null,
  approvalsVoidUntil: null,
  ...changes,
});

const link = {
  owner: 'U0ANA',
  vouch: null,
  authenticatorId: 'auth-0002',
  tokenHash: TOKEN,
  createdAt: iso(),
  expiresAt: iso(600),
  replaces: null,
  resetId: null,
};
export const offered = (): At<'offered'> => ({ stage: 'offered', ...link });
export const revealed = (codeTries = 0): At<'revealed'> => ({
  ...{ stage: 'revealed', ...link, sealed: SEALED, codeTries },
});
export const confirmedLink = (changes: Partial<At<'confirmed'>> = {}): At<'confirmed'> => ({
  ...{ stage: 'confirmed', ...link, sealed: SEALED, codeTries: 0, confirmedStep: 200 },
  ...{ wordHash: HASH, wordTries: 0, recovery: [] },
  ...changes,
});
export const vouched = (): At<'vouched'> => ({
  stage: 'vouched',
  owner: 'U0ANA',
  vouch: { by: { kind: 'person', id: 'U0BO' }, until: iso(86_400) },
});
export const codesLink = (): At<'recovery-codes'> => ({
  stage: 'recovery-codes',
  owner: 'U0ANA',
  authenticatorId: 'auth-0001',
  tokenHash: TOKEN,
  createdAt: iso(),
  expiresAt: iso(600),
});
export const done = (): At<'done'> => ({
  ...{ stage: 'done', owner: 'U0ANA', authenticatorId: 'auth-0002', tokenHash: TOKEN },
});
export const LIVE: readonly LiveLink[] = [offered(), revealed(), confirmedLink()];
