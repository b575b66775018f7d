/** A camera that sees the code of a letter: a film of one picture, in the form that Chromium takes for a camera. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporary } from './temporary.ts';

const [WIDTH, HEIGHT, MODULE] = [640, 480, 8];

/** The arguments for Chromium. The picture is `code.txt`, where # is dark: a link with the first credential of vectors/known. */
export function cameraArguments(): string[] {
  const rows = readFileSync(new URL('code.txt', import.meta.url), 'utf8').split('\n');
  const light = Buffer.alloc(WIDTH * HEIGHT, 235);
  rows.forEach((row, y) => [...row].forEach((character, x) => character === '#' && paint(light, x, y)));
  const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const film = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`)];
  for (let i = 0; i < 5; i++) film.push(Buffer.from('FRAME\n'), light, colours);
  const file = join(temporary('camera'), 'code.y4m');
  writeFileSync(file, Buffer.concat(film));
  return ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`];
}

function paint(picture: Buffer, x: number, y: number): void {
  for (let row = 0; row < MODULE; row++) {
    const start = (y * MODULE + row) * WIDTH + x * MODULE + 80;
    if (y * MODULE + row < HEIGHT) picture.fill(16, start, start + MODULE);
  }
}
