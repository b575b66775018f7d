/** What some boxes ask for beside the credential: the PIN of the letter, or a code that comes by e-mail. It is never stored. */
import { Rejected } from '../api.ts';
import type { Booth } from '../booth.ts';
import { actions, button, h } from './dom.ts';

const DIGITS = 8;

export interface Asked {
  readonly is: 'pin' | 'email';
  readonly mistake: string;
}

/** The digits of what was typed, also in Arabic or Persian numerals; spaces and hyphens are left out. */
export function readDigits(typed: string): string | null {
  const digits = typed.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (one) => String(one.charCodeAt(0) & 15)).replace(/[\s-]/g, '');
  return /^[0-9]+$/.test(digits) && digits.length === DIGITS ? digits : null;
}

/** What the box asks for by refusing, and what was wrong; null if this is another refusal. */
export function askedBy(booth: Booth, error: Error): Asked | null {
  if (!(error instanceof Rejected)) return null;
  const { speaker, state } = booth;
  const { words } = speaker;
  const { name, after } = error.problem;
  const wait = after ? speaker.plural(words.codeWait, Math.ceil(after / 60)) : '';
  switch (name) {
    case 'PinNeeded':
      return { is: 'pin', mistake: '' };
    case 'PinWrong':
      return { is: 'pin', mistake: `${words.code.pinWrong} ${wait}`.trim() };
    case 'CodeNeeded':
      return { is: 'email', mistake: '' };
    case 'CodeWrong':
      return { is: 'email', mistake: words.code.mailWrong };
    case 'CodeExpired':
      return { is: 'email', mistake: words.code.expired };
    case 'TooManyTries':
      return { is: state?.authentication === 'email' ? 'email' : 'pin', mistake: wait };
    default:
      return null;
  }
}

/** Ask for it. `send` gets eight digits, or `again` for another mail. */
export function codePage(booth: Booth, asked: Asked, send: (said: string) => void): void {
  booth.go((same) => {
    const { code, buttons } = same.speaker.words;
    const pin = asked.is === 'pin';
    const error = h('p', { id: 'mistake', class: 'mistake', role: 'alert', hidden: asked.mistake === '' }, asked.mistake);
    const input = h('input', {
      ...{ id: 'code', type: 'text', dir: 'ltr', inputmode: 'numeric', autocomplete: pin ? 'off' : 'one-time-code' },
      ...{ autocorrect: 'off', spellcheck: 'false', 'aria-describedby': 'mistake hint', 'aria-invalid': asked.mistake === '' ? null : 'true' },
    });
    const submit = (event: Event): void => {
      event.preventDefault();
      const digits = readDigits(input.value);
      if (digits !== null) return send(digits);
      error.textContent = code.form;
      error.hidden = false;
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    };
    const form = h(
      'form',
      { onsubmit: submit, novalidate: true, autocomplete: 'off' },
      h('p', { class: 'field' }, h('label', { for: 'code' }, pin ? code.pinLabel : code.mailLabel), input),
      error,
      h('p', { id: 'hint', class: 'hint' }, code.stays),
      actions(
        h('button', { type: 'submit', class: 'main' }, buttons.next),
        !pin && button(code.another, () => send('again'), 'second', { id: 'another' }),
      ),
    );
    return { step: 5, title: pin ? code.pinTitle : code.mailTitle, body: [h('p', {}, pin ? code.pinIntro : code.mailIntro), form] };
  });
}
