/** Files on their way into a channel: announced, uploaded, then shared. Contents live in memory; shares are messages. */
import { randomBytes } from 'node:crypto';

export type StoredFile = {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly content: Uint8Array | null;
};

export type Files = {
  announce(name: string, length: number): StoredFile;
  upload(id: string, content: Uint8Array): boolean;
  find(id: string): StoredFile | undefined;
};

export function openFiles(): Files {
  const files = new Map<string, StoredFile>();
  return {
    announce(name, length) {
      const id = `F0${randomBytes(5).toString('hex').toUpperCase()}`;
      const file = { id, name, length, content: null };
      files.set(id, file);
      return file;
    },
    upload(id, content) {
      const file = files.get(id);
      if (file === undefined || content.length !== file.length) return false;
      files.set(id, { ...file, content });
      return true;
    },
    find: (id) => files.get(id),
  };
}
