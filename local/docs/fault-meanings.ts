/**
 * What the codes mean with which a provider's no stands on a card, in a thread or on the Home tab. Nobody is told these sentences
 * anywhere else: the card names the code, the page says what to do about it. Exhaustive by type.
 */
import type { Words } from '../../lambdas/slack/views/words.ts';
import type { ProviderFaultCode } from '../../shared/ports-provider.ts';

const said = (happened: string, why: string, next: string): Words => ({ happened, why, next });
const WAIT = 'Nothing has to be done: it is tried again by itself.';

export const FAULT_MEANINGS: Readonly<Record<ProviderFaultCode, Words>> = {
  'account-not-found': said(
    'The provider does not know the account.',
    "The login under the person's `accounts` in the policy is mistyped, renamed or deleted.",
    'Have the policy name the right login, then ask again.',
  ),
  'account-changed': said(
    'The login belongs to another account now.',
    'Hallpass ties a login to the immutable account it met first; a freed login may be somebody else.',
    'An admin checks who holds the login today before anything is given to it.',
  ),
  'account-not-eligible': said(
    'The account cannot be given anything.',
    'It is blocked, a bot of something else, or waits for a free seat at the provider.',
    'Look at the account at the provider, mend it there, then ask again.',
  ),
  'already-has-access': said(
    'The account has at least this role already.',
    'It holds it by other means, which Hallpass neither takes over nor takes away.',
    'Nothing is needed; ask who manages that membership if it should not be there.',
  ),
  'not-a-member-of-organization': said(
    'The account is not a member of the organization.',
    'Giving it a team role would invite somebody from outside, which Hallpass never does.',
    'Have the person invited to the organization first, then ask again.',
  ),
  'container-not-found': said(
    'The provider does not show the team, project or group.',
    'It was deleted or renamed, or the credentials of Hallpass may not see it.',
    'Check the resource in the policy and what Hallpass may see at the provider.',
  ),
  'container-not-manageable': said(
    'Membership there cannot be changed by an API.',
    'A directory (LDAP, SAML) decides it, it is locked or archived, or an administrator has to approve each change.',
    'Name a team or project that is managed at the provider itself, or turn that setting off for it.',
  ),
  'invalid-role': said(
    'There is no such role there, or none that could be put back.',
    'The provider does not know the role for this kind of container, or the account holds one that Hallpass cannot restore.',
    'Ask for a role that the policy lists; have an owner of the policy file compare it with the provider.',
  ),
  unauthorized: said(
    'The provider does not let Hallpass do that.',
    'Its credentials are not valid any more, or lack a right.',
    'Tell the operators: the log names the right that is missing.',
  ),
  'rate-limited': said(
    'The provider asked Hallpass to wait.',
    'Too many calls were made with these credentials.',
    WAIT,
  ),
  conflict: said(
    'Somebody else changed the same membership at the same time, or the provider refuses this change.',
    'A provider accepts one change of a membership at a time.',
    'What can be tried again is. Otherwise look at the account at the provider, then ask again.',
  ),
  timeout: said('The provider did not answer in time.', 'It is slow or out of reach.', WAIT),
  unavailable: said('The provider is not available.', 'It answers with errors of its own.', WAIT),
  'malformed-answer': said(
    'The provider answered something that could not be read.',
    'A proxy stands in between, or the provider changed its API.',
    'Tell the operators if it stays so; what Hallpass does not understand it does not act upon.',
  ),
};
