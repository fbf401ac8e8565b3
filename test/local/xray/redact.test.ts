/** What the X-ray must never show, whatever form it comes in. */
import { redactBody, redactHeaders, redactText } from '../../../local/xray/redact.ts';

const SECRETS = {
  signature: `v0=${'a'.repeat(64)}`,
  botToken: 'xoxb-local-123',
  bearer: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
  installation: 'ghs_16C7e42F292c6912E7710c838347Ae178B4a',
  code: '493021',
  enrolToken: 'k3y-that-enrols',
};
const nothingOf = (text: string) =>
  expect(Object.entries(SECRETS).filter(([, secret]) => text.includes(secret))).toEqual([]);

test('signatures, tokens and cookies in headers are hidden, the rest stays', () => {
  const shown = redactHeaders([
    ['x-slack-signature', SECRETS.signature],
    ['authorization', `Bearer ${SECRETS.bearer}`],
    ['private-token', SECRETS.installation],
    ['cookie', SECRETS.enrolToken],
    ['x-slack-request-timestamp', '1795400000'],
  ]);
  nothingOf(JSON.stringify(shown));
  expect(shown['x-slack-request-timestamp']).toBe('1795400000');
});

test('a code that somebody typed into a form is hidden, and one sees where it stood', () => {
  const view = {
    state: { values: { code: { code: { type: 'plain_text_input', value: SECRETS.code } } } },
    private_metadata: '{"id":"AR-7K2M9Q"}',
  };
  const body = new URLSearchParams({
    payload: JSON.stringify({ type: 'view_submission', token: SECRETS.botToken, view }),
  });
  const shown = redactBody(body.toString());
  nothingOf(shown);
  expect(shown).toContain('"type": "plain_text_input"');
  expect(shown).toContain('AR-7K2M9Q');
});

test.each(['code', 'recovery', 'word'])(
  'whatever is typed into the field %s is hidden',
  (field) => {
    const typed = { [field]: { [field]: { type: 'plain_text_input', value: 'maple-otter-7f3k' } } };
    const shown = redactBody(JSON.stringify({ view: { state: { values: typed } } }));
    expect(shown).not.toContain('maple-otter');
  },
);

test.each([
  ['a code on a command line', `command=%2Faccess&text=approve+AR-7K2M9Q+${SECRETS.code}`],
  ['a minted token', JSON.stringify({ token: SECRETS.installation, expires_at: '2026-11-22' })],
  ['a link that enrols', JSON.stringify({ url: `http://127.0.0.1/enroll/${SECRETS.enrolToken}` })],
  ['a list of codes', JSON.stringify({ codes: [SECRETS.code, { value: SECRETS.code }] })],
  [
    'a form in a form',
    `payload=${encodeURIComponent(JSON.stringify({ a: `code=${SECRETS.code}` }))}`,
  ],
  ['bytes that are neither JSON nor a form', `<p>${SECRETS.botToken} ${SECRETS.code}</p>`],
])('%s is hidden', (_what, body) => nothingOf(redactBody(body)));

test('time stamps, account numbers and ids of requests are no codes', () => {
  const text = '1795400000.123456 account 1001011 AR-123456';
  expect(redactText(text)).toBe(text);
});

test('a huge body is cut and says so; an empty one stays empty', () => {
  expect(redactBody(JSON.stringify({ text: 'x'.repeat(100_000) }))).toMatch(/characters more$/);
  expect(redactBody('')).toBe('');
});
