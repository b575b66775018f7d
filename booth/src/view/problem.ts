/** Pages for what went wrong, and a way on from there. */
import { Rejected, Unreachable } from '../api.ts';
import type { Booth, Render } from '../booth.ts';
import { Refused } from '../protocol/errors.ts';
import { actions, button, h } from './dom.ts';

/** The sentence for an error, in the language of the page. */
export function reasonOf(booth: Booth, error: unknown): string {
  const { words } = booth.speaker;
  if (error instanceof Unreachable) return words.error.network;
  const name = error instanceof Refused ? error.refusal : error instanceof Rejected ? error.problem.name : '';
  if (name === 'AnchorMismatch' || name === 'SetupMalformed') return words.error.otherSetup;
  if (name === 'AreaOtherSetup' || name === 'ElectionKeyWrong') return words.error.otherElection;
  if (name === 'CredentialUnknown') return booth.fill(words.typed.unknown, { area: booth.area?.name ?? '' });
  if (name === 'AddressUnknown') return words.code.noAddress;
  if (name === 'BoxNotOpen' || name === 'BoxSuspended') return words.send.closed;
  if (name === 'BallotSuperseded') return words.send.superseded;
  const reason = error instanceof Refused ? `${error.refusal} ${error.step}` : String(error instanceof Error ? error.message : error);
  return booth.fill(words.error.unexpected, { reason });
}

/** A page that says what is wrong, with a button to try again where that may help. */
export function problemPage(error: unknown, again: (() => void) | null): Render {
  return (booth) => {
    const { words } = booth.speaker;
    return {
      step: 0,
      title: words.error.title,
      body: [h('p', { class: 'box wrong' }, reasonOf(booth, error)), again && actions(button(words.buttons.retry, again, 'main'))],
    };
  };
}

/** A page with one sentence: nothing can be done here now. */
export function sentencePage(sentence: (booth: Booth) => string): Render {
  return (booth) => ({ step: 0, title: booth.speaker.words.booth, body: [h('p', { class: 'box' }, sentence(booth))] });
}
