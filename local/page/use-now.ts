/** The local clock, ticking: the machine's time plus the offset that was pushed. */
import { useEffect, useState } from 'react';

const TICK_MS = 500;

export function useNow(offsetMs: number): Date {
  const [ticks, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  void ticks;
  return new Date(Date.now() + offsetMs);
}
