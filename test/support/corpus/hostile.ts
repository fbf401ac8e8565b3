/** What somebody might type or name a thing to make a message act, look like something else, or grow too long. */
import * as fc from 'fast-check';
import { anyCharacter } from '../any-text.ts';

/** Each names what it tries; all of them pass as a justification with a ticket. */
export const HOSTILE_TEXTS: readonly (readonly [string, string])[] = [
  ['mentions', 'INC-1 <!channel> <!here> <@U0EVIL> <!subteam^S0EVIL> <#C0EVIL> @everyone'],
  ['a link that says Approve', 'INC-1 <https://evil.example|Approve> https://evil.example'],
  ['a date with a link', 'INC-1 <!date^1^{date}^https://evil.example|x>'],
  ['double escapes', 'INC-1 &amp;lt;!channel&amp;gt; &lt;@U0EVIL&gt;'],
  ['fake fields', 'INC-1 x\n*Approved by* <@U0EVIL>\n> Approved'],
  ['code fences', 'INC-1 ```\nrm -rf /\n``` `x`'],
  ['bidi controls', 'INC-1 \u202Edetsurt\u202C \u2066x\u2069'],
  ['zero width and tag characters', 'INC-1 a\u200Bb\u2060c\u{E0041}\uFEFFd'],
  ['controls', 'INC-1 \u0000\u0007\u001B[31mred\u001B[0m\r'],
  ['a formula', '=HYPERLINK("https://evil.example","INC-1") +1 @SUM(A1)'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what somebody might type
  ['templates and shell', 'INC-1 ${jndi:ldap://x} {{7*7}} $(id) `id` %s %n'],
  ['3,000 characters', `INC-1 ${'long '.repeat(598)}last`],
];

const texts = fc.constantFrom(
  ...HOSTILE_TEXTS.map(([, text]) => text),
  '&'.repeat(3000),
  '`'.repeat(3000),
  '\u{E0001}'.repeat(1500),
  '\u202E',
  '\uD800',
  '',
);

/** Typed by a person: an attack, or anything at all. */
export const typedUpTo = (longest: number): fc.Arbitrary<string> =>
  fc
    .oneof(texts, fc.string({ unit: anyCharacter, maxLength: longest }))
    .map((text) => text.slice(0, longest));

/** A name where the schemas say no more than how long it may be. */
export const nameUpTo = (longest: number): fc.Arbitrary<string> =>
  typedUpTo(longest).map((text) => text.padEnd(3, 'x').slice(0, longest));
