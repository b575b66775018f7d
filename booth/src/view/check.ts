/** Checking a ballot that another device has opened: no credential, no vote, only the election and the file (4.16). */
import type { Booth, Render, View } from '../booth.ts';
import { chosenList } from './choices.ts';
import { actions, h } from './dom.ts';
import { reasonOf } from './problem.ts';

/** `opened` is the text of an opened ballot that came with the link. */
export function checkPage(verdict: Render | null = null, opened = ''): Render {
  return (booth) => {
    const { check } = booth.speaker.words;
    const file = h('input', { type: 'file', id: 'opened-file', accept: '.json,application/json' });
    const text = h('textarea', { id: 'opened-text', dir: 'ltr', rows: 5, spellcheck: 'false' });
    text.value = opened;
    const hash = h('input', { type: 'text', id: 'shown-hash', dir: 'ltr', autocomplete: 'off', spellcheck: 'false' });
    const submit = async (event: Event): Promise<void> => {
      event.preventDefault();
      const given = file.files?.[0] ? await file.files[0].text() : text.value.trim();
      booth.go(checkPage(await judge(booth, given, hash.value.trim()), given));
    };
    const field = (id: string, label: string, input: HTMLElement): HTMLElement =>
      h('p', { class: 'field' }, h('label', { for: id }, label), input);
    const result = verdict?.(booth);
    return {
      step: 0,
      title: check.title,
      body: [
        ...(result?.body ?? [h('p', {}, check.intro)]),
        h(
          'form',
          { onsubmit: (event: Event) => void submit(event) },
          field('opened-file', check.file, file),
          field('opened-text', check.text, text),
          field('shown-hash', check.hash, hash),
          actions(h('button', { type: 'submit', class: 'main' }, check.run)),
        ),
      ],
    };
  };
}

async function judge(booth: Booth, opened: string, hash: string): Promise<Render> {
  const page = (body: (same: Booth) => View['body']): Render => (same) => ({ step: 0, title: '', body: body(same) });
  try {
    const choices = await booth.sealing.checkOpened(opened, hash);
    booth.chosen = booth.setup!.questions.map((asked, i) => {
      const row = choices[i] ?? [];
      const marks = asked.blank ? row.slice(1) : row;
      return { blank: asked.blank && row[0] === 1, answers: new Set(marks.flatMap((m, n) => (m === 1 ? [n] : []))) };
    });
    booth.say(booth.speaker.words.check.good);
    return page((same) => [h('p', { class: 'box good' }, same.speaker.words.check.good), chosenList(same)]);
  } catch (error) {
    booth.say(booth.fill(booth.speaker.words.check.bad, { reason: reasonOf(booth, error) }));
    const bad = (same: Booth): string => same.fill(same.speaker.words.check.bad, { reason: reasonOf(same, error) });
    return page((same) => [h('p', { class: 'box wrong' }, bad(same))]);
  }
}
