/**
 * The practice booth: the real booth with another box behind it. Nothing is cast and nothing is sent; at most the frozen setup of a
 * referendum is fetched, as any reader would fetch it. This file and what it needs is loaded only for a link with `practice`.
 */
import type { Api } from '../api.ts';
import type { Booth } from '../booth.ts';
import { readSetup } from '../protocol/setup.ts';
import type { Catalogue } from '../words/catalogue.ts';
import { LANGUAGES } from '../words/index.ts';
import { PracticeBox } from './box.ts';
import { exampleSetup } from './example.ts';
import { frameOf } from './frame.ts';
import { makeWorld, MARK, newSeed } from './world.ts';

/** Make `booth` a booth for practice; `server` knows the referendum whose question is asked, if it is not the invented one. */
export async function startPractice(booth: Booth, server: Api | null): Promise<Api> {
  const { link } = booth;
  // A real credential has no business here, whoever put it into the link.
  link.credential = null;
  const catalogues = new Map<string, Catalogue>();
  for (const { tag, load } of LANGUAGES) catalogues.set(tag, (await load()).words);
  const source = server === null ? exampleSetup(catalogues) : await frozen(server);
  const marks = Object.fromEntries([...catalogues].map(([tag, { practice }]) => [tag, practice.word]));
  const seed = link.practice || newSeed();
  const world = makeWorld(seed, source, marks, link.area);
  const fragment = `practice=${seed}${server === null ? '' : `&${server.fragment}`}`;
  const box = new PracticeBox(world, fragment, Math.floor(Date.now() / 1000));
  if (booth.link === link) [booth.mark, booth.frame] = [MARK, frameOf(box)];
  return box;
}

/** The setup of the referendum, if it is the one that the link names (8.1). */
async function frozen(server: Api): Promise<Uint8Array> {
  const data = await server.setup();
  readSetup(data, server.anchor);
  return data;
}
