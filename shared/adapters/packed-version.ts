/**
 * A large policy version as the journal's store keeps it: its text and content packed (Brotli over their JSON), because an item of
 * DynamoDB ends at 400 KB. Small ones stay readable in the table. What does not unpack is no policy: its text is then empty, which
 * is not what its hash says, so that loader and `audit verify` report it like any other row that was changed.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';

/** Characters of text and content together from which they are packed. */
const PACKED_FROM = 100_000;
/** Bytes that fit an item beside its key, hash and time. */
export const MOST_PACKED_BYTES = 380 * 1024;
/** Twice the largest file and its JSON, in UTF-8: nothing of ours unpacks to more. */
const MOST_UNPACKED_BYTES = 16 * 1024 * 1024;

const Texts = z.object({ text: z.string(), content: z.string() });
type Texts = z.infer<typeof Texts>;
const Open = z.looseObject({ text: z.string(), content: z.string() });
const Packed = z.looseObject({ packed: z.instanceof(Uint8Array) });

export const isPacked = ({ text, content }: Texts): boolean =>
  text.length + content.length >= PACKED_FROM;

export const packedTexts = ({ text, content }: Texts): Uint8Array =>
  brotliCompressSync(JSON.stringify({ text, content }), {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      // The content says once more what the text says, megabytes later.
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    },
  });

/** A record's value as it is stored. */
export function packedVersion(value: unknown): unknown {
  const { text, content, ...rest } = Open.parse(value);
  return isPacked({ text, content }) ? { ...rest, packed: packedTexts({ text, content }) } : value;
}

/** The value of a stored row, as the record says it. */
export function unpackedVersion(value: unknown): unknown {
  const row = Packed.safeParse(value);
  if (!row.success) return value;
  const { packed, ...rest } = row.data;
  return { ...rest, ...textsIn(packed) };
}

const NOTHING: Texts = { text: '', content: '' };

function textsIn(packed: Uint8Array): Texts {
  try {
    const bytes = brotliDecompressSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES });
    return Texts.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? NOTHING;
  } catch {
    return NOTHING;
  }
}
