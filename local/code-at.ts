/** What a phone's authenticator shows, written from RFC 4226 and RFC 6238 alone: the product's own code is judged by it. */
import { createHmac } from 'node:crypto';

export function codeAt(secret: Uint8Array, at: Date, digits = 6): string {
  const step = Math.floor(at.getTime() / 30_000);
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(step / 2 ** 32), 0);
  counter.writeUInt32BE(step % 2 ** 32, 4);
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}
