// The look-up of a tracker in an edition: no server, no network, a page that was opened from a disc. The trackers stand in
// scripts, because such a page can read nothing else; of many ballots, in several, by the first digits of the tracker's bytes.
"use strict";
(() => {
  const index = globalThis.sanduqTrackers;
  const one = (id) => document.getElementById(id);
  const TRACKER = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/u; // of 32 bytes: the last two bits are zero
  const between = () => one("found-height").dataset.thousand.slice(1, -3); // as the page's language writes 1000
  const group = (height) => String(height).replace(/\B(?=(\d{3})+$)/gu, between());

  const asked = () => {
    const text = one("tracker").value.trim();
    if (!text.startsWith("{")) return [text.replace(/[\s\u2066-\u2069\u200e\u200f]/gu, ""), false];
    try {
      return [String(JSON.parse(text).tracker), true];
    } catch {
      return [text, true];
    }
  };
  const prefix = (tracker) => {
    const bytes = Array.from(atob(`${tracker}=`), (c) => c.charCodeAt(0).toString(16).padStart(2, "0"));
    return bytes.join("").slice(0, index.digits);
  };
  const read = (name) =>
    new Promise((done, failed) => {
      if (index.found[name]) return done(index.found[name]);
      const script = document.createElement("script");
      script.onload = () => (index.found[name] ? done(index.found[name]) : failed(new Error(name)));
      script.onerror = () => failed(new Error(name));
      script.src = new URL(`trackers-${name || "all"}.js`, index.from).href;
      document.head.append(script);
    });
  const show = (which) => {
    for (const id of ["found", "none", "unread"]) one(id).hidden = id !== which;
  };
  const lookUp = async () => {
    show("");
    const [tracker, receipt] = asked();
    if (!TRACKER.test(tracker)) return show("none");
    let found;
    try {
      found = (await read(prefix(tracker)))[tracker];
    } catch {
      return show("unread");
    }
    if (!Array.isArray(found)) return show("none");
    const [area, height, latest] = found;
    one("found-tracker").textContent = tracker;
    one("found-area").textContent = index.areas[area];
    one("found-height").textContent = group(height);
    one("latest").hidden = !latest;
    one("replaced").hidden = Boolean(latest);
    one("receipt").hidden = !receipt;
    show("found");
  };
  if (index) one("look-up").addEventListener("click", lookUp);
  else show("unread");
})();
