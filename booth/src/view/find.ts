/** Looking a credential up: whether the public record shows a ballot of it, and which. The credential stays on this device. */
import type { Booth, Render } from '../booth.ts';
import type { Last } from '../protocol/roll.ts';
import { credentialPage, takeCredential, type Purpose } from './credential.ts';
import { actions, button, h, machine } from './dom.ts';

const toFind: Purpose = {
  step: 0,
  title: ({ find }) => find.title,
  intro: ({ find }) => find.intro,
  async use(booth, credential) {
    const { link } = booth;
    const prefix = await takeCredential(booth, credential);
    if (prefix === null) return;
    const found = await booth.sealing.find(await booth.api!.last(booth.area!.code, prefix));
    if (booth.link !== link) return;
    // It was needed for this one question.
    await booth.forget();
    booth.go(foundPage(found));
  },
};

export function findPage(): Render {
  return credentialPage('', toFind);
}

function foundPage(found: Last | null): Render {
  return (booth) => {
    const { find, done, area, buttons } = booth.speaker.words;
    return {
      step: 0,
      title: find.title,
      body: [
        h('p', { class: found ? 'box good' : 'box' }, found ? find.found : find.none),
        found &&
          h(
            'dl',
            {},
            h('dt', {}, done.tracker),
            h('dd', {}, machine(found.tracker)),
            h('dt', {}, area.label),
            h('dd', {}, h('bdi', {}, booth.area!.name)),
            h('dt', {}, done.height),
            h('dd', {}, booth.speaker.number(found.height)),
          ),
        h('p', {}, found ? find.foundWhat : find.noneWhat),
        h('p', { class: 'note' }, find.others),
        actions(button(buttons.again, () => again(booth))),
      ],
    };
  };
}

function again(booth: Booth): void {
  booth.go(findPage());
}
