/**
 * The workspace that the embedded Slack starts with: personas of local mode, people of every awkward kind that the bot
 * must refuse, and channels of every kind it may be pointed at.
 */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** Null where Slack shows none: bots, people of other companies. */
  readonly email: string | null;
  readonly tz: string;
  readonly tzLabel: string;
  readonly tzOffsetSeconds: number;
  /** Another team's id makes the person a stranger of a shared channel. */
  readonly teamId: string;
  readonly deleted: boolean;
  readonly isBot: boolean;
  readonly isRestricted: boolean;
  readonly isUltraRestricted: boolean;
  readonly isStranger: boolean;
};

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  /** Shared with another company. */
  readonly isExtShared: boolean;
  /** User ids, the bot's own included where it is a member. */
  readonly members: readonly string[];
};

export type UserGroup = {
  readonly id: string;
  readonly handle: string;
  readonly users: readonly string[];
};

export const LOCAL = {
  teamId: 'T0LOCAL',
  teamDomain: 'acme',
  appId: 'A0LOCAL',
  botUserId: 'U0BOT',
  botId: 'B0BOT',
  signingSecret: 'local-signing-secret',
  botToken: 'xoxb-local',
} as const;

function person(id: string, realName: string, unlike: Partial<Person> = {}): Person {
  const name = realName.toLowerCase();
  return {
    id,
    name,
    realName,
    email: `${name}@acme.example`,
    tz: 'Europe/Berlin',
    tzLabel: 'Central European Time',
    tzOffsetSeconds: 3600,
    teamId: LOCAL.teamId,
    deleted: false,
    isBot: false,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    ...unlike,
  };
}

const newYork = {
  tz: 'America/New_York',
  tzLabel: 'Eastern Standard Time',
  tzOffsetSeconds: -18_000,
};

export const localPeople: readonly Person[] = [
  person('U0ANA', 'Ana'),
  person('U0BO', 'Bo'),
  person('U0CY', 'Cy', newYork),
  person('U0DEE', 'Dee'),
  person('U0EVE', 'Eve'),
  person('U0GUEST', 'Guest', { isRestricted: true, isUltraRestricted: true }),
  person('U0SINGLE', 'Single', { isRestricted: true }),
  person('U0GONE', 'Gone', { deleted: true }),
  person('U0ROBOT', 'Robot', { isBot: true, email: null }),
  person('U0STRANGE', 'Strange', { isStranger: true, teamId: 'T0OTHER', email: null }),
  person(LOCAL.botUserId, 'Hallpass', { isBot: true, email: null }),
];

const personas = ['U0ANA', 'U0BO', 'U0CY', 'U0DEE'];
const everyone = [...personas, 'U0EVE', 'U0SINGLE'];

function channel(id: string, name: string, unlike: Partial<Channel>): Channel {
  const usual = { isPrivate: false, isArchived: false, isExtShared: false, members: personas };
  return { id, name, ...usual, ...unlike };
}

export const localChannels: readonly Channel[] = [
  channel('C0ACCESS', 'access', { members: [...personas, 'U0GUEST', LOCAL.botUserId] }),
  channel('C0SECURITY', 'security', { members: ['U0DEE', LOCAL.botUserId] }),
  channel('C0GENERAL', 'general', { members: [...everyone, LOCAL.botUserId] }),
  channel('C0PRIVATE', 'no-bot', {}),
  channel('C0SECRET', 'secret', { isPrivate: true }),
  channel('C0SHARED', 'with-partner', {
    isExtShared: true,
    members: [...personas, 'U0STRANGE', LOCAL.botUserId],
  }),
  channel('C0OLD', 'old', { isArchived: true, members: [...personas, LOCAL.botUserId] }),
];

export const localUserGroups: readonly UserGroup[] = [
  { id: 'S0RELEASE', handle: 'release-managers', users: ['U0BO', 'U0CY'] },
  { id: 'S0PLATFORM', handle: 'platform', users: ['U0CY'] },
];
