/** The last step: the signed ballot is sent, waits if it must, and its receipt is checked before it is believed (spec 5.b). */
import { Rejected } from '../api.ts';
import type { Booth, Render } from '../booth.ts';
import { drop, keep, kept, type Kept } from '../keep.ts';
import { Outbox } from '../outbox.ts';
import { credentialPage } from './credential.ts';
import { choicesPage } from './choices.ts';
import { askedBy, codePage } from './code.ts';
import { actions, button, h, machine } from './dom.ts';
import { reasonOf } from './problem.ts';

/** How the sending goes, for the page to show. */
interface Progress {
  readonly is: 'sending' | 'waiting' | 'refused' | 'badReceipt';
  readonly seconds?: number;
  readonly reason?: string;
}

/** Send the ballot that was just signed, or one that was kept. `code` is what the box asked for beside it, if it did. */
export function castPage(booth: Booth, code: string | null = null): void {
  booth.unsaved = true;
  const withCode = (said: string): void => castPage(booth, said);
  // A box that asks for PINs would refuse without one: it is asked for first.
  if (code === null && booth.state?.authentication === 'pin') return codePage(booth, { is: 'pin', mistake: '' }, withCode);
  let progress: Progress = { is: 'sending' };
  const area = booth.area!.code;
  let isKept = kept(booth.setup!.anchor)?.ballot === booth.ballot;
  const waitingBallot: Kept = { anchor: booth.setup!.anchor, area, ballot: booth.ballot };
  const tell = (next: Progress): void => {
    const changed = next.is !== progress.is;
    progress = next;
    if (changed || next.is !== 'waiting') booth.refresh();
    else updateSeconds(booth, next.seconds ?? 0);
    if (changed) booth.say(textOf(booth, next));
  };
  const outbox = new Outbox(() => booth.api!.cast(area, booth.ballot, { code, language: booth.speaker.language.tag }), {
    sending: () => tell({ is: 'sending' }),
    waiting: (seconds) => tell({ is: 'waiting', seconds }),
    sent: (receipt) => taken(booth, receipt).catch(() => tell({ is: 'badReceipt' })),
    rejected: (error) => {
      const asked = askedBy(booth, error);
      if (asked) return codePage(booth, asked, withCode);
      // It would undo a later vote and can never be taken: no reason to keep it.
      if (error instanceof Rejected && error.problem.name === 'BallotSuperseded') drop(waitingBallot.anchor);
      tell({ is: 'refused', reason: refusalText(booth, error) });
    },
  });
  const agree = (event: Event): void => {
    isKept = (event.target as HTMLInputElement).checked && keep(waitingBallot);
    if (!isKept) drop(waitingBallot.anchor);
    (event.target as HTMLInputElement).checked = isKept;
    booth.say(isKept ? booth.speaker.words.send.kept : booth.speaker.words.send.dropped);
  };
  const again = (): void => {
    outbox.stop();
    castPage(booth, code);
  };
  booth.go((same) => sendingView(same, progress, { agree, isKept, now: () => outbox.now(), again }));
}

interface Doing {
  readonly agree: (event: Event) => void;
  readonly isKept: boolean;
  readonly now: () => void;
  readonly again: () => void;
}

function sendingView(booth: Booth, progress: Progress, doing: Doing): ReturnType<Render> {
  const { words } = booth.speaker;
  const { send } = words;
  const waits = progress.is === 'waiting';
  const failed = progress.is === 'refused' || progress.is === 'badReceipt';
  return {
    step: 5,
    title: send.title,
    body: [
      h('p', { class: failed ? 'box wrong' : waits ? 'box warn' : 'box', id: 'progress' }, textOf(booth, progress)),
      waits && h('p', { id: 'seconds' }, booth.speaker.plural(words.inSeconds, progress.seconds ?? 0)),
      waits && actions(button(send.now, doing.now, 'main', { id: 'send-now' })),
      failed && actions(button(words.buttons.retry, doing.again, 'main')),
      !failed && h('p', {}, send.intro),
      h('p', { class: 'hash' }, `${send.tracker}: `, machine(booth.tracker)),
      (waits || failed) && actions(button(send.saveBallot, () => booth.save('ballot.json', booth.ballot), 'quiet')),
      waits && h('label', { class: 'option' }, h('input', { type: 'checkbox', id: 'keep', checked: doing.isKept, onchange: doing.agree, 'aria-describedby': 'keep-what' }), send.keep),
      waits && h('p', { class: 'note', id: 'keep-what' }, send.keepWhat),
    ],
  };
}

function textOf(booth: Booth, progress: Progress): string {
  const { send } = booth.speaker.words;
  const texts = { sending: send.sending, waiting: send.waits, badReceipt: send.badReceipt };
  return progress.is === 'refused' ? booth.fill(send.refused, { reason: progress.reason ?? '' }) : texts[progress.is];
}

/** The seconds alone are written anew, not the page: whoever is typing or listening there is not disturbed. */
function updateSeconds(booth: Booth, seconds: number): void {
  const place = document.getElementById('seconds');
  if (place) place.textContent = booth.speaker.plural(booth.speaker.words.inSeconds, seconds);
}

function refusalText(booth: Booth, error: Error): string {
  const known = ['CredentialUnknown', 'BoxNotOpen', 'BoxSuspended', 'BallotSuperseded', 'AddressUnknown'];
  if (error instanceof Rejected && !known.includes(error.problem.name)) {
    const { name, step, status, detail } = error.problem;
    return [name || String(status), step, detail].filter(Boolean).join(' ');
  }
  return reasonOf(booth, error);
}

async function taken(booth: Booth, answer: Uint8Array): Promise<void> {
  const { text, height } = await booth.sealing.receipt(answer, booth.area!.code, booth.tracker);
  drop(booth.setup!.anchor);
  booth.unsaved = false;
  booth.go(donePage(text, height));
  booth.say(booth.speaker.words.done.title);
}

function donePage(receipt: string, height: number): Render {
  return (booth) => {
    const { done, buttons, anchor } = booth.speaker.words;
    const row = (name: string, value: Node | string): HTMLElement[] => [h('dt', {}, name), h('dd', {}, value)];
    return {
      step: 5,
      title: done.title,
      body: [
        h('p', { class: 'box good' }, done.intro),
        h(
          'dl',
          { class: 'receipt' },
          ...row(done.tracker, machine(booth.tracker, { id: 'tracker' })),
          ...row(done.area, booth.area!.name),
          ...row(done.height, booth.speaker.number(height)),
        ),
        h('p', {}, done.trackerWhat),
        actions(
          button(done.saveReceipt, () => booth.save('receipt.json', receipt), 'main', { id: 'save-receipt' }),
          button(buttons.print, () => print()),
        ),
        h('p', { class: 'note' }, done.againWhat),
        actions(
          button(done.again, () => voteAgain(booth), 'second', { id: 'again' }),
          button(done.finish, () => void finish(booth), 'second', { id: 'finish' }),
        ),
        h(
          'section',
          { class: 'print-only' },
          h('h2', {}, done.receipt),
          h('p', {}, machine(receipt)),
          h('p', {}, `${anchor.label}: `, machine(booth.setup!.anchor)),
        ),
      ],
    };
  };
}

function voteAgain(booth: Booth): void {
  booth.chosen = booth.setup!.questions.map(() => null);
  booth.hash = booth.ballot = '';
  // A ballot that was kept has its credential nowhere on this device any more: it is asked for again.
  void booth.sealing.ready().then((ready) => booth.go(ready ? choicesPage : credentialPage()));
}

async function finish(booth: Booth): Promise<void> {
  await booth.forget();
  booth.go((same) => {
    const { done } = same.speaker.words;
    return { step: 0, title: done.finished, body: [h('p', { class: 'box good' }, done.finishedWhat)] };
  });
}

/** A ballot that was kept on this device: send it or delete it. */
export function keptPage(waiting: Kept, on: () => void): Render {
  return (booth) => {
    const { send } = booth.speaker.words;
    const sendIt = async (): Promise<void> => {
      booth.area = booth.setup!.areas.find(({ code }) => code === waiting.area) ?? null;
      booth.ballot = waiting.ballot;
      booth.tracker = await booth.sealing.tracker(waiting.ballot);
      if (booth.area) castPage(booth);
    };
    const deleteIt = (): void => {
      drop(waiting.anchor);
      booth.say(send.deleted);
      on();
    };
    return {
      step: 0,
      title: send.found,
      body: [
        h('p', { class: 'box warn' }, send.foundWhat),
        actions(button(send.sendIt, () => void sendIt(), 'main'), button(send.deleteIt, deleteIt)),
      ],
    };
  };
}
