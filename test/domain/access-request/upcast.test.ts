import { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { replay } from '../../../shared/domain/access-request/evolve.ts';
import { AccessRequest } from '../../../shared/domain/access-request/model.ts';
import { upcastAsked } from '../../../shared/domain/access-request/upcast.ts';
import { approved, asked, authorized } from '../../support/samples.ts';

/** An ask as the release before version 2 wrote it, byte for byte. */
const { start: _start, ticket: _ticket, breakGlass: _glass, ...fields } = asked();
const old = AccessRequestEvent.parse({ ...fields, v: 1 });

test('an ask of version 1 stays as it was written', () => {
  expect(old).toEqual({ ...fields, v: 1 });
});

test('a request that began with version 1 folds to the state it would have had today', () => {
  const rest = [approved(), authorized()];
  expect(replay([old, ...rest])).toEqual(replay([asked(), ...rest]));
});

test('a state that was stored before version 2 reads as one that starts at once and breaks no glass', () => {
  const { start: _s, ticket: _t, breakGlass: _b, ...state } = replayed();
  expect(AccessRequest.parse(state)).toMatchObject({ start: null, ticket: null, breakGlass: null });
});

test('version 2 is not lifted again', () => {
  const event = asked({ ticket: 'OPS-12' });
  expect(upcastAsked(event)).toBe(event);
});

test('a version that is not known yet is refused, not guessed', () => {
  expect(() => AccessRequestEvent.parse({ ...asked(), v: 3 })).toThrow();
});

test('fields of version 2 in an event of version 1 are refused', () => {
  expect(() => AccessRequestEvent.parse({ ...asked(), v: 1 })).toThrow();
});

function replayed() {
  const state = replay([asked()]);
  if (state.status !== 'pending') throw new Error('not pending');
  return state;
}
