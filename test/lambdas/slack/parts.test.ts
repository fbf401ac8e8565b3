import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { mrkdwnSection } from '../../../lambdas/slack/views/parts.ts';

const longest = LIMITS.section.text;

test.each([
  ['a character of two halves', '𐀀'],
  ['a mention', '<@U0ANA>'],
  ['an escaped character', '&amp;'],
])('a text that is too long is never cut within %s', (_, piece) => {
  for (let room = 0; room <= piece.length + 2; room += 1) {
    const filler = 'x'.repeat(longest - 1 - room);
    const { text } = mrkdwnSection(`${filler}${piece}${'y'.repeat(50)}`).text;
    expect(text.length).toBeLessThanOrEqual(longest);
    const end = text.slice(filler.length, -1);
    expect(text.endsWith('…')).toBe(true);
    expect(end === '' || end.startsWith(piece)).toBe(true);
  }
});
