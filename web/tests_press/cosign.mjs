// Runs the press site's script on one request from standard input, and prints what came out: {"accept": …} or {"step", "error"}.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
runInThisContext(readFileSync(process.argv[2], "utf8"));
const { readLetter, newKey, readKey, fingerprint, sign } = globalThis.sanduqPress;
const sha256 = async (text) => Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex");
const acts = {
  letter: async ({ text }) => (readLetter(text), sha256(text)),
  key: async ({ file }) => {
    const key = await readKey(file);
    return { public: key.public, fingerprint: await fingerprint(key.public) };
  },
  new: async () => newKey(),
  sign: async ({ letter, file, ...who }) => sign(letter, await readKey(file), who),
};
const out = [];
for (const { act, ...given } of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    out.push({ accept: await acts[act](given) });
  } catch (error) {
    if (!error.step) throw error;
    out.push({ step: error.step, error: error.name });
  }
}
process.stdout.write(JSON.stringify(out));
