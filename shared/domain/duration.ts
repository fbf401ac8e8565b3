/**
 * How people and the policy write a span of time: one to three of number + m|h|d, each unit once (`90m`, `1h30m`,
 * `2d12h`). Strict on purpose: lenient parsers accept `-1h` and `2h; drop`.
 */
const SECONDS = { d: 86_400, h: 3_600, m: 60 } as const;
const WHOLE = /^(?:[1-9][0-9]{0,14}[mhd]){1,3}$/;
const PART = /[0-9]+[mhd]/g;

const secondsOf = (unit: string): number =>
  unit === 'd' ? SECONDS.d : unit === 'h' ? SECONDS.h : SECONDS.m;

/** Seconds, at least 60; `null` for anything that is not exactly a duration. There is no upper bound here. */
export function parseDuration(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  const seen = new Set<string>();
  let total = 0;
  for (const [part] of text.matchAll(PART)) {
    const unit = part.slice(-1);
    if (seen.has(unit)) return null;
    seen.add(unit);
    total += Number(part.slice(0, -1)) * secondsOf(unit);
  }
  return Number.isSafeInteger(total) ? total : null;
}

/** `2h`, `1h 30m`, `2d 12h`; seconds appear only where there are some (`45s`). */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / SECONDS.d), 'd'],
    [Math.floor((whole % SECONDS.d) / SECONDS.h), 'h'],
    [Math.floor((whole % SECONDS.h) / SECONDS.m), 'm'],
    [whole % SECONDS.m, 's'],
  ];
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return shown.length === 0 ? '0m' : shown.join(' ');
}
