/**
 * The newest change of each form that this container has seen. A convenience for two changes in quick succession; where the
 * two went to different containers, the next change or the submit puts the form right.
 */
const REMEMBERED = 256;

export type NewestChanges = {
  saw(viewId: string, actionTs: string): void;
  /** True also for a form that was forgotten. */
  isNewest(viewId: string, actionTs: string): boolean;
};

export function newestChanges(): NewestChanges {
  const newest = new Map<string, number>();
  return {
    saw(viewId, actionTs) {
      const before = newest.get(viewId) ?? 0;
      newest.delete(viewId);
      newest.set(viewId, Math.max(before, Number(actionTs) || 0));
      const oldest = newest.keys().next();
      if (newest.size > REMEMBERED && !oldest.done) newest.delete(oldest.value);
    },
    isNewest: (viewId, actionTs) => (newest.get(viewId) ?? 0) <= (Number(actionTs) || 0),
  };
}
