/**
 * What the events of a common request lead to, as the canonical JSON of its state, put together from pieces of the lines themselves:
 * parsing events and making a new state for each costs more than everything else that a verifier does. Knows the usual way from
 * asking to an end and nothing beside it: at anything else it gives up, and `evolve` decides. A test holds it against `evolve`.
 */
export type QuickFold = {
  /**
   * @param event in canonical JSON, as the journal wrote it
   * False: not one of the usual events, or not where it can come. Nothing is known about the request any more.
   */
  add(event: string): boolean;
  /** Null while access is there or under way, since a holding claims something then too, and before the first event. */
  text(): string | null;
};

/** Copied from the ask as they are. */
const ASKED = [
  ...['approvalsNeeded', 'breakGlass', 'channel', 'codeFrom', 'contentHash', 'durationSeconds'],
  ...['entitlement', 'holdingId', 'justification', 'lapsesAt', 'policyHash', 'requestId'],
  ...['requester', 'rule', 'start', 'subject', 'ticket'],
];
/** Every field that such a state can have, in the order of canonical JSON. */
const FIELDS = [
  ...['activatedAt', 'approvals', 'authorizedAt', 'closedAt', 'closedBy', 'endedAt'],
  ...['endedBecause', 'endedBy', 'escalation', 'expiresAt', 'grantSeconds', 'lastFailure'],
  ...['nudgedAt', 'outcome', 'reason', 'removalFailures', 'removedAt', 'requestedAt', 'review'],
  ...['reviewOverdueAt', 'revokeCause', 'status', 'version', ...ASKED],
].sort();
const PLACES: ReadonlyMap<string, number> = new Map(FIELDS.map((name, place) => [name, place]));
const NAMES = FIELDS.map((name) => `,"${name}":`);

type Draft = {
  status: string;
  version: number;
  /** Approver -> approval, in the order in which they came. */
  readonly approvals: Map<string, string>;
  /** The text of each field, by its place. */
  readonly pieces: (string | undefined)[];
};

export function openQuickFold(): QuickFold {
  const draft: Draft = { status: 'new', version: 0, approvals: new Map(), pieces: [] };
  return {
    add(event) {
      const step = STEPS.get(typeOf(event));
      if (!step?.from.includes(draft.status)) return false;
      const cut = step.shape.exec(event);
      if (!cut) return false;
      for (const [group, place] of step.places) draft.pieces[place] = cut[group];
      const status = step.apply(draft, cut);
      draft.status = status ?? draft.status;
      draft.version += 1;
      return status !== null;
    },
    text: () => (draft.status === 'new' || LIVE.includes(draft.status) ? null : textOf(draft)),
  };
}
const LIVE = ['activating', 'active', 'removing'];

const TYPE = '"type":"';
/** In canonical JSON nothing but `v` comes behind it. */
function typeOf(event: string): string {
  const start = event.lastIndexOf(TYPE) + TYPE.length;
  return event.slice(start, event.indexOf('"', start));
}

function textOf(draft: Draft): string {
  const { status, version, approvals, pieces } = draft;
  put(draft, 'status', `"${status}"`);
  put(draft, 'version', `${version}`);
  put(draft, 'approvals', `[${[...approvals.values()].join(',')}]`);
  let text = '';
  for (let place = 0; place < NAMES.length; place += 1) {
    const piece = pieces[place];
    if (piece !== undefined) text += `${NAMES[place]}${piece}`;
  }
  return `{${text.slice(1)}}`;
}

function put({ pieces }: Draft, name: string, piece: string | undefined): void {
  const place = PLACES.get(name);
  if (place !== undefined) pieces[place] = piece;
}

const INSTANT = '"\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d\\.\\d{3}Z"';
const COUNT = '[1-9][0-9]{0,14}';
const SHA256 = '"[0-9a-f]{64}"';
const COMMITMENT = '"sha256:[0-9a-f]{64}"';
const USER = '"[UW][A-Z0-9]{2,30}"';
/** A text with a quote or a backslash in it is not usual. */
const text = (least = 0, most = 1000) => `"[^"\\\\]{${least},${most}}"`;
const ACTOR = `\\{"id":${USER},"kind":"person"\\}|\\{"kind":"(?:timer|sweep|ensure|policy|operator)"\\}`;
const ENTITLEMENT = `\\{"id":${text(3, 200)},"kind":${text(1, 40)},"provider":${text(1, 40)},"resource":${text(1, 200)},"role":${text(1, 80)}\\}`;
/** How each field has to look: what the schemas of the events say, or less. */
const LOOKS: Readonly<Record<string, string>> = {
  ...{ at: INSTANT, lapsesAt: INSTANT, expiresAt: INSTANT, readBackAt: INSTANT },
  ...{ actor: ACTOR, requester: USER, subject: USER, approvers: `\\[(?:${USER}(?:,${USER})*)?\\]` },
  ...{ requestId: '"AR-[0-9A-HJKMNP-TV-Z]{6}"', holdingId: text(3, 300), accountId: text() },
  ...{ contentHash: SHA256, policyHash: SHA256, justification: COMMITMENT },
  ...{ approvalsNeeded: `0|${COUNT}`, durationSeconds: COUNT, entitlement: ENTITLEMENT },
  codeFrom: '\\{"approver":(?:true|false),"requester":(?:true|false)\\}',
  factor: `\\{"kind":"totp","step":${COUNT}\\}|null`,
  breakGlass: `\\{"incident":(?:${text(1, 64)}|null),"reviewBy":${INSTANT}\\}|null`,
  start: `\\{"notBefore":${INSTANT},"until":(?:${INSTANT}|null)\\}|null`,
  ...{ ticket: `${text(1, 64)}|null`, channel: `${text()}|null`, rule: text() },
  ...{
    reason: `${COMMITMENT}|null`,
    cause: '"(?:requester|approver|admin|policy|operator|ticket)"',
  },
  outcome: '"(?:removed|restored|covered|never-granted|left)"',
};
const PERSON = /^\{"id":("[^"]+"),/;

type Step = {
  /** Statuses in which it can come. */
  readonly from: readonly string[];
  /** The whole event; a group for each field. */
  readonly shape: RegExp;
  /** Which groups go to which fields of the state. */
  readonly places: readonly (readonly [group: number, place: number])[];
  /** The status that it leads to; null: not as usual. */
  apply(draft: Draft, cut: RegExpExecArray): string | null;
};

type Way = {
  readonly from: readonly string[];
  readonly v?: 2;
  readonly own: readonly string[];
  /** Fields of the event -> fields of the state. */
  readonly keeps: Readonly<Record<string, string>>;
  apply(draft: Draft, of: (name: string) => string): string | null;
};

function stepOf(type: string, { from, v, own, keeps, apply }: Way): [string, Step] {
  const names = ['actor', 'at', 'requestId', ...own].sort();
  const fields = names.map((name) => `"${name}":(${LOOKS[name]})`);
  const places = names.flatMap((name, i) => {
    const place = PLACES.get(keeps[name] ?? '');
    return place === undefined ? [] : [[i + 1, place] as const];
  });
  const shape = new RegExp(`^\\{${fields.join(',')},"type":"${type}","v":${v ?? 1}\\}$`);
  const groups = new Map(names.map((name, i) => [name, i + 1]));
  return [
    type,
    {
      ...{ from, shape, places },
      apply: (draft, cut) => apply(draft, (name) => cut[groups.get(name) ?? 0] ?? ''),
    },
  ];
}

function ask(draft: Draft): string {
  for (const name of ['review', 'reviewOverdueAt', 'escalation']) put(draft, name, 'null');
  put(draft, 'nudgedAt', '[]');
  return 'pending';
}

function approve({ approvals }: Draft, of: (name: string) => string): string | null {
  const approver = PERSON.exec(of('actor'))?.[1];
  if (approver === undefined) return null;
  const coded = of('factor') !== 'null';
  approvals.delete(approver);
  approvals.set(
    approver,
    `{"approver":${approver},"at":${of('at')},"coded":${coded},"durationSeconds":${of('durationSeconds')}}`,
  );
  return 'pending';
}

const end = (because: string) => (draft: Draft, of: (name: string) => string) => {
  if (draft.status === 'activating') put(draft, 'activatedAt', 'null');
  put(draft, 'endedBecause', `"${because}"`);
  put(draft, 'revokeCause', because === 'revoked' ? of('cause') : 'null');
  put(draft, 'removalFailures', '0');
  put(draft, 'lastFailure', 'null');
  return 'removing';
};

const CLOSED = { at: 'closedAt', actor: 'closedBy' };
const ENDED = { at: 'endedAt', actor: 'endedBy' };
const pending = { from: ['pending'] };
const live = { from: ['activating', 'active'], keeps: ENDED };
const STEPS: ReadonlyMap<string, Step> = new Map([
  stepOf('AccessRequested', {
    ...{ from: ['new'], v: 2, own: [...ASKED.filter((name) => name !== 'requestId'), 'factor'] },
    keeps: { ...Object.fromEntries(ASKED.map((name) => [name, name])), at: 'requestedAt' },
    apply: ask,
  }),
  stepOf('RequestApproved', {
    own: ['contentHash', 'policyHash', 'durationSeconds', 'factor'],
    ...{ ...pending, keeps: {}, apply: approve },
  }),
  stepOf('GrantAuthorized', {
    own: ['policyHash', 'durationSeconds', 'expiresAt', 'approvers'],
    keeps: { at: 'authorizedAt', durationSeconds: 'grantSeconds', expiresAt: 'expiresAt' },
    ...{ ...pending, apply: () => 'activating' },
  }),
  stepOf('GrantActivated', {
    ...{ from: ['activating'], own: ['accountId', 'readBackAt'], keeps: { at: 'activatedAt' } },
    apply: () => 'active',
  }),
  stepOf('GrantExpired', { ...live, own: [], apply: end('expired') }),
  stepOf('GrantRevoked', { ...live, own: ['cause', 'reason'], apply: end('revoked') }),
  stepOf('GrantRemoved', {
    ...{ from: ['removing'], own: ['outcome', 'readBackAt'] },
    keeps: { at: 'removedAt', outcome: 'outcome' },
    apply: () => 'ended',
  }),
  stepOf('RequestDenied', {
    ...{ ...pending, own: ['reason'], keeps: { ...CLOSED, reason: 'reason' } },
    apply: () => 'denied',
  }),
  stepOf('RequestWithdrawn', { ...pending, own: [], keeps: CLOSED, apply: () => 'withdrawn' }),
  stepOf('RequestLapsed', { ...pending, own: [], keeps: CLOSED, apply: () => 'lapsed' }),
]);
