/**
 * Finds what looks like a live credential in words that people typed, and takes it out: what was pasted by mistake must not
 * be stored, shown to approvers or exported. The one exception to "kept byte for byte". Pure, linear in the length of the
 * text, never longer than what came in, and the same when done twice. Knows formats that vendors publish; a password
 * without a form of its own is beyond it, and it never says or keeps what it found.
 */
const LEFT = '(?<![A-Za-z0-9_-])';
const RIGHT = '(?![A-Za-z0-9_-])';
const token = (body: string): RegExp => new RegExp(`${LEFT}(?:${body})${RIGHT}`, 'g');

/**
 * What a person reads it was, and its form. Repetitions have a bound or one way to match: nothing here backtracks.
 * The first that matches a place names it, so the special stands before the general.
 */
const FORMS: readonly (readonly [string, RegExp])[] = [
  // To the end of the text where its end line is missing: half a key is a key.
  [
    'private key',
    /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,50}-----|$)/g,
  ],
  [
    'Slack webhook',
    /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9_/-]{20,200}/g,
  ],
  ['authenticator key', /otpauth:\/\/[^\s<>"']{10,600}/gi],
  ['GitHub token', token('gh[pousr]_[A-Za-z0-9_]{20,255}|github_pat_[A-Za-z0-9_]{22,255}')],
  [
    'GitLab token',
    token(
      'gl(?:pat|dt|rt|ptt|ft|soat|agent|cbt|imt|ffct|oas)-[A-Za-z0-9_.-]{16,300}|GR1348941[A-Za-z0-9_-]{20,64}',
    ),
  ],
  [
    'Slack token',
    token('xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9.-]{10,300}|xapp-[0-9]-[A-Za-z0-9-]{10,300}'),
  ],
  ['AWS key', token('(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}')],
  [
    'AWS secret',
    /(?<![A-Za-z0-9])aws.{0,20}?(?:secret|session).{0,30}?[=:]\s{0,5}["']?[A-Za-z0-9/+=]{40,1000}/gi,
  ],
  [
    'Google key',
    token('AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\\.[A-Za-z0-9_-]{20,1000}'),
  ],
  ['Terraform token', token('[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,80}')],
  ['Vault token', token('hv[sbr]\\.[A-Za-z0-9_-]{24,300}')],
  ['Buildkite token', token('bk(?:ua|ct|aa|pt)_[A-Za-z0-9_-]{30,300}')],
  ['Azure DevOps token', token('[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}')],
  ['npm token', token('npm_[A-Za-z0-9]{36}')],
  ['PyPI token', token('pypi-[A-Za-z0-9_-]{50,1000}')],
  ['DigitalOcean token', token('do[oprt]_v1_[a-f0-9]{64}')],
  ['Stripe key', token('[sr]k_live_[A-Za-z0-9]{16,250}')],
  ['SendGrid key', token('SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}')],
  ['API key', token('sk-(?:ant-|proj-|svcacct-|or-)[A-Za-z0-9_-]{20,300}|sk-[A-Za-z0-9]{40,64}')],
  [
    'signed token',
    token('eyJ[A-Za-z0-9_-]{8,4000}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{16,4000}'),
  ],
  ['bearer token', /(?<![A-Za-z0-9])bearer[ \t]{1,5}[A-Za-z0-9._~+/-]{20,4000}={0,2}/gi],
  // Name and password in an address: `https://deploy:hunter22@host`.
  ['password', /(?<=[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}:)[^\s/:@[\]]{3,200}(?=@)/gi],
];

export type Redacted = {
  readonly text: string;
  /** What was taken out, one word per kind, in the order of the list above. Never the thing itself. */
  readonly found: readonly string[];
};

export function redactSecrets(text: string): Redacted {
  const found: string[] = [];
  let left = text;
  for (const [name, form] of FORMS) {
    const next = left.replace(form, (secret) => standIn(name, secret.length));
    if (next !== left) found.push(name);
    left = next;
  }
  return { text: left, found };
}

/** As long as the secret at most, so that what fitted still fits, and no form is shorter than three; brackets keep it from being taken for a secret again. */
function standIn(name: string, longest: number): string {
  const said = `[removed: ${name}]`;
  if (said.length <= longest) return said;
  return longest >= 9 ? '[removed]' : '[…]';
}
