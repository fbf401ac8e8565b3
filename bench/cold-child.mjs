/**
 * One cold start in a process of its own: argv[2] is the bundle, argv[3] a JSON list of parts to load after it, in turn. Prints
 * how long the import took, when it was ready, and how long each part took.
 */
const before = performance.now();
const { handler } = await import(`file://${process.argv[2]}`);
const ready = performance.now();
if (typeof handler !== 'function') throw new Error(`${process.argv[2]} exports no handler`);
const partsMs = [];
for (const part of JSON.parse(process.argv[3] ?? '[]')) {
  const began = performance.now();
  await import(`file://${part}`);
  partsMs.push(performance.now() - began);
}
process.stdout.write(JSON.stringify({ importMs: ready - before, readyMs: ready, partsMs }));
process.exit(0);
