/**
 * Secrets from Secrets Manager, kept in the container for five minutes at most; the shape is checked, a value is never logged.
 * What a service refused is read anew, once in these five minutes: a rotation is noticed at once, and a credential that stays bad
 * costs one call. A request that came without a valid signature never gets here: it must not make us call anybody.
 */
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { firm } from './aws-clients.ts';
import { neverLog } from './redaction.ts';

const MAX_AGE_SECONDS = 300;

let provider: SecretsProvider | null = null;
/** Made on first use; a person may be waiting, so it times out like every other client. */
function secrets(): SecretsProvider {
  provider ??= new SecretsProvider({ clientConfig: firm() });
  return provider;
}

const SlackSecret = z.object({
  botToken: z.string().min(1),
  signingSecret: z.string().min(1),
  /** Still accepted while a rotation runs. */
  previousSigningSecret: z.string().min(1).optional(),
});

export const GithubSecret = z.object({
  appId: z.string().min(1),
  installationId: z.int().positive(),
  /** PEM; absent where the key stays in KMS (parameter GithubAppKeyId). */
  privateKey: z.string().min(1).optional(),
});

export const GitlabSecret = z.object({
  /** Goes into a header, so nothing but visible ASCII. */
  token: z.string().regex(/^[\x21-\x7e]+$/),
});

/** By id: read anew at the next use, or a moment ago for that reason (its time). */
const refused = new Map<string, 'read anew' | number>();

/**
 * A service did not accept what this secret holds: the next use reads it anew.
 * @returns false when that was done less than five minutes ago, so that trying again is of no use
 */
function secretRefused(secretId: string): boolean {
  const last = refused.get(secretId);
  if (typeof last === 'number' && monotonicSeconds() - last < MAX_AGE_SECONDS) return false;
  refused.set(secretId, 'read anew');
  return true;
}

const monotonicSeconds = (): number => performance.now() / 1000;

async function textOf(secretId: string): Promise<unknown> {
  const anew = refused.get(secretId) === 'read anew';
  if (anew) refused.set(secretId, monotonicSeconds());
  return secrets().get(secretId, { maxAge: MAX_AGE_SECONDS, forceFetch: anew });
}

/** @throws Error naming the secret and the missing field, never a value */
async function secretOf<T>(secretId: string, schema: z.ZodType<T>): Promise<T> {
  const text = await textOf(secretId);
  const parsed = schema.safeParse(typeof text === 'string' ? parseJson(text) : undefined);
  if (parsed.success) {
    neverLog(textsIn(parsed.data));
    return parsed.data;
  }
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole value');
  // By its name alone: what follows `secret:` in an ARN is taken out of every log line.
  const name = secretId.slice(secretId.lastIndexOf(':') + 1);
  throw new Error(`The secret ${name} is not usable: check ${fields.join(', ')}.`);
}

const textsIn = (secret: unknown): string[] =>
  Object.values(z.record(z.string(), z.unknown()).safeParse(secret).data ?? {}).filter(
    (value) => typeof value === 'string',
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Something made from a secret, kept until the secret changes: connections and tokens inside it survive between invocations. */
export function builtFrom<T, Built>(
  secretId: string,
  schema: z.ZodType<T>,
  build: (secret: T) => Built,
): { make(): Promise<Built>; refused(): boolean } {
  let last: { text: string; built: Built } | null = null;
  return {
    async make() {
      const secret = await secretOf(secretId, schema);
      const text = JSON.stringify(secret);
      if (last?.text !== text) last = { text, built: build(secret) };
      return last.built;
    },
    refused: () => secretRefused(secretId),
  };
}

/** What Slack's secret gives to those who may read it. */
export function slackCredentials(secretId: string) {
  const secret = () => secretOf(secretId, SlackSecret);
  return {
    token: async () => (await secret()).botToken,
    refused: () => secretRefused(secretId),
    signingSecrets: async () => signingSecretsOf(await secret()),
  };
}

/** Current first; while a rotation runs the previous one is still accepted. */
const signingSecretsOf = (secret: z.infer<typeof SlackSecret>): string[] =>
  [secret.signingSecret, secret.previousSigningSecret].filter((each) => each !== undefined);
