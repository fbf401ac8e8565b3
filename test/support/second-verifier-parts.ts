/** What both halves of the second verifier read and hash with; docs/audit-format.md, "Words". */
import { createHash } from 'node:crypto';

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Row = {
  chain: string;
  seq: number;
  tenant: string;
  event: { [key: string]: Value };
  previous: string;
  hash: string;
};

export const sha = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
export const hex = (text: string) => Buffer.from(text, 'hex');

export function print(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(print)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${print(value[key] ?? null)}`)}}`;
}
export type Head = { chain: string; seq: number; hash: string; value?: Value };
