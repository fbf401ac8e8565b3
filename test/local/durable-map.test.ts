import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { openDurableMap } from '../../local/durable-map.ts';
import { temporaryFolder } from './temporary-folder.ts';

const Ticket = z.object({ title: z.string(), tags: z.array(z.string()) });
const parse = (value: unknown) => Ticket.parse(value);
const newFile = () => join(temporaryFolder(), 'deep', 'map.jsonl');
const ticket = (title: string) => ({ title, tags: ['a'] });

it('answers after a restart exactly what it answered before, in the same order', () => {
  const file = newFile();
  const map = openDurableMap(file, parse);
  map.set('b', ticket('first'));
  map.set('a', ticket('second'));
  map.set('c', ticket('third'));
  map.set('b', ticket('changed'));
  expect(map.delete('c')).toBe(true);
  expect(map.delete('c')).toBe(false);
  const before = map.entries();
  map.close();
  const again = openDurableMap(file, parse);
  expect(again.entries()).toEqual(before);
  expect(again.values().map((value) => value.title)).toEqual(['changed', 'second']);
  expect([again.size, again.has('b'), again.has('c'), again.get('c')]).toEqual([
    2,
    true,
    false,
    undefined,
  ]);
  again.clear();
  again.close();
  expect(openDurableMap(file, parse).size).toBe(0);
});

it('keeps everything acknowledged before a kill -9', () => {
  const file = newFile();
  const script = `
    import { openDurableMap } from ${JSON.stringify(join(__dirname, '../../local/durable-map.ts'))};
    const map = openDurableMap(process.argv[1], (value) => value);
    for (let i = 0; i < 500; i++) map.set('k' + (i % 7), i);
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script, file],
    {
      cwd: join(__dirname, '../..'),
      encoding: 'utf8',
    },
  );
  expect([child.signal, child.stderr]).toEqual(['SIGKILL', '']);
  const map = openDurableMap(file, (value) => z.number().parse(value));
  expect(map.values().sort((a, b) => a - b)).toEqual([493, 494, 495, 496, 497, 498, 499]);
});

it('drops a torn last line, whatever was cut off, and goes on writing after it', () => {
  const file = newFile();
  const map = openDurableMap(file, parse);
  map.set('kept', ticket('kept'));
  map.close();
  const whole = readFileSync(file);
  const line = Buffer.from(`${JSON.stringify([['set', 'torn', ticket('zerrissen: ä€')]])}`);
  for (let cut = 1; cut <= line.length; cut++) {
    writeFileSync(file, Buffer.concat([whole, line.subarray(0, cut)]));
    const torn = openDurableMap(file, parse);
    expect(torn.entries()).toEqual([['kept', ticket('kept')]]);
    torn.set('next', ticket('next'));
    torn.close();
    expect(
      openDurableMap(file, parse)
        .entries()
        .map(([key]) => key),
    ).toEqual(['kept', 'next']);
  }
});

it.each([
  ['no JSON', '[["set","b",{"title":"'],
  ['an unknown change', '[["rename","a","b"]]'],
  ['a value the schema refuses', '[["set","b",{"title":7,"tags":[]}]]'],
])('refuses a file with %s in the middle and names file and line', (_what, line) => {
  const file = newFile();
  const map = openDurableMap(file, parse);
  map.set('a', ticket('a'));
  map.close();
  appendFileSync(file, `${line}\n[["delete","a"]]\n`);
  expect(() => openDurableMap(file, parse)).toThrow(`${file}:2: `);
});

it('applies a batch whole or, when its line is torn, not at all', () => {
  const file = newFile();
  const map = openDurableMap(file, parse);
  map.set('from', ticket('moved'));
  const before = readFileSync(file).length;
  map.batch([{ delete: 'from' }, { set: 'to', to: ticket('moved') }]);
  map.close();
  expect(openDurableMap(file, parse).entries()).toEqual([['to', ticket('moved')]]);
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, before + 20));
  expect(openDurableMap(file, parse).entries()).toEqual([['from', ticket('moved')]]);
});

it.each([
  ['on disk', newFile()],
  ['in memory', null],
])('refuses a bad value %s and changes nothing', (_where, file) => {
  const map = openDurableMap<unknown>(file, (value) => Ticket.parse(value));
  map.set('a', ticket('a'));
  expect(() => map.batch([{ delete: 'a' }, { set: 'b', to: { title: 1 } }])).toThrow('title');
  expect(() => map.set('b', undefined)).toThrow();
  expect(map.entries()).toEqual([['a', ticket('a')]]);
  map.close();
  expect(() => map.set('b', ticket('b'))).toThrow('closed');
  if (file !== null) expect(openDurableMap(file, parse).size).toBe(1);
});

it('does not notice when the caller changes an object it has handed over', () => {
  const map = openDurableMap(null, parse);
  const mine = ticket('a');
  map.set('a', mine);
  mine.tags.push('later');
  expect(map.get('a')?.tags).toEqual(['a']);
});

it('shrinks the file once it is much larger than what is live, and loses nothing by it', () => {
  const file = newFile();
  const map = openDurableMap(file, (value) => z.string().parse(value));
  const text = 'x'.repeat(1000);
  let largest = 0;
  for (let i = 0; i < 3000; i++) {
    map.set(`k${i % 5}`, `${i} ${text}`);
    largest = Math.max(largest, statSync(file).size);
  }
  map.delete('k0');
  const before = map.entries();
  map.close();
  expect(largest).toBeLessThan(300_000);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(openDurableMap(file, (value) => z.string().parse(value)).entries()).toEqual(before);
});
