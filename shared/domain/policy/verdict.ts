/** What is asked of the policy, what must be known for it, and what it answers. The vocabulary of the evaluator and its clauses. */
import type { Cast, Evidence } from './cast.ts';
import type { PersonEvidence } from './identity.ts';
import type { GroupMembers } from './members.ts';
import type { AccessRule, Entitlement, Policy } from './policy.ts';
import type { PolicyRefusal } from './refusal.ts';
import type { Use } from './usage.ts';

export type Ask = {
  /** Slack id. */
  readonly requester: string;
  /** Slack id; usually the requester. */
  readonly subject: string;
  /** `github:acme/deployers` */
  readonly entitlement: string;
  readonly role: string;
  readonly durationSeconds: number;
  /** The text while asking; later it was accepted once and is not judged again. */
  readonly justification:
    | { readonly text: string }
    /** `ticket`: the key that was recorded, to be judged anew; left out where it is not judged. */
    | { readonly accepted: true; readonly ticket?: string | null }
    /** Nobody wrote it yet: a form that is being filled in. All but the words is judged as while asking. */
    | { readonly unwritten: true };
  readonly breakGlass: boolean;
  /** Of break-glass: the incident it is for, while asking; left out by a form in which nobody wrote it yet. */
  readonly incident?: string | null;
  /** Later than its approval, while asking; `window` says for when it is judged. */
  readonly start?: { readonly notBefore: string; readonly until: string | null } | null;
  /** The request that exists already and is decided about; absent while asking. */
  readonly requestId?: string;
  /** The time of access where it does not begin with the decision: a later start, or a grant that is extended. */
  readonly window?: { readonly from: string; readonly to: string };
};

/** An approval given earlier, whose code (where one was due) was right at the time. It is judged anew each time. */
export type Approval = { readonly approver: string; readonly at: string };

export type PolicyFacts = {
  readonly now: Date;
  readonly teamId: string;
  /** Slack id -> what users.info said. */
  readonly evidence: ReadonlyMap<string, PersonEvidence>;
  /** Slack id -> immutable provider account ids, for example `github:12345`. */
  readonly linkedAccounts: ReadonlyMap<string, readonly string[]>;
  readonly approvals: readonly Approval[];
  /** Providers that this deployment can reach. Left out: whichever the policy names. */
  readonly reachableProviders?: ReadonlySet<string>;
  /** May this person (Slack id) decide? */
  readonly candidate?: string;
  /** Who decides now (Slack id), where nobody's right to is asked: a freeze may except them. `candidate` where it is absent. */
  readonly decider?: string;
  /** What the humans of the ask did and hold. Where the policy counts and this is missing, a decision is refused. */
  readonly usage?: readonly Use[];
  /** Key of a group -> Slack ids. Without it nobody gains a role from a group, and deny rules assume everybody is in it. */
  readonly groupMembers?: GroupMembers;
  /** Tracker and key (`jira:INC-123`) -> how the ticket stands. One that is missing here could not be read. */
  readonly tickets?: ReadonlyMap<string, 'open' | 'closed' | 'missing'>;
};

export type CandidateVerdict =
  | { readonly may: true }
  | { readonly may: false; readonly refusal: PolicyRefusal };

export type Verdict =
  | {
      readonly permitted: true;
      readonly rule: string;
      readonly maxDurationSeconds: number;
      /** With extensions. `null`: the rule allows no extension. */
      readonly maxTotalSeconds: number | null;
      /** `none`: within its limits, a grant is extended without an approval. */
      readonly extensionApproval: 'required' | 'none';
      readonly lapseAfterSeconds: number;
      readonly codeFrom: { readonly requester: boolean; readonly approver: boolean };
      readonly channel: string | null;
      /** Approvers also get the card as a direct message. */
      readonly dmApprovers: boolean;
      readonly privileged: boolean;
      /** Whom to tell when nobody answered; it gives nobody a right. */
      readonly escalate: { readonly afterSeconds: number; readonly to: readonly string[] } | null;
      /** Nobody has to approve: the conditions and the budget of the rule's automatic approval hold. */
      readonly automatic: boolean;
      /** It is taken without an approval, within a quota, and owes a review. */
      readonly breakGlass?: {
        readonly perPersonPerWeek: number;
        readonly reviewWithinSeconds: number;
      };
      readonly approvals: {
        readonly needed: number;
        /** Places filled by earlier approvals that still count, one per human. */
        readonly have: number;
        readonly satisfied: boolean;
        /** `from` holds role names, `people` the policy's names of people. */
        readonly groups: readonly {
          readonly from: readonly string[];
          readonly people: readonly string[];
          readonly count: number;
        }[];
      };
      /** Slack ids, in the order of the file, whose approval would fill an open place. By policy and the evidence at hand. */
      readonly approvers: readonly string[];
      readonly candidate: CandidateVerdict | null;
      readonly reasons: readonly string[];
    }
  | {
      readonly permitted: false;
      readonly rule: string | null;
      readonly refusal: PolicyRefusal;
      readonly reasons: readonly string[];
    };

/** How much has to be proven. Everything but a decision may do with less. */
export type Rigour = {
  readonly evidence: Evidence;
  readonly conditions: boolean;
  /** What was approved ahead starts now: hours and freezes are judged again, what was counted when it was asked is not. */
  readonly starting?: boolean;
  readonly reachable: boolean;
};

/** What every clause of a rule judges. */
export type Situation = {
  readonly policy: Policy;
  readonly rule: AccessRule;
  readonly ask: Ask;
  readonly cast: Cast;
  readonly entitlement: Entitlement;
  readonly facts: PolicyFacts;
  readonly rigour: Rigour;
};
