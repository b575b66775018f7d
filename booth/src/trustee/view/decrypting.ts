/** The panels after the vote: the record, the heads, the decryptions. */
import { plain } from '../../disc/telling.ts';
import { h, machine, saveFile, type Child } from '../../view/dom.ts';
import { headsText } from '../../keys/decryption.ts';
import type { App } from '../app.ts';
import type { Outcome } from '../worker.ts';
import { button, field, filesOf, handing, present, valueOf } from './parts.ts';

export const PANELS: Record<'record' | 'heads' | 'decrypt' | 'end', (app: App) => Child[]> = { record, heads, decrypt, end };

function record(app: App): Child[] {
  const { words, work } = app;
  const slip = work.anchor !== '' && !/^[0-9a-f]{64}$/.test(work.anchor);
  const isReady = !slip && work.anchor !== '' && work.run === null;
  const keep = (): void => {
    work.anchor = valueOf('anchor').replace(/\s/g, '').toLowerCase();
    document.querySelector('#slip')!.textContent = work.anchor !== '' && !/^[0-9a-f]{64}$/.test(work.anchor) ? words.anchorSlip : '';
    for (const id of ['verify', 'from-server']) document.querySelector(`#${id}`)?.toggleAttribute('disabled', !/^[0-9a-f]{64}$/.test(work.anchor));
  };
  const verify = (): void => void app.verify([...filesOf('folder'), ...filesOf('files')]);
  return [
    ...field('anchor', words.anchor, { dir: 'ltr', spellcheck: 'false', maxlength: 90, value: work.anchor, oninput: keep }),
    h('p', { id: 'slip', class: 'bad', role: 'alert' }, slip ? words.anchorSlip : ''),
    app.server !== null && app.server.record !== null && button('from-server', words.fromServer, () => void app.verifyFromServer(), app, !isReady),
    ...field('folder', words.folder, { type: 'file', webkitdirectory: true, multiple: true }),
    ...field('files', words.files, { type: 'file', multiple: true }),
    button('verify', words.verify, verify, app, !isReady),
    h('div', { id: 'progress', role: 'status' }, ...progress(app)),
    ...(work.outcome === null ? [] : verdict(app, work.outcome)),
    button('to-ceremony', words.toCeremony, () => app.go('ceremony'), app, work.run !== null),
  ];
}

/** Drawn again by itself while it runs: nothing else of the page changes. */
export function progress({ words, fill, work }: App): Node[] {
  if (work.run === null) return [];
  const { area, areas, ballots, part } = work.told ?? { area: 1, areas: 1, ballots: 0, part: 0 };
  return [
    h('p', {}, fill(words.at, { n: area, all: areas, ballots })),
    h('progress', { max: areas, value: area - 1 + part, 'aria-label': words.verify }),
    h('button', { type: 'button', id: 'stop', onclick: () => work.run?.stop() }, words.stop),
  ];
}

function verdict({ words, fill }: App, outcome: Outcome): Child[] {
  if (outcome.is === 'verified') return [];
  const isRefused = outcome.is === 'refused';
  const title = isRefused ? fill(words.errors.refused, { number: outcome.step, name: outcome.name }) : fill(words.whys[outcome.why], { what: outcome.message });
  return [
    h(
      'div',
      { class: `verdict ${outcome.is}`, 'data-verdict': outcome.is, ...(isRefused && { 'data-step': outcome.step }), role: 'alert' },
      h('p', {}, title),
      isRefused && h('p', {}, machine(plain(outcome.message))),
      isRefused && h('p', {}, words.refusal),
    ),
  ];
}

function heads(app: App): Child[] {
  const { words, fill, work } = app;
  const { verified, others } = work;
  let mine;
  try {
    mine = app.heads!;
  } catch {
    return [h('p', { class: 'bad' }, fill(words.errors.refused, { number: '3.18', name: 'SecretKeyMismatch' }))];
  }
  const needed = Math.max(0, app.needed - 1 - others.size);
  const count = app.trusteeCount;
  return [
    h('p', { class: 'good' }, fill(words.verified, { n: verified!.areas.length })),
    h('p', {}, fill(words.number, { n: mine.owner })),
    ...handing(app, 'heads', `${app.prefix}-heads.json`, headsText(mine)),
    present(app, Array.from({ length: count }, (_, i) => i + 1 === mine.owner || others.has(i + 1)), mine.owner),
    h('p', {}, needed === 0 ? words.enough : fill(words.more, { n: needed })),
    ...field('their-heads', words.theirs, { type: 'file', multiple: true, onchange: () => void app.takeHeads(filesOf('their-heads')), disabled: app.isBusy }),
    h('p', { class: 'note' }, words.memory),
    button('decrypt', words.decrypt, () => void app.prepare(), app, needed > 0),
    app.sayings.length > 0 && h('p', {}, words.refusal),
  ];
}

function decrypt(app: App): Child[] {
  const percent = Math.floor(100 * app.work.done);
  return [
    h('p', { role: 'status' }, app.fill(app.words.decrypting, { percent })),
    h('progress', { max: 1, value: app.work.done, 'aria-label': app.words.decrypt }),
    !app.isBusy && button('decrypt-again', app.words.decrypt, () => void app.decryptAgain(), app),
  ];
}

function end(app: App): Child[] {
  const { work, words, fill } = app;
  const below = work.plan!.below.map(({ code, name, counted }) => `${code} — ${plain(name)} (${counted})`);
  return [
    below.length > 0 && h('p', { class: 'note' }, fill(words.below, { areas: below.join('; ') })),
    ...handing(app, 'decryption', `${app.prefix}-parts.json`, work.parts),
    button('save-heads-again', fill(words.handOver, { name: `${app.prefix}-heads.json` }), () => saveFile(`${app.prefix}-heads.json`, headsText(app.heads!)), app),
  ];
}
