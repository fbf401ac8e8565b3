/** Judges an App's JWT as GitHub does: RS256 by the App's key, issued by the App, at most ten minutes long. */
import { type KeyObject, verify } from 'node:crypto';
import * as z from 'zod';

const Claims = z.object({
  iss: z.union([z.string(), z.number()]),
  iat: z.number(),
  exp: z.number(),
});
const Header = z.object({ alg: z.literal('RS256') });

/** `null` when the JWT is good, GitHub's complaint otherwise. */
export function judgeJwt(jwt: string, expected: { key: KeyObject; appId: string }): string | null {
  const [head = '', body = '', signature = '', ...rest] = jwt.split('.');
  const header = Header.safeParse(parseJson(Buffer.from(head, 'base64url').toString()));
  const claims = Claims.safeParse(parseJson(Buffer.from(body, 'base64url').toString()));
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    expected.key,
    Buffer.from(signature, 'base64url'),
  );
  if (rest.length > 0 || !header.success || !claims.success || !signed) {
    return 'A JSON web token could not be decoded';
  }
  const now = Date.now() / 1000;
  const { iss, iat, exp } = claims.data;
  if (String(iss) !== expected.appId) return "'Issuer' claim ('iss') must be an Integer";
  if (exp <= now)
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  if (exp > now + 600) return "'Expiration time' claim ('exp') is too far in the future";
  if (iat > now + 60)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  return null;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema that reads it
  }
}
