/** Seeded randomness (mulberry32): the same seed gives the same run, whatever the machine. */
export type Rng = {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
};

export function rngOf(seed: number): Rng {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  const float = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (from: number, to: number) => from + Math.floor(float() * (to - from + 1));
  return {
    float,
    between,
    chance: (probability) => float() < probability,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error('Nothing to pick from');
      return item;
    },
  };
}
