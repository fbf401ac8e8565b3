/** The policy file from a path: beside the bundle when deployed, in the working folder locally. */
import { readFile } from 'node:fs/promises';
import { Fault, type PolicySource } from '../ports.ts';

export const policyAt = (fileName: string): PolicySource => ({
  async load() {
    try {
      return { bytes: await readFile(fileName), fileName };
    } catch (cause) {
      throw new Fault(`The policy file ${fileName} could not be read. Check the path.`, {
        service: 'policy',
        retryable: true,
        cause,
      });
    }
  },
});
