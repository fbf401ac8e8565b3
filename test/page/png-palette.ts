/**
 * Makes a screenshot a third of its size: at most 256 colours, the commonest ones, each pixel the nearest of them. Flat
 * surfaces and text lose nothing that one sees. Reads what Chromium writes: 8 bits, RGB or RGBA, not interlaced.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const MOST_COLOURS = 256;
/** Colours that differ only below these bits count as one. */
const KEPT_BITS = 0xf8f8f8;

export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const palette = commonest(pixels);
  const nearest = nearestIn(palette);
  const raw = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      raw[y * (width + 1) + 1 + x] = nearest(pixels[y * width + x] ?? 0);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  const body = deflateSync(raw, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

type Image = { width: number; height: number; pixels: Uint32Array };

function decode(png: Buffer): Image {
  const data: Buffer[] = [];
  let head = Buffer.alloc(13);
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') head = Buffer.from(body);
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const [bits, kind, , , interlaced] = head.subarray(8);
  if (bits !== 8 || (kind !== 2 && kind !== 6) || interlaced !== 0)
    throw new Error('A screenshot of another kind than Chromium writes');
  const width = head.readUInt32BE(0);
  const height = head.readUInt32BE(4);
  const lines = unfiltered(inflateSync(Buffer.concat(data)), {
    width,
    height,
    size: kind === 2 ? 3 : 4,
  });
  return { width, height, pixels: lines };
}

/** Undoes PNG's prediction of each byte from its neighbours; answers one number per pixel, alpha left out. */
function unfiltered(raw: Buffer, of: { width: number; height: number; size: number }): Uint32Array {
  const { width, height, size } = of;
  const stride = width * size;
  const pixels = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const line = Buffer.from(raw.subarray(start + 1, start + 1 + stride));
    for (let i = 0; i < stride; i += 1) {
      const left = i < size ? 0 : (line[i - size] ?? 0);
      const corner = i < size ? 0 : (above[i - size] ?? 0);
      line[i] = (line[i] ?? 0) + predicted(raw[start] ?? 0, { left, up: above[i] ?? 0, corner });
    }
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = line.readUIntBE(x * size, 3);
    above = line;
  }
  return pixels;
}

function predicted(filter: number, by: { left: number; up: number; corner: number }): number {
  const { left, up, corner } = by;
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((one) => Math.abs(guess - one));
  if (toLeft === undefined || toUp === undefined || toCorner === undefined) return 0;
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

/** The commonest colour of each bucket, of the fullest buckets. */
function commonest(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const buckets = new Map<number, { colour: number; most: number; all: number }>();
  for (const [colour, count] of counts) {
    const key = colour & KEPT_BITS;
    const bucket = buckets.get(key) ?? { colour, most: 0, all: 0 };
    bucket.all += count;
    if (count > bucket.most) Object.assign(bucket, { colour, most: count });
    buckets.set(key, bucket);
  }
  return [...buckets.values()]
    .sort((a, b) => b.all - a.all)
    .slice(0, MOST_COLOURS)
    .map(({ colour }) => colour);
}

function nearestIn(palette: readonly number[]): (colour: number) => number {
  const known = new Map(palette.map((colour, index) => [colour, index]));
  const distance = (a: number, b: number) =>
    ((a >> 16) - (b >> 16)) ** 2 +
    (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 +
    ((a & 255) - (b & 255)) ** 2;
  return (colour) => {
    const found = known.get(colour);
    if (found !== undefined) return found;
    let best = 0;
    for (let index = 1; index < palette.length; index += 1)
      if (distance(colour, palette[index] ?? 0) < distance(colour, palette[best] ?? 0))
        best = index;
    known.set(colour, best);
    return best;
  };
}
