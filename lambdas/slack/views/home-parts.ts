/** The pieces a Home tab is made of: a header with a count, a few rows of a section, the buttons that turn its pages. */
import type { HomeLens, HomeSection } from '../../../shared/domain/home.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { context, mrkdwnSection } from './parts.ts';

/** Rows of a section on one page: the first that leaves a Home within its hundred blocks, whatever else it shows. */
export const ROWS = [10, 7, 5, 3] as const;
/** Of sections that are rarely long, or matter least: a Home has a hundred blocks for everything. */
const AT_MOST: Partial<Record<HomeSection, number>> = {
  ...{ extensions: 3, reviews: 3, scheduled: 3, recent: 3 },
};
/** Which page is looked at, and how many rows one has. */
export type Page = { readonly lens: HomeLens | null; readonly most: number };
export const HOME_ACTIONS = {
  ask: 'ask',
  again: 'ask-again',
  next: 'home-next',
  previous: 'home-previous',
} as const;

export type Listing<T> = {
  readonly section: HomeSection;
  readonly title: string;
  /** Said instead of an empty list; null where nothing needs to be said. */
  readonly none: string | null;
  readonly rows: readonly T[];
  /** There are more than those that were looked at. */
  readonly more: boolean;
  readonly row: (of: T) => KnownBlock[];
};

/** One page of a section; a page beyond the last is the last. */
export function listing<T>(of: Listing<T>, { lens, most: room }: Page): KnownBlock[] {
  const { rows, title, none } = of;
  if (rows.length === 0) return none === null ? [] : [header(title), context(none)];
  const most = Math.min(AT_MOST[of.section] ?? room, room);
  const last = Math.ceil(rows.length / most) - 1;
  const page = lens?.section === of.section ? Math.min(lens.page, last) : 0;
  const from = page * most;
  const shown = rows.slice(from, from + most);
  const total = `${rows.length}${of.more ? '+' : ''}`;
  const part = last === 0 ? total : `${from + 1}–${from + shown.length} of ${total}`;
  return [header(`${title} (${part})`), ...shown.flatMap(of.row), ...pager(of.section, page, last)];
}

export const header = (text: string): KnownBlock => ({
  type: 'header',
  text: { type: 'plain_text', text },
});

/** Stateless: a button says which page of which section, nothing else. */
function pager(of: HomeSection, page: number, last: number): KnownBlock[] {
  const turn = (actionId: string, label: string, to: number): Button => ({
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: label },
    value: JSON.stringify({ section: of, page: to }),
  });
  const elements = [
    ...(page < last ? [turn(HOME_ACTIONS.next, 'Show more', page + 1)] : []),
    ...(page > 0 ? [turn(HOME_ACTIONS.previous, 'Show those before', page - 1)] : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', block_id: `home-${of}-pages`, elements }];
}

/** A row, with a button at its side where there is something to do. */
export const row = (blockId: string, text: string, button?: Button): KnownBlock => ({
  ...mrkdwnSection(text),
  block_id: blockId,
  ...(button === undefined ? {} : { accessory: button }),
});
