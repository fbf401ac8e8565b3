/** What Powertools writes while `run` runs, line by line, in order: errors go to the other stream, and both to CloudWatch. */
export async function logCapture(run: () => unknown): Promise<string[]> {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    }),
  );
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written.join('').split('\n').slice(0, -1);
}
