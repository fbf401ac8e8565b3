/**
 * The seven steps of the tour and how each is seen to be done: from the journal and the provider, never from clicks. Two
 * steps are for reading; they wait for a word from the person once there is something to read.
 */
import type { RequestDetail } from '../../xray/shapes.ts';
import type { Tab } from '../xray/tabs.tsx';

export type Facts = {
  /** The request that the tour follows, null until somebody asks. */
  detail: RequestDetail | null;
  persona: string;
  now: Date;
};

export type Step = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** What is outlined while the step is on. */
  readonly target: 'slack' | 'phones' | 'provider' | 'journal' | 'clock' | 'timeline';
  readonly tab: Tab | null;
  /** True while the person has something to read before going on. */
  readonly reading: boolean;
  readonly done: (facts: Facts) => boolean;
};

const GRANTED = ['active', 'removing', 'ended'];
const PAST_APPROVAL = ['activating', ...GRANTED];
const is = (statuses: readonly string[], { detail }: Facts) =>
  detail !== null && statuses.includes(detail.summary.status);

export const STEPS: readonly Step[] = [
  {
    id: 'ask',
    title: 'Ask',
    text: 'You are Ana. In #access, type `/request-access github:acme/deployers member 2h INC-123 rollback` and submit what you are shown.',
    target: 'slack',
    tab: null,
    reading: false,
    done: ({ detail }) => detail !== null,
  },
  {
    id: 'card',
    title: 'The card',
    text: 'The card is in #access with what an approver must know. Ana cannot approve her own request. Become Bo: pick him above the channels.',
    target: 'slack',
    tab: 'timeline',
    reading: false,
    done: (facts) =>
      is(PAST_APPROVAL, facts) ||
      (facts.detail?.announced === true && facts.persona !== facts.detail.summary.requester),
  },
  {
    id: 'approve',
    title: 'Approve with a code',
    text: 'Press Approve on the card in #access. Type the six digits that Bo’s authenticator shows, below right. The code is bound to exactly this request.',
    target: 'phones',
    tab: 'timeline',
    reading: false,
    done: (facts) => is(PAST_APPROVAL, facts),
  },
  {
    id: 'granted',
    title: 'Granted at the provider',
    text: 'Hallpass fixed the end first, then asked the provider, then read it back. Compare what the team held when Ana asked with what it holds now.',
    target: 'provider',
    tab: 'provider',
    reading: true,
    done: (facts) => is(GRANTED, facts),
  },
  {
    id: 'written',
    title: 'What was written',
    text: 'Each step is a row that seals the one before with a hash, written in the same transaction as the state it explains. Open a row to see it.',
    target: 'journal',
    tab: 'journal',
    reading: true,
    done: (facts) => is(GRANTED, facts),
  },
  {
    id: 'push',
    title: 'Push the clock',
    text: 'Let the time pass: the third clock button, above, jumps to the end of the grant.',
    target: 'clock',
    tab: 'timeline',
    reading: false,
    done: (facts) =>
      is(['removing', 'ended'], facts) ||
      (is(['active'], facts) &&
        Date.parse(facts.detail?.summary.expiresAt ?? '') <= facts.now.getTime()),
  },
  {
    id: 'gone',
    title: 'Gone and verified',
    text: 'The role was taken away and the provider was read again before anybody was told so. That was the tour: now try a fault, or ask as somebody else.',
    target: 'provider',
    tab: 'provider',
    reading: true,
    done: (facts) => is(['ended'], facts) && facts.detail?.holdsRole === false,
  },
];

/** How a request ends without a grant; the tour then begins again. */
export const WITHOUT_GRANT = ['denied', 'withdrawn', 'lapsed', 'failed'];
