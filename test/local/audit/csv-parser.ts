/** RFC 4180, read by the letter: what a program that is not ours makes of our CSV. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === ',') {
      row.push(cell);
      cell = '';
    } else if (char === '\r' && text.charAt(at + 1) === '\n') {
      rows.push([...row, cell]);
      [row, cell] = [[], ''];
      at += 1;
    } else if (char === '"' || char === '\r' || char === '\n')
      throw new Error(`A bare ${JSON.stringify(char)} at ${at}`);
    else cell += char;
  }
  if (quoted || cell !== '' || row.length > 0) throw new Error('The last row does not end');
  return rows;
}
