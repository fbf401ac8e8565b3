import type { TeamMember } from './model.ts';

/** Shows memberships as they were some seconds ago. */
export function openStaleness(now: () => Date, current: () => Map<string, TeamMember>) {
  let staleMs = 0;
  let past: { until: number; rows: Map<string, TeamMember> }[] = [];
  return {
    set(seconds: number) {
      staleMs = seconds * 1000;
      past = [];
    },
    /** To be called before each change. */
    remember() {
      if (staleMs > 0) past.push({ until: now().getTime(), rows: current() });
    },
    view() {
      const moment = now().getTime() - staleMs;
      return past.find((version) => version.until > moment)?.rows ?? current();
    },
  };
}
