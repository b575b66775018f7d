/** The first step: the credential, from the link, typed, or scanned; checked on this device against a bucket of the public list. */
import type { Booth, Render } from '../booth.ts';
import { readCode } from '../link.ts';
import { readTyped, withHyphens, type Typed } from '../protocol/credential.ts';
import { Refused } from '../protocol/errors.ts';
import { bucketDigits } from '../protocol/roll.ts';
import type { Area } from '../protocol/setup.ts';
import { startScan } from '../scan.ts';
import type { Catalogue } from '../words/catalogue.ts';
import { choicesPage } from './choices.ts';
import { actions, button, h } from './dom.ts';
import { problemPage, reasonOf } from './problem.ts';

/** What a typed text lacks, in words; empty where nothing does. */
export function typedMessage(booth: Booth, typed: Typed): string {
  const { words } = booth.speaker;
  switch (typed.is) {
    case 'credential':
      return '';
    case 'empty':
      return words.typed.empty;
    case 'alphabet':
      // Each character is set apart, so that it keeps its form and place among right-to-left words.
      return booth.fill(words.typed.alphabet, { characters: typed.characters.map((one) => `\u2068${one}\u2069`).join(' ') });
    case 'short':
      return booth.speaker.plural(words.missing, typed.missing);
    case 'long':
      return booth.speaker.plural(words.extra, typed.extra);
    case 'groups': {
      const groups = typed.groups.map((n) => booth.speaker.number(n)).join(', ');
      return booth.speaker.plural(words.groups, typed.groups.length, { groups });
    }
  }
}

/** What a credential is asked for. */
export interface Purpose {
  readonly step: number;
  readonly title: (words: Catalogue) => string;
  readonly intro: (words: Catalogue) => string;
  /** Use a credential that was typed or scanned. What is thrown is said beside the field. */
  readonly use: (booth: Booth, credential: string) => Promise<void>;
}

const toVote: Purpose = {
  step: 1,
  title: (words) => words.credential.title,
  intro: (words) => words.credential.intro,
  use: enter,
};

/**
 * Take a credential: public half and bucket. Gives the bucket's prefix; throws a refusal if it is not on the list. Null if another link
 * was opened meanwhile, and what was asked for is of no use any more.
 */
export async function takeCredential(booth: Booth, credential: string): Promise<string | null> {
  const { api, area, link, sealing, state } = booth;
  if (!api || !area) throw new Error('no area');
  const digits = bucketDigits(state?.areas[area.code]?.roll_prefix, area.electorate);
  const texts = await Promise.all([api.election(area.code), api.trustees()]);
  if (booth.link !== link) return null;
  await sealing.area(...texts, area.code);
  const prefix = (await sealing.open(credential)).slice(0, digits);
  const bucket = await api.bucket(area.code, prefix);
  if (booth.link !== link) return null;
  await sealing.onRoll(bucket);
  if (booth.link !== link) return null;
  booth.typed = '';
  return prefix;
}

/** On to the question. */
async function enter(booth: Booth, credential: string): Promise<void> {
  if ((await takeCredential(booth, credential)) === null) return;
  booth.chosen = booth.setup!.questions.map(() => null);
  booth.go(choicesPage);
  booth.say(booth.fill(booth.speaker.words.credential.good, { area: booth.area!.name }));
}

/** With a credential from the link, nothing needs to be typed. */
export function enterFromLink(booth: Booth, credential: string): void {
  const { link } = booth;
  booth.fromLink = true;
  const act = (): void => {
    booth.go((same) => ({ step: 1, title: same.speaker.words.credential.checking, body: [] }));
    enter(booth, credential).catch((error: unknown) => {
      if (booth.link !== link) return;
      if (error instanceof Refused && error.refusal === 'CredentialUnknown') booth.go(credentialPage(reasonOf(booth, error)));
      else booth.go(problemPage(error, act));
    });
  };
  act();
}

function areaField(booth: Booth): HTMLElement | null {
  const { setup, speaker } = booth;
  const { words } = speaker;
  if (!setup || setup.areas.length === 1) return null;
  const option = (code: string, name: string): HTMLElement =>
    h('option', { value: code, selected: booth.area?.code === code, dir: 'auto' }, name);
  const onchange = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    booth.area = setup.areas.find(({ code }) => code === value) ?? null;
  };
  const groups = setup.regions.map(({ code, name }) => {
    const inside = setup.areas.filter((area) => area.parent === code);
    return inside.length > 0 && h('optgroup', { label: name }, ...inside.map((area) => option(area.code, area.name)));
  });
  const alone = setup.areas.filter(({ parent }) => parent === null).map((area) => option(area.code, area.name));
  const select = h('select', { id: 'area', onchange }, option('', words.area.choose), ...groups, ...alone);
  return h('p', { class: 'field' }, h('label', { for: 'area' }, words.area.label), select);
}

/** The form to type the credential in. `mistake` is what was wrong with the last one. */
export function credentialPage(mistake = '', purpose: Purpose = toVote): Render {
  return (booth) => {
    const { words } = booth.speaker;
    const error = h('p', { id: 'mistake', class: 'mistake', hidden: mistake === '' }, mistake);
    const input = typingField(booth, error, mistake !== '');
    const camera = h('div', { class: 'camera' });
    const submit = (event: Event): void => {
      event.preventDefault();
      void submitTyped(booth, purpose, input, error);
    };
    const form = h(
      'form',
      { onsubmit: submit, novalidate: true, autocomplete: 'off' },
      areaField(booth),
      h('p', { class: 'field' }, h('label', { for: 'credential' }, words.credential.label), input),
      h('p', { id: 'feedback', class: 'hint', 'aria-live': 'polite' }),
      error,
      h('p', { id: 'hint', class: 'hint' }, words.credential.hint),
      actions(
        h('button', { type: 'submit', class: 'main' }, words.buttons.next),
        'mediaDevices' in navigator && button(words.credential.scan, () => void scan(booth, camera, input)),
      ),
      camera,
    );
    const aside = h('p', { class: 'note' }, words.credential.stays);
    return { step: purpose.step, title: purpose.title(words), body: [h('p', {}, purpose.intro(words)), form, aside] };
  };
}

function typingField(booth: Booth, error: HTMLElement, wrong: boolean): HTMLInputElement {
  const typing = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    // Hyphens are put in only at the end of the text, so that the caret does not jump in the middle of it.
    const atEnd = field.selectionEnd === field.value.length;
    const removing = (event as InputEvent).inputType?.startsWith('delete') ?? false;
    if (atEnd && !removing) field.value = withHyphens(field.value);
    booth.typed = field.value;
    const typed = readTyped(field.value);
    const feedback = document.getElementById('feedback');
    const good = typed.is === 'credential' && typed.checked ? booth.speaker.words.credential.checked : '';
    if (feedback) feedback.textContent = typed.is === 'empty' ? '' : typedMessage(booth, typed) || good;
    error.hidden = true;
    field.removeAttribute('aria-invalid');
  };
  return h('input', {
    ...{ id: 'credential', type: 'text', dir: 'ltr', value: booth.typed, oninput: typing },
    ...{ autocomplete: 'off', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false', translate: 'no' },
    ...{ 'aria-describedby': 'mistake feedback hint', 'aria-invalid': wrong ? 'true' : null },
  });
}

async function submitTyped(booth: Booth, purpose: Purpose, input: HTMLInputElement, error: HTMLElement): Promise<void> {
  const { words } = booth.speaker;
  if (booth.busy) return;
  const fail = (message: string, field: string): void => {
    error.textContent = message;
    error.hidden = false;
    document.getElementById('feedback')?.replaceChildren();
    const wrong = document.getElementById(field);
    wrong?.setAttribute('aria-invalid', 'true');
    wrong?.focus();
    booth.say(message);
  };
  if (!booth.area) return fail(words.area.missing, 'area');
  const typed = readTyped(input.value);
  if (typed.is !== 'credential') return fail(typedMessage(booth, typed), 'credential');
  booth.say(words.credential.checking);
  booth.busy = true;
  try {
    await purpose.use(booth, typed.credential);
  } catch (reason) {
    fail(reasonOf(booth, reason), 'credential');
  } finally {
    booth.busy = false;
  }
}

/** The area that a code names, also in the list that is on the page. */
function takeArea(booth: Booth, area: Area): void {
  booth.area = area;
  const list = document.getElementById('area');
  if (list instanceof HTMLSelectElement) list.value = area.code;
}

async function scan(booth: Booth, place: HTMLElement, input: HTMLInputElement): Promise<void> {
  const { words } = booth.speaker;
  try {
    const { video, code, stop } = await startScan();
    video.setAttribute('aria-label', words.credential.scanning);
    const end = button(words.credential.stop, stop);
    place.replaceChildren(h('p', { role: 'status' }, words.credential.scanning), video, end);
    end.focus();
    const seen = await code;
    place.replaceChildren();
    if (seen === null) return input.focus();
    const { credential, anchor, area } = readCode(seen);
    if (credential === null || (anchor !== null && anchor !== booth.setup?.anchor)) {
      place.replaceChildren(h('p', { class: 'mistake', role: 'alert' }, words.typed.noCode));
      return;
    }
    const named = booth.setup?.areas.find(({ code: other }) => other === area);
    if (named) takeArea(booth, named);
    input.value = booth.typed = credential;
    input.form?.requestSubmit();
  } catch {
    place.replaceChildren(h('p', { class: 'mistake', role: 'alert' }, words.typed.noCamera));
  }
}
