/**
 * Slack's mrkdwn as a tree of words, read the way Slack reads it: tokens in angle brackets first, then code, then styles, and
 * entities last. So `&lt;@U0ANA&gt;` stays what somebody typed and never becomes a mention. Every text is accepted.
 */
import { emojiNamed } from './emoji.ts';

export type Word =
  | { readonly kind: 'text' | 'code' | 'pre'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'quote'; readonly words: readonly Word[] }
  | { readonly kind: 'user' | 'channel' | 'group' | 'range'; readonly id: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | {
      readonly kind: 'date';
      readonly seconds: number;
      readonly format: string;
      readonly fallback: string;
    };

const FENCE = /\n?```([\s\S]+?)```\n?/;
const QUOTE = /^(?:&gt;|>) ?(.*)$/;
/** Inline code, or a token in angle brackets. */
const ASIDE = /`([^`\n]+)`|<([^<>\n]+)>/g;
/** Characters of a private plane stand for what was set aside. */
const FIRST_PLACE = 0xf0000;
const PLACES = /[\u{F0000}-\u{FFFFD}]/gu;
const PLACE = /[\u{F0000}-\u{FFFFD}]/u;
const STYLES = [
  { kind: 'bold', pattern: stylePattern('\\*') },
  { kind: 'italic', pattern: stylePattern('_') },
  { kind: 'strike', pattern: stylePattern('~') },
] as const;

function stylePattern(mark: string): RegExp {
  const word = `[\\p{L}\\p{N}${mark}]`;
  const inner = `(?=[^\\s${mark}])([^${mark}\\n]*[^\\s${mark}])`;
  return new RegExp(`(?<!${word})${mark}${inner}${mark}(?!${word})`, 'u');
}

export function readMrkdwn(text: string): Word[] {
  return around(text, FENCE, quotes, ([, inner = '']) => ({
    kind: 'pre',
    text: decoded(inner.replace(/^\n|\n$/g, '')),
  }));
}

/** Words without any markup: emoji names become signs, everything else stays. */
export function readPlain(text: string): Word[] {
  return [{ kind: 'text', text: withEmoji(text) }];
}

export const withEmoji = (text: string): string =>
  text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiNamed(name) ?? whole);

/** What the pattern does not match is read by `rest`, what it matches becomes one word. */
function around(
  text: string,
  pattern: RegExp,
  rest: (text: string) => Word[],
  word: (match: RegExpExecArray) => Word,
): Word[] {
  const match = pattern.exec(text);
  if (match === null) return text === '' ? [] : rest(text);
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return [
    ...(before === '' ? [] : rest(before)),
    word(match),
    ...around(after, pattern, rest, word),
  ];
}

/** Lines that begin with `>` stand together as one quote. */
function quotes(text: string): Word[] {
  const words: Word[] = [];
  let plain: string[] = [];
  let quoted: string[] = [];
  const flush = () => {
    if (quoted.length > 0) words.push({ kind: 'quote', words: spans(quoted.join('\n')) });
    if (plain.length > 0) words.push(...spans(plain.join('\n')));
    quoted = [];
    plain = [];
  };
  for (const line of text.split('\n')) {
    const inner = QUOTE.exec(line)?.[1];
    if (inner === undefined ? quoted.length > 0 : plain.length > 0) flush();
    (inner === undefined ? plain : quoted).push(inner ?? line);
  }
  flush();
  return words;
}

/** Code and tokens are set aside first: what looks like a style inside them is none. */
function spans(text: string): Word[] {
  const aside: Word[] = [];
  const put = (word: Word): string => {
    aside.push(word);
    return String.fromCodePoint(FIRST_PLACE + aside.length - 1);
  };
  const masked = text
    .replaceAll(PLACES, '\u{FFFD}')
    .replaceAll(ASIDE, (whole, code: string | undefined, inner: string | undefined) =>
      put(inner === undefined ? { kind: 'code', text: decoded(code ?? '') } : token(whole, inner)),
    );
  return styled(masked, aside);
}

/** A mark counts only at the edge of a word, as in Slack; styles may stand in each other. */
function styled(text: string, aside: readonly Word[]): Word[] {
  const found = STYLES.flatMap(({ kind, pattern }) => {
    const match = pattern.exec(text);
    return match === null ? [] : [{ kind, match }];
  }).sort((a, b) => a.match.index - b.match.index)[0];
  if (found === undefined) return leaves(text, aside);
  const { kind, match } = found;
  const [whole, inner = ''] = match;
  return [
    ...leaves(text.slice(0, match.index), aside),
    { kind, words: styled(inner, aside) },
    ...styled(text.slice(match.index + whole.length), aside),
  ];
}

const leaves = (text: string, aside: readonly Word[]): Word[] =>
  around(text, PLACE, plainText, ([place]) => {
    const word = aside[(place.codePointAt(0) ?? 0) - FIRST_PLACE];
    return word ?? { kind: 'text', text: place };
  });

const plainText = (text: string): Word[] => [{ kind: 'text', text: decoded(withEmoji(text)) }];

function token(whole: string, inner: string): Word {
  const [body = '', ...labels] = inner.split('|');
  const label = decoded(labels.join('|'));
  const rest = body.slice(1);
  if (body.startsWith('@')) return { kind: 'user', id: rest };
  if (body.startsWith('#')) return { kind: 'channel', id: rest };
  if (body.startsWith('!subteam^')) return { kind: 'group', id: body.slice('!subteam^'.length) };
  if (body.startsWith('!date^')) return date(body, label);
  if (/^!(here|channel|everyone)$/.test(body)) return { kind: 'range', id: rest };
  const url = decoded(body);
  if (/^(https?|mailto):/i.test(url)) return { kind: 'link', url, text: label || url };
  return { kind: 'text', text: decoded(whole) };
}

/** `!date^seconds^format` with an optional link, which nothing of ours uses. */
function date(body: string, fallback: string): Word {
  const [, seconds = '', format = ''] = body.split('^');
  if (!/^-?\d{1,12}$/.test(seconds)) return { kind: 'text', text: fallback };
  return { kind: 'date', seconds: Number(seconds), format, fallback };
}

const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
