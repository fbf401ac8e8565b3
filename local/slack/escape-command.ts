import type { Directory } from './directory.ts';

/** What a person typed after a command, as it arrives with `should_escape`: mentions become ids, `& < >` are escaped. */
export function escapeCommand(text: string, directory: Directory): string {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return plain
    .replaceAll(/(?<=^|\s)https?:\/\/\S+/g, (url) => `<${url}>`)
    .replaceAll(/(?<=^|\s)@(here|channel|everyone)\b/g, (_whole, range) => `<!${range}>`)
    .replaceAll(/(?<=^|\s)@([a-z0-9._-]+)/g, (whole, name) => {
      const person = directory.people().find((one) => one.name === name && !one.deleted);
      return person === undefined ? whole : `<@${person.id}|${person.name}>`;
    })
    .replaceAll(/(?<=^|\s)#([a-z0-9._-]+)/g, (whole, name) => {
      const channel = directory.conversations().find((one) => one.name === name);
      return channel === undefined ? whole : `<#${channel.id}|${channel.name}>`;
    });
}
