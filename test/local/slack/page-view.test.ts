/** What one person sees on the page: conversations, threads, unread marks, the menu of commands, what stands in fields. */
import {
  chosenOption,
  enteredSeconds,
  fieldsOf,
  matching,
  tickedValues,
  typedOf,
} from '../../../local/page/slack/form-state.ts';
import { keyed } from '../../../local/page/slack/keyed.ts';
import { inProgress, offered, readLine } from '../../../local/page/slack/slash-menu.ts';
import {
  channelsOf,
  rootsOf,
  shared,
  threadOf,
  unreadFor,
  unreadIn,
} from '../../../local/page/slack/view-model.ts';
import type { Message, PageState } from '../../../local/slack/page/contract.ts';

const plain = { isPrivate: false, isArchived: false, isExtShared: false, hasOlder: false };
const channel = (id: string, name: string, members: string[]) => ({
  ...{ id, name, members, kind: 'channel' as const },
  ...plain,
});

const message = (ts: string, unlike: Partial<Message> = {}): Message => ({
  ...{ channel: 'C1', ts, threadTs: null, broadcast: false, user: 'U0BOT', text: ts },
  ...{ blocks: [], edited: false, onlyFor: null, files: [] },
  ...unlike,
});

const workspace = (messages: Message[]): PageState => ({
  app: { userId: 'U0BOT', name: 'Hallpass', readOnly: true },
  team: 'acme',
  people: [],
  userGroups: [],
  conversations: [
    channel('C1', 'work', ['U0ANA', 'U0BO']),
    channel('C2', 'bo-only', ['U0BO']),
    { ...channel('C3', 'old', ['U0ANA']), isArchived: true },
  ],
  messages,
  modals: [],
  homes: {},
  commands: [],
  shortcuts: [],
});

const at = (me: string, conversation = 'C1') => ({ me, conversation });

describe('a person’s screen', () => {
  test('only channels one is a member of, without archived ones', () => {
    expect(channelsOf(workspace([]), 'U0ANA').map(({ name }) => name)).toEqual(['work']);
  });

  test('somebody else’s private message is not there, in the channel and in threads', () => {
    const state = workspace([
      message('1'),
      message('2', { onlyFor: 'U0BO' }),
      message('3', { threadTs: '1', onlyFor: 'U0BO' }),
      message('4', { threadTs: '1' }),
    ]);
    const seen = (me: string) =>
      rootsOf(state, 'C1', me).map((one) => [one.message.ts, one.replies.length]);
    expect(seen('U0ANA')).toEqual([['1', 1]]);
    expect(seen('U0BO')).toEqual([
      ['1', 2],
      ['2', 0],
    ]);
  });

  test('a broadcast reply stands in the channel as well, and has no thread of its own', () => {
    const state = workspace([message('1'), message('2', { threadTs: '1', broadcast: true })]);
    expect(
      rootsOf(state, 'C1', 'U0ANA').map((one) => [one.message.ts, one.replies.length]),
    ).toEqual([
      ['1', 1],
      ['2', 0],
    ]);
    expect(threadOf(state, { ...at('U0ANA'), ts: '1' })?.replies).toHaveLength(1);
    expect(threadOf(state, { ...at('U0ANA'), ts: '9' })).toBeNull();
  });

  test('mentions and direct words count, the rest is only new; own words and private messages never', () => {
    const state = workspace([
      message('1', { text: 'for <@U0BO>' }),
      message('2', { blocks: [{ type: 'section', text: { text: 'ask <@U0BO>' } }] }),
      message('3', { user: 'U0BO', text: 'me: <@U0BO>' }),
      message('4', { onlyFor: 'U0BO', text: '<@U0BO>' }),
      message('5', { channel: 'D0BO' }),
      message('6', { channel: 'C2', text: '<@U0BO>' }),
    ]);
    expect(unreadIn(state, at('U0BO'), {})).toEqual({ some: true, count: 2 });
    expect(unreadIn(state, at('U0ANA'), {})).toEqual({ some: true, count: 0 });
    expect(unreadFor(state, 'U0BO', {})).toBe(4);
    expect(unreadFor(state, 'U0BO', { C1: '2', D0BO: '5' })).toBe(1);
  });

  test('a reply that mentions nobody does not make its channel unread', () => {
    const state = workspace([message('1'), message('2', { threadTs: '1' })]);
    expect(unreadIn(state, at('U0ANA'), { C1: '1' })).toEqual({ some: false, count: 0 });
  });

  test('what did not change stays the same object, what changed does not', () => {
    const before = workspace([message('1'), message('2')]);
    const after = shared(before, workspace([message('1'), message('2', { text: 'edited' })]));
    expect(after.messages[0]).toBe(before.messages[0]);
    expect(after.messages[1]).not.toBe(before.messages[1]);
    expect(after.messages[1]?.text).toBe('edited');
  });
});

describe('the line', () => {
  const commands = ['/request-access', '/access'].map((command) => ({
    ...{ command, description: '', usageHint: '' },
  }));
  const names = (line: string) => offered(line, commands).map(({ command }) => command);

  test('"/" offers all, more letters those that begin so first, an argument none', () => {
    expect(names('/')).toEqual(['/request-access', '/access']);
    expect(names('/acc')).toEqual(['/access', '/request-access']);
    expect(names('/REQ')).toEqual(['/request-access']);
    expect(names('/access mine')).toEqual([]);
    expect(names('say /')).toEqual([]);
    expect(names('/zzz')).toEqual([]);
  });

  test('a line is a command, an unknown one, or words', () => {
    expect(readLine('/access  approve AR-7K2M9Q\n', commands)).toEqual({
      ...{ kind: 'command', command: '/access', text: 'approve AR-7K2M9Q' },
    });
    expect(readLine('/access', commands)).toMatchObject({ kind: 'command', text: '' });
    expect(readLine('/acess mine', commands)).toEqual({ kind: 'unknown', command: '/acess' });
    expect(readLine('see /access', commands)).toEqual({ kind: 'words' });
    expect(readLine(' /access', commands)).toEqual({ kind: 'words' });
  });

  test('the usage is shown once arguments begin', () => {
    expect(inProgress('/access', commands)).toBeNull();
    expect(inProgress('/access m', commands)?.command).toBe('/access');
  });
});

describe('fields', () => {
  const option = (value: string, text = value) => ({ value, text: { type: 'plain_text', text } });
  const select = { type: 'static_select', action_id: 'role', options: [option('a'), option('b')] };
  const input = { type: 'input', block_id: 'role', element: select };
  const row = {
    type: 'actions',
    block_id: 'row',
    elements: [
      { type: 'button', action_id: 'go' },
      { type: 'datepicker', action_id: 'day' },
    ],
  };

  test('what holds a value is a field, a button is none', () => {
    expect(fieldsOf([input, row]).map(({ id }) => id)).toEqual(['role/role', 'row/day']);
  });

  test('input survives where its field does, and is dropped where the field is gone', () => {
    const entered = { 'role/role': 'b', 'gone/x': 'y' };
    expect(typedOf([input], entered)).toEqual({ 'role/role': 'b' });
    expect(typedOf([row], entered)).toEqual({});
  });

  test('a menu shows what was chosen, else what the app set, and nothing once emptied', () => {
    const preset = { ...select, initial_option: option('a') };
    expect(chosenOption(preset, undefined)).toEqual(option('a'));
    expect(chosenOption(preset, 'b')).toEqual(option('b'));
    expect(chosenOption(preset, option('from-app'))).toEqual(option('from-app'));
    expect(chosenOption(preset, '')).toBeNull();
  });

  test('boxes are those that were ticked, else those that the app ticked', () => {
    const boxes = { type: 'checkboxes', initial_options: [option('a')] };
    expect(tickedValues(boxes, undefined)).toEqual(['a']);
    expect(tickedValues(boxes, [])).toEqual([]);
  });

  test('an instant is the seconds that were picked, else those that the app set, and nothing once emptied', () => {
    const picker = { type: 'datetimepicker', initial_date_time: 1_795_366_800 };
    expect(enteredSeconds(picker, undefined)).toBe('1795366800');
    expect(enteredSeconds(picker, '1795370400')).toBe('1795370400');
    expect(enteredSeconds(picker, '')).toBe('');
    expect(enteredSeconds({ type: 'datetimepicker' }, undefined)).toBe('');
  });

  test('typing finds every word in any order, beginnings first', () => {
    const choices = ['acme deploy', 'deploy acme', 'other'].map((text) => ({
      ...{ option: option(text), group: null },
    }));
    const found = matching(choices, 'deploy ACME').map((one) => one.option['value']);
    expect(found).toEqual(['deploy acme', 'acme deploy']);
  });

  test('items of the same name get keys of their own that stay when others join', () => {
    expect(keyed(['a', 'b', 'a'], String).map(({ key }) => key)).toEqual(['a#1', 'b#1', 'a#2']);
  });
});
