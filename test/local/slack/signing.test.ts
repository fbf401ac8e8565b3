import { isSignedBySlack, signed, signSlack } from '../../../local/slack/payloads.ts';

// The worked example of docs.slack.dev/authentication/verifying-requests-from-slack.
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: 1531420618,
  body:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
    '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
    '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
    '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};

test('the documented request gets the documented signature', () => {
  expect(signSlack(documented.secret, documented.timestamp, documented.body)).toBe(
    documented.signature,
  );
});

test('a signed request carries the time at which it was signed, in whole seconds', () => {
  const at = new Date(documented.timestamp * 1000 + 999);
  const contentType = 'application/x-www-form-urlencoded';
  const request = signed({ secret: documented.secret, at }, { contentType, body: documented.body });
  expect(request.headers).toMatchObject({
    'content-type': contentType,
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': documented.signature,
  });
});

test.each([
  ['another body', { body: `${documented.body}&` }],
  ['another time', { time: '1531420619' }],
  ['no signature', { signature: undefined }],
  ['a shorter signature', { signature: documented.signature.slice(0, -1) }],
])('%s is not signed by Slack', (_what, change: Record<string, string | undefined>) => {
  const { body, time, signature } = {
    ...documented,
    time: String(documented.timestamp),
    ...change,
  };
  const headers = { 'X-Slack-Signature': signature, 'X-Slack-Request-Timestamp': time };
  expect(isSignedBySlack(documented.secret, headers, body)).toBe(false);
});

test('header names in any case are understood', () => {
  const headers = {
    'X-SLACK-SIGNATURE': documented.signature,
    'x-Slack-Request-Timestamp': String(documented.timestamp),
  };
  expect(isSignedBySlack(documented.secret, headers, documented.body)).toBe(true);
});
