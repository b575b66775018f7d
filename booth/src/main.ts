/** The booth from its opening on: the fragment is taken out of the address before anything else is done. */
import { findApi, Server, type Api } from './api.ts';
import { Booth, plain } from './booth.ts';
import { kept } from './keep.ts';
import { takeFragment, type Link } from './link.ts';
import { startSealing } from './sealing/client.ts';
import { keptPage } from './view/cast.ts';
import { checkPage } from './view/check.ts';
import { findPage } from './view/find.ts';
import { credentialPage, enterFromLink } from './view/credential.ts';
import { problemPage, sentencePage } from './view/problem.ts';
import { Shell } from './view/shell.ts';
import { languageFor, Speaker } from './words/index.ts';

async function open(link: Link): Promise<void> {
  const wanted = [...(link.language ? [link.language] : []), ...navigator.languages];
  const speaker = await Speaker.of(languageFor(wanted));
  const shell = new Shell((tag) => void speak(booth, tag));
  const booth = new Booth(link, startSealing(), shell, speaker);
  addEventListener('hashchange', () => void openAnother(booth));
  await start(booth);
}

/**
 * Another link in the same window changes only what is behind `#`, and the page is not loaded anew. It is taken out of the address
 * like the first. A ballot that is sealed or on its way is not given up for it.
 */
async function openAnother(booth: Booth): Promise<void> {
  if (location.hash === '') return;
  const link = takeFragment();
  if (booth.unsaved) return;
  booth.link = link; // from here on nothing that was begun for the other link changes the page
  await booth.forget();
  if (booth.link !== link) return;
  booth.setup = booth.area = booth.state = null;
  booth.fromLink = false;
  if (link.language) booth.speaker = await Speaker.of(languageFor([link.language]));
  await start(booth);
}

async function start(booth: Booth): Promise<void> {
  const { link } = booth;
  [booth.frame, booth.mark] = [plain, ''];
  booth.go((same) => ({ step: 0, title: same.speaker.words.loading, body: [] }));
  if (booth.link.anchor === null && booth.link.practice === null) return booth.go(sentencePage((same) => same.speaker.words.error.noReferendum));
  try {
    const api = await apiFor(booth);
    if (booth.link !== link) return;
    booth.api = api;
    await load(booth);
  } catch (error) {
    if (booth.link === link) booth.go(problemPage(error, () => void start(booth)));
  }
}

async function apiFor(booth: Booth): Promise<Api> {
  const { anchor, practice } = booth.link;
  const server = anchor === null ? null : new Server(await findApi(), anchor);
  if (practice === null) return server!;
  return (await import('./practice/index.ts')).startPractice(booth, server);
}

async function speak(booth: Booth, tag: string): Promise<void> {
  booth.speaker = await Speaker.of(languageFor([tag]));
  booth.refresh();
  document.getElementById('language')?.focus();
}

/** Fetch and check the setup, and begin where the link says. */
async function load(booth: Booth): Promise<void> {
  const { api, link, sealing } = booth;
  const [state, data] = await Promise.all([api!.state(), api!.setup()]);
  if (booth.link !== link) return;
  const setup = await sealing.setup(data, api!.anchor);
  if (booth.link !== link) return;
  [booth.state, booth.setup] = [state, setup];
  const only = setup.areas.length === 1 ? setup.areas[0]! : null;
  booth.area = setup.areas.find(({ code }) => code === link.area) ?? only;
  if (link.check && booth.area) {
    const { code } = booth.area;
    const texts = await Promise.all([api!.election(code), api!.trustees()]);
    if (booth.link !== link) return;
    await sealing.area(...texts, code);
    const opened = link.opened === null ? '' : await sealing.unpack(link.opened);
    return booth.link === link ? booth.go(checkPage(null, opened)) : undefined;
  }
  if (link.find) {
    link.credential = null;
    return booth.go(findPage());
  }
  const waiting = kept(setup.anchor);
  if (waiting) return booth.go(keptPage(waiting, () => begin(booth)));
  begin(booth);
}

function begin(booth: Booth): void {
  const { link, setup, state } = booth;
  if (state!.phase === 'frozen') {
    return booth.go(sentencePage((same) => same.fill(same.speaker.words.error.notOpen, { time: same.speaker.time(setup!.opens) })));
  }
  if (state!.phase !== 'open') return booth.go(sentencePage((same) => same.speaker.words.error.over));
  const { credential } = link;
  link.credential = null; // from here on only the worker knows it
  if (credential !== null && booth.area) return enterFromLink(booth, credential);
  booth.typed = credential ?? '';
  booth.go(credentialPage());
}

// Whoever comes back to this page with the browser's arrows is perhaps somebody else: nothing is shown again.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

void open(takeFragment());
