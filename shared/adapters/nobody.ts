/** The directory of functions that act for no person: time needs no evidence, and these hold no Slack token. */
import { type Directory, Fault } from '../ports.ts';

const refused = async (): Promise<never> => {
  throw new Fault('This function decides for nobody, so it cannot ask Slack who somebody is.', {
    service: 'slack',
    retryable: false,
  });
};

export const nobody: Directory = { evidence: refused, groupMembers: refused };
