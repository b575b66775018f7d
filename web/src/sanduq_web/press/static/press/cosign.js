/* Signs a letter on the reader's own device (spec chapter 9). No library and no build: what is here is what runs.
 *
 * The page's rules (Content-Security-Policy) let this script connect to nothing. The only thing that leaves the device is what
 * stands in the form when its owner sends it: a signature. The key's file and the names are in fields without a name, outside
 * of the form.
 */
"use strict";
(function () {
  const FILE_PREFIX = "sanduq-press-secret-key:";
  const PKCS8 = "302e020100300506032b657004220420"; // RFC 8410: what stands before the 32 bytes of an Ed25519 key
  const LETTER = "sanduq-press-letter";
  const SIGNATURE = "sanduq-press-signature";
  const LINE = 300;
  const LONGEST = 100000;
  const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

  class Refused extends Error {
    constructor(step, name, message) {
      super(message || name);
      this.step = step;
      this.name = name;
    }
  }

  function require(holds, step, name, message) {
    if (!holds) throw new Refused(step, name, message);
  }

  // --- canonical JSON: compact, keys sorted (all are ASCII) --------------------------------------------------------------

  function canonical(value) {
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (value !== null && typeof value === "object") {
      const fields = Object.keys(value).sort().map((name) => JSON.stringify(name) + ":" + canonical(value[name]));
      return "{" + fields.join(",") + "}";
    }
    return JSON.stringify(value);
  }

  function parse(text) {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Refused("0.1", "MalformedJson", "not JSON");
    }
  }

  // --- reading a letter -------------------------------------------------------------------------------------------------

  const isText = (value) => typeof value === "string" && value.isWellFormed();
  const malformed = (holds, what) => require(holds, "9.1", "LetterMalformed", what);
  const length = (text) => Array.from(text).length;

  function fields(value, names, what) {
    malformed(value !== null && typeof value === "object" && !Array.isArray(value), what);
    malformed(Object.keys(value).sort().join() === [...names].sort().join(), what);
  }

  function checkLine(text, step, name, empty) {
    const one = !HIDDEN.test(text) && !text.includes("\n") && text === text.trim();
    require((empty || text !== "") && length(text) <= LINE && one, step, name);
  }

  function checkText(text) {
    require(text.trim() !== "" && length(text) <= LONGEST && !HIDDEN.test(text), "9.3", "LetterText");
  }

  const INSIDE = {
    "": "p ul ol hr", p: "text b i br", b: "text b i br", i: "text b i br", ul: "li", ol: "li", li: "text b i br ul ol",
  };

  function checkMarkup(html) {
    const piece = /<(\/?)([a-z]+)>|((?:[^<>&]|&(?:amp|lt|gt);)+)/uy;
    const open = [""];
    while (piece.lastIndex < html.length) {
      const found = piece.exec(html);
      require(found !== null, "9.4", "LetterMarkup");
      const name = found[2] || "text";
      if (found[1]) {
        require(open[open.length - 1] === name, "9.4", "LetterMarkup");
        open.pop();
        continue;
      }
      require(INSIDE[open[open.length - 1]].split(" ").includes(name), "9.4", "LetterMarkup");
      if (name !== "text" && name !== "br" && name !== "hr") open.push(name);
      require(open.length <= 16, "9.4", "LetterMarkup");
    }
    require(open.length === 1, "9.4", "LetterMarkup");
  }

  function checkBlock(block) {
    malformed(block !== null && typeof block === "object" && !Array.isArray(block) && Object.keys(block).length === 1, "a block");
    const kind = Object.keys(block)[0];
    malformed(["heading", "paragraph", "quote"].includes(kind), "a block");
    const content = block[kind];
    if (kind === "quote") {
      fields(content, ["source", "text"], "a quote");
      malformed(isText(content.text) && isText(content.source), "a quote");
      return () => {
        checkText(content.text);
        checkLine(content.source, "9.3", "LetterText", true);
        require(content.text === content.text.trim(), "9.3", "LetterText");
      };
    }
    malformed(isText(content), kind);
    if (kind === "heading") return () => checkLine(content, "9.3", "LetterText", false);
    return () => {
      checkText(content);
      require(!content.includes("\n"), "9.3", "LetterText");
      checkMarkup(content);
    };
  }

  function isDay(text) {
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text.startsWith("0000")) return false;
    const day = new Date(text + "T00:00:00Z");
    return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text;
  }

  /** The letter, from the text of letter.json; throws Refused with the step and the name of the specification. */
  function readLetter(text) {
    const value = parse(text);
    fields(value, ["addressee", "attachments", "body", "date", "format", "id", "language", "place", "title", "version"], "letter");
    malformed(value.format === LETTER && value.version === 1, "another format or version");
    for (const name of ["addressee", "date", "id", "language", "place", "title"]) malformed(isText(value[name]), name);
    malformed(Array.isArray(value.body) && value.body.length <= 1000, "body");
    malformed(Array.isArray(value.attachments) && value.attachments.length <= 100, "attachments");
    const checks = value.body.map(checkBlock);
    for (const each of value.attachments) {
      fields(each, ["name", "sha256"], "an attachment");
      malformed(isText(each.name) && isText(each.sha256) && /^[0-9a-f]{64}$/.test(each.sha256), "an attachment");
    }
    malformed(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value.id), "id");
    malformed(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(value.language), "language");
    malformed(isDay(value.date), "date");
    checkLine(value.title, "9.3", "LetterText", false);
    checkLine(value.addressee, "9.3", "LetterText", false);
    checkLine(value.place, "9.3", "LetterText", true);
    require(value.body.length > 0, "9.3", "LetterText");
    for (const check of checks) check();
    for (const each of value.attachments) checkLine(each.name, "9.3", "LetterText", false);
    require(canonical(value) === text, "9.2", "PressNotCanonical");
    return value;
  }

  // --- keys and signatures ----------------------------------------------------------------------------------------------

  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (raw) => Array.from(new Uint8Array(raw), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (digits) => Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
  const sha256 = async (raw) => hex(await crypto.subtle.digest("SHA-256", raw));

  /** A new key, as the text of its file. */
  async function newKey() {
    const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
    return FILE_PREFIX + hex(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).slice(PKCS8.length) + "\n";
  }

  /** The key of a file: {private, public}, the public one in 64 digits. */
  async function readKey(text) {
    const digits = text.trim().startsWith(FILE_PREFIX) ? text.trim().slice(FILE_PREFIX.length) : "";
    require(/^[0-9a-f]{64}$/.test(digits), "9.13", "PressKeyMalformed");
    const secret = await crypto.subtle.importKey("pkcs8", unhex(PKCS8 + digits), { name: "Ed25519" }, true, ["sign"]);
    const half = (await crypto.subtle.exportKey("jwk", secret)).x.replaceAll("-", "+").replaceAll("_", "/");
    return { private: secret, public: hex(Uint8Array.from(atob(half), (one) => one.charCodeAt(0))) };
  }

  /** What is compared by another way: 40 digits. */
  async function fingerprint(key) {
    const prefix = bytes("sanduq-press-key-1\n");
    return (await sha256(new Uint8Array([...prefix, ...unhex(key)]))).slice(0, 40);
  }

  /** The signature's file: `who` has organisation, representative, office and date. */
  async function sign(text, key, who) {
    readLetter(text);
    checkLine(who.organisation, "9.6", "CosignerText", false);
    checkLine(who.representative, "9.6", "CosignerText", true);
    checkLine(who.office, "9.6", "CosignerText", true);
    require(isDay(who.date), "9.5", "CosignatureMalformed");
    const unsigned = {
      format: SIGNATURE, version: 1, letter: await sha256(bytes(text)), organisation: who.organisation,
      representative: who.representative, office: who.office, date: who.date, key: key.public,
    };
    const covered = bytes("sanduq-press-signature-1\n" + canonical(unsigned));
    const signature = hex(await crypto.subtle.sign({ name: "Ed25519" }, key.private, covered));
    return canonical({ ...unsigned, signature });
  }

  if (typeof document === "undefined") {
    globalThis.sanduqPress = { readLetter, newKey, readKey, fingerprint, sign };
    return;
  }

  // --- the page ---------------------------------------------------------------------------------------------------------

  const at = (id) => document.getElementById(id);
  let key = null;

  function say(name) {
    at("said").textContent = at("words").dataset[name];
  }

  async function showPrint() {
    at("print").querySelector("code").textContent = (await fingerprint(key.public)).match(/.{4}/g).join(" ");
    at("print").hidden = false;
  }

  async function make() {
    const file = await newKey();
    key = await readKey(file);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file], { type: "text/plain" }));
    link.download = "press.key";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    at("made").hidden = false;
    await showPrint();
  }

  async function choose() {
    const file = at("key").files[0];
    key = null;
    at("print").hidden = true;
    if (!file) return;
    try {
      key = await readKey(file.size < 4096 ? await file.text() : "");
      at("said").textContent = "";
      await showPrint();
    } catch (error) {
      say("badKey");
    }
  }

  async function signHere() {
    if (!at("read").checked) return say("unread");
    if (key === null) return say("noKey");
    const who = { date: new Date().toISOString().slice(0, 10) };
    for (const name of ["organisation", "representative", "office"]) who[name] = at(name).value.trim();
    try {
      at("signature").value = await sign(at("letter").value, key, who);
      say("signed");
      at("send").scrollIntoView();
    } catch (error) {
      say(error.step === "9.6" ? "badName" : "badLetter");
    }
  }

  async function begin() {
    at("no-script").hidden = true;
    try {
      await readKey(await newKey());
    } catch (error) {
      at("no-device").hidden = false; // no Ed25519 here, or no secure connection
      return;
    }
    at("make").addEventListener("click", make);
    at("key").addEventListener("change", choose);
    at("sign").addEventListener("click", signHere);
    at("device").hidden = false;
  }

  begin();
})();
