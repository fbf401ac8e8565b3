/**
 * What people typed, made harmless for showing; what is stored stays as typed. Characters that nobody can see or that turn
 * the reading direction are spelled out. Typed text belongs into rich_text or plain_text only; `mrkdwn` is for the few
 * words of one line that must stand in a sentence.
 */
const LONGEST_SHOWN = 2400;

/** Controls (but line feed and tab), format characters such as bidi and zero-width, lone surrogates, line separators. */
const UNSEEN =
  /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}\u{2800}]|[\u{FE00}-\u{FE0F}]|(?![\n\t])\p{Cc}/gu;

/** `[U+202E]` for what would act without being seen. */
const visible = (text: string): string =>
  text.replace(UNSEEN, (char) => {
    const number = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `[U+${number}]`;
  });

/** Slack sends `& < >` of a typed line as entities; people read the characters. */
const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Typed text for a rich_text or plain_text element, cut for the eye only. */
export function typedText(text: string, longest = LONGEST_SHOWN): string {
  const shown = visible(decoded(text));
  if (shown.length <= longest) return shown === '' ? '(nothing)' : shown;
  const cut = shown.slice(0, longest).replace(/\p{Cs}$/u, '');
  return `${cut}… (${shown.length - cut.length} more characters)`;
}

/** Escaped for mrkdwn: no mention, link or channel ping survives, and nothing breaks the line. */
export const mrkdwn = (text: string): string =>
  visible(text)
    .replace(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** A name or a typed word in code style, where Slack reads no formatting. */
export const code = (text: string): string => `\`${mrkdwn(text).replaceAll('`', 'ˋ')}\``;
