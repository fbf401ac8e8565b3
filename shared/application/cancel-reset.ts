/** The way out of a reset, for its owner and for admins. Nothing but who asks is looked at: stopping must always be possible. */
import { isAdmin } from '../domain/authenticator/enrolment-rights.ts';
import type { AuthenticatorEvent } from '../domain/authenticator/model.ts';
import { inForce } from '../domain/policy/in-force.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { put } from '../ports.ts';
import type { EnrolDeps, OfferRefusal } from './enrol-parts.ts';
import { about, changeAuthenticator } from './enrol-writes.ts';
import { recorded } from './reset-parts.ts';

/** The owner or an admin calls it off, at any time and without a code: stopping must always be possible. */
export const cancelReset = (
  deps: EnrolDeps,
  ask: { by: string; owner: string; resetId: string | null },
): Promise<Result<null, OfferRefusal>> =>
  recorded(deps, { by: ask.by, command: 'CancelAuthenticatorReset' }, async () => {
    const { by, owner, resetId } = ask;
    if (by !== owner) {
      const active = await deps.policies.active();
      if (!active) return refuse({ code: 'policy-unavailable' });
      if (!isAdmin(inForce(active), by)) return refuse({ code: 'not-allowed-to-cancel' });
    }
    return changeAuthenticator<null, OfferRefusal>(deps, owner, async (base, now) => {
      const reset = base.value?.reset;
      if (!base.value || !reset || (resetId !== null && reset.resetId !== resetId))
        return refuse({ code: 'no-reset' });
      const { authenticatorId } = base.value;
      const event: AuthenticatorEvent = {
        type: 'AuthenticatorResetCancelled',
        ...about(owner, now, { kind: 'person', id: by }),
        authenticatorId,
        resetId: reset.resetId,
      };
      return ok({ writes: [put(base, { ...base.value, reset: null }, [event])], value: null });
    });
  });
