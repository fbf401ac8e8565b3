/** One cold start in a process of its own: argv[2] is the bundle. Prints how long its import took, and when it was ready. */
const before = performance.now();
const { handler } = await import(`file://${process.argv[2]}`);
const ready = performance.now();
if (typeof handler !== 'function') throw new Error(`${process.argv[2]} exports no handler`);
process.stdout.write(JSON.stringify({ importMs: ready - before, readyMs: ready }));
process.exit(0);
