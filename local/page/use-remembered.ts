/** A piece of state that this browser remembers. What was kept by an older page and does not fit is ignored. */
import { useCallback, useState } from 'react';

const PREFIX = 'hallpass-';

export function useRemembered(key: string, first: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => localStorage.getItem(PREFIX + key) ?? first);
  const keep = useCallback(
    (next: string) => {
      localStorage.setItem(PREFIX + key, next);
      setValue(next);
    },
    [key],
  );
  return [value, keep];
}
