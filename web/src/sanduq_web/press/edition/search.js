// The search of an edition: no server, no network, a page that was opened from a disc. The words are in words.js, which is a
// script because such a page can read nothing else. They are compared as on the site (press/fold.py).
"use strict";
(() => {
  const { letters, entries, language } = globalThis.sanduq;
  const MOST = 30, AROUND = 14;
  const one = (text) => Array.from(text, (c) => letters[c] ?? c).join("");
  const digit = (c) => {
    // The ten digits of a script stand in a row, the first of them at a multiple of 16 or 6 above it.
    const code = c.codePointAt(0);
    for (const zero of [0x660, 0x6f0, 0x966, 0x9e6]) if (code >= zero && code < zero + 10) return String(code - zero);
    return c;
  };
  // Lower case as Unicode folds it: the German ß and the final sigma by the way of capitals.
  const lower = (text) => text.replace(/\u0130/gu, "i\u0307").toUpperCase().toLowerCase().replace(/\u03c2/gu, "\u03c3");
  const fold = (text) => one(lower(one(text)).normalize("NFKD").replace(/\p{M}/gu, "")).replace(/\p{Nd}/gu, digit);
  const bare = (word) => (language === "ar" && word.startsWith("ال") && word.length >= 4 ? word.slice(2) : word);
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}_]+/gu) ?? [];
  const asked = (new URLSearchParams(location.search).get("q") ?? "").slice(0, 200);
  const wanted = wordsOf(asked).slice(0, 12).map(bare);
  for (const input of document.querySelectorAll("input[name=q]")) input.value = asked;
  if (!wanted.length) return;

  const matches = (word, want) =>
    want.length > 2 ? word.startsWith(want) || bare(word).startsWith(want) : word === want || bare(word) === want;
  const has = (text) => {
    const words = wordsOf(text);
    return wanted.every((want) => words.some((word) => matches(word, want)));
  };
  const inTitle = entries.filter((entry) => has(entry[1]));
  const inText = entries.filter((entry) => !inTitle.includes(entry) && has(`${entry[1]} ${entry[3]}`));
  const found = [...inTitle, ...inText].slice(0, MOST);

  const element = (name, text = "", more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);
  const snippet = (text) => {
    const pieces = text.split(/\s+/u);
    const hit = (piece) => wordsOf(piece).some((word) => wanted.some((want) => matches(word, want)));
    const at = Math.max(pieces.findIndex(hit), 0), start = Math.max(at - AROUND / 2, 0);
    const line = element("p", start ? "… " : "", { className: "summary" });
    for (const piece of pieces.slice(start, start + 2 * AROUND)) line.append(hit(piece) ? element("mark", piece) : piece, " ");
    if (start + 2 * AROUND < pieces.length) line.append("…");
    return line;
  };
  const list = document.querySelector("#found");
  for (const [address, title, day, text] of found) {
    const item = list.appendChild(element("li")).appendChild(element("article", "", { className: "item" }));
    item.append(element("h2"), snippet(text), element("p", day, { className: "when" }));
    item.firstChild.append(element("a", title, { href: address }));
  }
  document.querySelector(found.length ? "#some" : "#none").hidden = false;
})();
