/** The panels before the vote: the key, and what is exchanged with the others. */
import { h, saveFile, type Child } from '../../view/dom.ts';
import { sha256Hex, utf8 } from '../../protocol/numbers.ts';
import { groupText } from '../../verify/trustees.ts';
import type { App } from '../app.ts';
import type { Step } from '../desk.ts';
import { button, digits, field, filesOf, handing, present, theirs, valueOf } from './parts.ts';

type Panel = (app: App) => Child[];

export const PANELS: Record<Step, Panel> = {
  begin,
  save,
  cert: (app) => exchange(app, 'cert'),
  commitment,
  polynomial: (app) => exchange(app, 'polynomial'),
  voutput: (app) => exchange(app, 'voutput'),
  pubkey: (app) => [...handing(app, 'pubkey', 'mandatory.pubkey', app.desk.own('pubkey')), ...key(app), ...theirs(app), toRecord(app)],
  final,
  trial,
  ready: (app) => [...key(app), ...tried(app), ...earlier(app, ['trial']), toRecord(app)],
};

function begin(app: App): Child[] {
  const { words } = app;
  const number = (id: string, label: string, value: number): HTMLElement[] => field(id, label, { type: 'number', min: 1, max: 100, value, dir: 'ltr' });
  const make = (isGroup: boolean): void => {
    const context = { size: Number(valueOf('size')), threshold: Number(valueOf('threshold')), index: Number(valueOf('index')) };
    void app.make(isGroup ? context : null, isGroup ? valueOf('public-name') : '');
  };
  return [
    h(
      'fieldset',
      {},
      h('legend', {}, words.groupKey),
      ...number('index', words.index, 1),
      ...number('size', words.size, 3),
      ...number('threshold', words.threshold, 2),
      ...field('public-name', words.publicName, { maxlength: 100, dir: 'auto' }),
      button('make-group', words.make, () => make(true), app),
    ),
    h('fieldset', {}, h('legend', {}, words.singleKey), button('make-single', words.make, () => make(false), app)),
    h(
      'fieldset',
      {},
      h('legend', {}, words.openTitle),
      ...field('key-files', words.keyFiles, { type: 'file', multiple: true }),
      ...field('passphrase', words.passphrase, { type: 'password', dir: 'ltr' }),
      button('open', words.open, () => void app.open(filesOf('key-files'), valueOf('passphrase')), app),
    ),
  ];
}

function save(app: App): Child[] {
  const { words } = app;
  const propose = (): void => {
    document.querySelector<HTMLInputElement>('#new-passphrase')!.value = app.propose();
  };
  return [
    ...field('new-passphrase', words.newPassphrase, { value: app.proposal, spellcheck: 'false', dir: 'ltr', oninput: () => (app.proposal = valueOf('new-passphrase')) }),
    h('div', { class: 'row' }, button('save-key', words.saveKey, () => void app.saveKey(valueOf('new-passphrase')), app), button('propose', words.propose, propose, app)),
    ...field('saved', words.readBack, { type: 'file' }),
    ...field('again', words.again, { type: 'password', dir: 'ltr' }),
    button('check', words.check, () => void app.readBack(filesOf('saved'), valueOf('again')), app),
    app.mode === 'decrypting' && h('p', { class: 'note' }, words.memory),
  ];
}

type Exchanged = 'cert' | 'polynomial' | 'voutput';
const BEFORE: Record<Exchanged, readonly Exchanged[]> = { cert: [], polynomial: ['cert'], voutput: ['cert', 'polynomial'] };

function exchange(app: App, kind: Exchanged): Child[] {
  const { board, key } = app.desk;
  const there = board[kind].map((text) => text !== null);
  return [
    ...handing(app, kind, `${app.prefix}.${kind}`, app.desk.own(kind)),
    present(app, there, key!.context!.index),
    ...theirs(app),
    ...earlier(app, BEFORE[kind]),
    ...collected(app),
  ];
}

function commitment(app: App): Child[] {
  const { words, fill, desk } = app;
  const own = desk.own('commitment');
  const index = desk.key!.context!.index;
  const others = desk.board.commitment.map((text, i) =>
    i + 1 === index
      ? []
      : field(`commitment-${i + 1}`, fill(words.trustee, { n: i + 1 }), { value: text ?? '', readonly: text !== null, dir: 'ltr', spellcheck: 'false', maxlength: 100 }));
  const put = (): void => void app.commit(desk.board.commitment.map((text, i) => (i + 1 === index || text !== null ? '' : valueOf(`commitment-${i + 1}`))));
  const name = `${app.prefix}.polynomial`;
  return [
    desk.isHeldLost && h('p', { class: 'note' }, words.heldLost),
    ...(own === null ? [] : [digits(own), ...handing(app, 'commitment', `${app.prefix}.commitment`, own)]),
    desk.board.held !== null && button('keep-held', fill(words.keepHeld, { name }), () => saveFile(name, `${desk.board.held}\n`), app),
    present(app, desk.board.commitment.map((text) => text !== null), index),
    h('fieldset', {}, h('legend', {}, words.commitments), ...others.flat(), button('put', words.put, put, app)),
    ...theirs(app),
    ...earlier(app, ['cert']),
    ...collected(app),
  ];
}

/** What was handed over before, for whom it has not reached. */
function earlier(app: App, kinds: readonly (Exchanged | 'trial')[]): Child[] {
  const made = kinds.flatMap((kind) => {
    const text = app.desk.own(kind);
    const name = kind === 'trial' ? `${app.prefix}-trial.json` : `${app.prefix}.${kind}`;
    return text === null ? [] : handing(app, kind, name, text);
  });
  return made.length === 0 ? [] : [h('details', {}, h('summary', {}, app.words.earlier), ...(made as Node[]))];
}

function collected(app: App): Child[] {
  const files = app.desk.collected().map(([name, text]) => button(`all-${name.replace(/\W/g, '-')}`, name, () => saveFile(name, text), app));
  const anew = button('collect-anew', app.words.collectAnew, () => void app.collectAnew(), app);
  return [h('details', {}, h('summary', {}, app.words.collected), h('div', { class: 'row' }, ...files), anew)];
}

// --- the trustees' file -----------------------------------------------------------------------------------------------------

function key(app: App): Child[] {
  const { publicKey, owner } = app.desk;
  const { words, fill } = app;
  return publicKey === null ? [] : [owner === null ? null : h('p', {}, fill(words.number, { n: owner })), h('p', {}, words.publicKey), digits(publicKey)];
}

function trusteesFile(app: App, text: string): Child[] {
  return [
    h('p', {}, app.words.sha256),
    digits(sha256Hex(utf8(text))),
    button('save-trustees', app.fill(app.words.handOver, { name: 'trustees.json' }), () => saveFile('trustees.json', text), app),
  ];
}

function final(app: App): Child[] {
  const { words, desk } = app;
  const text = app.assembled;
  const { group } = desk.board;
  return [
    ...key(app),
    text === null && h('p', {}, words.unsettled),
    ...(text === null ? [] : trusteesFile(app, text)),
    group && button('save-group', app.fill(words.handOver, { name: 'group.json' }), () => saveFile('group.json', `${groupText(group)}\n`), app),
    text !== null && !app.transport.isOnline && h('p', {}, words.mandatoryToo),
    text !== null && !app.transport.isOnline && button('settle', words.settle, () => void app.settle(), app),
    ...theirs(app),
    ...(desk.board.cert.some((one) => one !== null) ? [...earlier(app, ['cert', 'polynomial', 'voutput']), ...collected(app)] : []),
    toRecord(app),
  ];
}

function tried(app: App): Child[] {
  const owners = [...app.desk.board.trials.keys()].sort((a, b) => a - b);
  return app.desk.isTried ? [h('p', { class: 'good' }, app.fill(app.words.tried, { owners: owners.join(', ') }))] : [];
}

function trial(app: App): Child[] {
  const { board, owner } = app.desk;
  const all = board.final!.flatMap(({ keys }) => keys);
  return [
    ...key(app),
    ...trusteesFile(app, board.trustees!),
    ...handing(app, 'trial', `${app.prefix}-trial.json`, app.desk.own('trial')),
    present(app, all.map((_, i) => board.trials.has(i + 1)), owner),
    ...theirs(app),
    ...earlier(app, ['cert', 'polynomial', 'voutput']),
    toRecord(app),
  ];
}

function toRecord(app: App): Child {
  return app.desk.decryptionKey !== null && button('to-record', app.words.toRecord, () => app.go('decrypting'), app);
}
