/** One-way names for what must not be stored as it is: link tokens, words. The purpose keeps digests of one kind from serving as another. */
import { createHash, hash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.ts';

export const digestOf = (purpose: string, value: Json): string =>
  createHash('sha256').update(canonicalJson({ purpose, value })).digest('hex');

/** SHA-256 of bytes, or of a text as UTF-8; hex. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');
