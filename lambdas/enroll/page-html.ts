/**
 * The enrolment page as HTML: no script, nothing from anywhere else, readable on a phone, light and dark. Pure. Whatever is
 * put in is escaped; the one style sheet is allowed by its hash.
 */
import { createHash } from 'node:crypto';
import { renderSVG } from 'uqr';
import type { Key, PageConfirmed } from '../../shared/application/enrol-on-page.ts';
import type { PageRefusal } from '../../shared/domain/authenticator/enrolment.ts';

const STYLE = `:root{color-scheme:light dark}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:30rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25}
.qr{background:#fff;border-radius:.5rem;padding:.75rem;width:min(16rem,80vw);margin:1rem auto}
.qr svg{display:block;width:100%;height:auto}
code,output{font:600 1.125rem/1.6 ui-monospace,monospace;overflow-wrap:anywhere}
output{display:block;font-size:1.75rem;text-align:center;padding:1rem;border:2px solid;border-radius:.5rem}
label{display:block;font-weight:600;margin-top:1.5rem}
input{font:600 1.5rem/1.2 ui-monospace,monospace;letter-spacing:.2em;width:100%;box-sizing:border-box;padding:.6rem;margin:.4rem 0}
button{font:600 1.0625rem/1.2 system-ui,sans-serif;width:100%;min-height:3rem;border:0;border-radius:.5rem;background:#1d4ed8;color:#fff;cursor:pointer}
:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}
.codes{columns:2 14rem;padding-inline-start:2.5rem}
.codes code{font-size:1rem;user-select:all;white-space:nowrap}
@media print{form,.screen{display:none}}
.no{border-inline-start:4px solid #dc2626;padding-inline-start:.75rem}
small{opacity:.8}`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** `form-action 'self'` is needed for the two forms; everything else is shut. */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ENTITIES.get(char) ?? '');

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escaped(title)} · Hallpass</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;

const codeForm = `<form method="post" autocomplete="off">
<input type="hidden" name="step" value="confirm">
<label for="code">The six digits your app shows now</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="16" required>
<button>Check the code</button>
</form>`;

/** The same for every link of a kind, known or not: looking must neither change nor tell anything. */
export const startPage = (leadsTo: 'key' | 'codes'): string =>
  leadsTo === 'codes'
    ? page(
        'Your new recovery codes',
        `<p>A recovery code lets you replace your authenticator when the phone is gone. It never approves anything.</p>
<p>The ten new codes are shown <strong>once</strong>, and with them the old ones stop working. Have paper or a password manager ready.</p>
<p>Go on only if you opened this page yourself, from Slack.</p>
<form method="post">
<input type="hidden" name="step" value="codes">
<button>Show my recovery codes</button>
</form>`,
      )
    : page(
        'Set up your authenticator',
        `<p>Hallpass asks for a six-digit code when you approve access. An authenticator app on your phone makes these codes.</p>
<ol>
<li>Have an authenticator app ready.</li>
<li>Show the key and scan it. It is shown <strong>once</strong>.</li>
<li>Enter the first code, then type the word you get into Slack.</li>
</ol>
<p>Go on only if you opened this page yourself, from Slack or as your operator told you.</p>
<form method="post">
<input type="hidden" name="step" value="reveal">
<button>Show my key</button>
</form>`,
      );

export const keyPage = ({ uri, key }: Key): string =>
  page(
    'Scan your key',
    `<p>Scan this with your authenticator app. It is shown only now.</p>
<div class="qr">${qrCode(uri)}</div>
<p>Or type the key: <code>${escaped(key)}</code><br><small>time-based, 6 digits, 30 seconds</small></p>
${codeForm}`,
  );

const codeList = (codes: readonly string[]): string =>
  `<p>Print them or copy them to a safe place, never beside the phone. They are shown only now. Each serves once, to replace this authenticator when the phone is gone: <code>/access authenticator recover</code> in Slack.</p>
<ol class="codes">
${codes.map((code) => `<li><code>${escaped(code)}</code></li>`).join('\n')}
</ol>`;

export const codesPage = (codes: readonly string[]): string =>
  page('Your new recovery codes', codeList(codes));

const SHOWN_BEFORE = `<p><small>The recovery codes were shown with the first right code. New ones: <code>/access authenticator codes</code> in Slack, once the word is typed.</small></p>`;

export const wordPage = ({ word, recoveryCodes }: PageConfirmed): string =>
  page(
    'One step left',
    `<p>The code was right. Type this word into the form in Slack that you came from:</p>
<output>${escaped(word)}</output>
<p>The form is gone? Run <code>/access enroll</code> in Slack and type it there. Your authenticator counts only after that.</p>
${recoveryCodes ? `<h2>Your recovery codes</h2>\n${codeList(recoveryCodes)}` : SHOWN_BEFORE}`,
  );

/** Quiet zone of four modules, as ISO 18004 asks; the name is for those who do not see it. */
const qrCode = (uri: string): string =>
  renderSVG(uri, { ecc: 'M', border: 4 }).replace(
    '<svg ',
    '<svg role="img" aria-label="QR code of your key; the same key stands below as text" ',
  );

type Words = { status: number; title: string; words: string; next: string; code: boolean };
const START_AGAIN = 'Run /access enroll in Slack for a new link.';
const NEVER_YOU = 'If it was not you who saw it, tell your security team.';

const REFUSALS: { readonly [Code in PageRefusal['code']]: Words } = {
  'link-unknown': {
    status: 404,
    title: 'This link does not work',
    words: 'It was never made, or a newer link has taken its place.',
    next: START_AGAIN,
    code: false,
  },
  'link-expired': {
    status: 410,
    title: 'This link has expired',
    words: 'A link works for ten minutes.',
    next: START_AGAIN,
    code: false,
  },
  'link-used': {
    status: 410,
    title: 'This link was used already',
    words: 'It has led to an authenticator, and it serves once.',
    next: `If that was not you, tell your security team now. Otherwise nothing is left to do.`,
    code: false,
  },
  'key-already-shown': {
    status: 409,
    title: 'The key was shown already',
    words: 'It is shown once only. If your app has it, enter its code.',
    next: `Otherwise: ${START_AGAIN} ${NEVER_YOU}`,
    code: true,
  },
  'key-not-shown-yet': {
    status: 409,
    title: 'The key comes first',
    words: 'No key of this link was shown yet, so no code can be right.',
    next: 'Open the link again and show the key.',
    code: false,
  },
  'code-malformed': {
    status: 400,
    title: 'That is not a code',
    words: 'A code is six digits.',
    next: 'Type the six digits that your app shows now.',
    code: true,
  },
  'code-wrong': {
    status: 422,
    title: 'That code is not right',
    words: "It was mistyped, or the phone's clock is wrong.",
    next: 'Set the clock of the phone to automatic, then type the code it shows now.',
    code: true,
  },
  'too-many-tries': {
    status: 429,
    title: 'Too many wrong codes',
    words: 'This link takes no more codes.',
    next: START_AGAIN,
    code: false,
  },
  'authenticator-changed': {
    status: 409,
    title: 'Your authenticator has changed',
    words: 'It was replaced, or is being reset, since this link was made.',
    next: 'If that was not you, tell your security team now.',
    code: false,
  },
};

/** What the page says, for whoever looks a code up elsewhere. */
export const pageWordsFor = ({ code }: PageRefusal): Pick<Words, 'title' | 'words' | 'next'> =>
  REFUSALS[code];

export function refusalPage({ code }: PageRefusal): { status: number; html: string } {
  const { status, title, words, next, code: again } = REFUSALS[code];
  const body = `<div class="no" role="alert"><p>${escaped(words)}</p><p>${escaped(next)}</p><p><small>${escaped(code)}</small></p></div>`;
  return { status, html: page(title, again ? `${body}\n${codeForm}` : body) };
}

const PROBLEMS = {
  400: 'That request could not be read. Open the link again.',
  403: 'That form came from another site, so nothing was done.',
  404: 'There is nothing here.',
  405: 'This page is only read and sent.',
  413: 'That was far too much for this form.',
  503: 'Something this page needs does not answer. Nothing was lost: try again in a minute.',
} as const;
export type Problem = keyof typeof PROBLEMS;
export const problemPage = (status: Problem): string =>
  page('That did not work', `<p>${PROBLEMS[status]}</p>`);
