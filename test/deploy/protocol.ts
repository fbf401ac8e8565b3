/** Tests that are one story: each step prints what it did and how long it took, and after one that failed no other is tried. */

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1).padStart(6);

/** `it` for a step; what the step answers is added to its line. `told` says more about the first that failed. */
export function story(told: () => Promise<string>) {
  const start = performance.now();
  let brokenBy: string | null = null;
  return (name: string, run: () => Promise<string | undefined>): void => {
    it(name, async () => {
      if (brokenBy !== null) throw new Error(`Not tried, since this failed: ${brokenBy}`);
      brokenBy = name;
      const from = performance.now();
      const note = await run().catch(async (error: unknown) => {
        process.stderr.write(`${await told()}\n`);
        throw error;
      });
      brokenBy = null;
      const line = `${seconds(start)} s  ${seconds(from)} s  ${name}${note ? `: ${note}` : ''}\n`;
      process.stdout.write(line);
    });
  };
}

/** Asks again until there is something other than null; says what was the matter last when it takes too long. */
export async function eventually<T>(
  what: string,
  withinSeconds: number,
  look: () => Promise<T | null>,
): Promise<T> {
  const until = performance.now() + withinSeconds * 1000;
  let trouble: unknown;
  while (performance.now() < until) {
    try {
      const found = await look();
      if (found !== null) return found;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Not within ${withinSeconds} s: ${what}`, { cause: trouble });
}
