/**
 * The word that the page shows and its reader types back in Slack: it proves that whoever set up the authenticator and
 * whoever is in the owner's Slack sit together, so a forwarded link is useless. Short, because it is tried five times
 * at most and is worth nothing outside the owner's own Slack.
 */
const WORDS =
  'amber anchor apple arrow aspen atlas autumn badge bamboo barley basket beacon berry birch blossom bottle ' +
  'branch breeze brick bridge bronze button cabin camel candle canoe canyon carbon castle cedar chalk cherry ' +
  'circle citrus clover cobalt coffee comet copper coral corner cotton crater cricket crystal current daisy delta ' +
  'desert diamond dolphin dragon drum eagle echo ember engine falcon feather fern fiddle finch forest ' +
  'fossil fountain galaxy garden garnet ginger glacier globe granite grape guitar hammer harbor hazel helmet heron ' +
  'hickory honey horizon iceberg indigo island ivory jacket jasmine jigsaw jungle juniper kayak kettle kitten ladder ' +
  'lagoon lantern laurel lemon lilac linen lobster lotus magnet mango maple marble meadow melon meteor mirror ' +
  'mitten monsoon mosaic mountain muffin nectar needle nutmeg oasis olive orbit orchid otter oyster paddle panda penguin';
const LIST: readonly string[] = WORDS.split(' ');
const LONGEST_TYPED = 80;

/** Two words from a hexadecimal digest: 128 x 128 of them, each equally likely. */
export function wordFrom(digest: string): string {
  const [first, second] = [digest.slice(0, 8), digest.slice(8, 16)].map(
    (part) => LIST[Number.parseInt(part, 16) % LIST.length],
  );
  if (first === undefined || second === undefined)
    throw new Error('A word is made from at least 16 hexadecimal digits.');
  return `${first}-${second}`;
}

/** People type capitals, spaces and no dash. Null when it cannot be a word. */
export function canonicalWord(typed: string): string | null {
  if (typed.length > LONGEST_TYPED) return null;
  const words = typed
    .trim()
    .toLowerCase()
    .split(/[\s-]+/);
  return words.length === 2 && words.every((word) => /^[a-z]+$/.test(word))
    ? words.join('-')
    : null;
}
