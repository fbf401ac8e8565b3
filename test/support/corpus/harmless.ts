/** What must hold for every picture, whatever the state and the words in it. Answers what does not. */
import { charactersIn, LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { problemsOfBlocks } from '../../../local/slack/block-kit/blocks.ts';
import { problemsOfAnsweredOptions } from '../../../local/slack/block-kit/suggestions.ts';
import { problemsOfView, viewTooLarge } from '../../../local/slack/block-kit/view.ts';
import { isObject, type JsonObject } from '../../../local/slack/json.ts';
import type { Piece } from './piece.ts';

/** The only things between angle brackets that a text of ours may hold. U0EVIL and C0EVIL are those of the hostile texts. */
const OURS =
  /^<(?:@(?!U0EVIL)[UW][A-Z0-9]{2,30}|#(?!C0EVIL)[CG][A-Z0-9]{2,20}|!date\^-?[0-9]+\^[^<>^|]*\|[^<>^|]*)>$/;
/** Elements of rich text that act on their own. */
const ACTING = new Set(['link', 'user', 'usergroup', 'broadcast', 'channel', 'emoji']);
/** What nobody sees, beside line feeds and tabs. */
const UNSEEN = /(?![\n\t])\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function problemsOf(piece: Piece): readonly string[] {
  if (piece.surface === 'options')
    return told(problemsOfAnsweredOptions({ option_groups: piece.groups }));
  if (piece.surface === 'message') {
    const { text, blocks } = piece.message;
    return [
      ...told(problemsOfBlocks(blocks, 'message')),
      ...problemsOfText(text),
      ...(charactersIn(blocks) > LIMITS.message.charactersOverAllBlocks ? ['too long'] : []),
      ...harmsOf(blocks),
    ];
  }
  return [
    ...told(problemsOfView(piece.view, piece.surface)),
    ...(viewTooLarge(piece.view) ? ['the view is too large'] : []),
    ...harmsOf(piece.view.blocks),
  ];
}

const told = (problems: readonly object[]): string[] => problems.map((one) => JSON.stringify(one));

/** The notification: never empty, never somebody's words. */
function problemsOfText(text: string): string[] {
  const { text: longest } = LIMITS.message;
  return [
    ...(text.trim() === '' ? ['no text'] : []),
    ...(text.length > longest ? ['the text is too long'] : []),
    ...(/INC-1|evil/i.test(text) ? [`typed words in the text: ${text}`] : []),
    ...markupIn(text),
  ];
}

function markupIn(text: string): string[] {
  const foreign = [...text.matchAll(/<[^>]*>?/g)].filter(([token]) => !OURS.test(token));
  return [
    ...foreign.map(([token]) => `acts: ${token}`),
    ...(UNSEEN.test(text) ? [`unseen characters in ${JSON.stringify(text)}`] : []),
  ];
}

function harmsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(harmsOf);
  if (!isObject(value)) return [];
  return [...harmsOfOne(value), ...Object.values(value).flatMap(harmsOf)];
}

function harmsOfOne(value: JsonObject): string[] {
  const { type, text } = value;
  if (type === 'image')
    return typeof value['alt_text'] === 'string' && value['alt_text'].trim() !== ''
      ? []
      : ['an image without alternative text'];
  if (ACTING.has(String(type))) return [`rich text that acts: ${String(type)}`];
  if (typeof text !== 'string') return [];
  if (type !== 'mrkdwn') return UNSEEN.test(text) ? [`unseen in ${JSON.stringify(text)}`] : [];
  // Without `verbatim`, Slack makes links and pings of addresses and names.
  return [...markupIn(text), ...(value['verbatim'] === true ? [] : [`not verbatim: ${text}`])];
}
