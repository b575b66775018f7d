// While something is made, the list is asked for anew; not under the hands of somebody who is about to do something in it.
const plain = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").trim();
// What matters of a log is its end.
const toTheEnd = () => {
  for (const log of document.querySelectorAll("#press-editions pre")) if (log !== document.activeElement) log.scrollTop = log.scrollHeight;
};
document.addEventListener("toggle", toTheEnd, true); // of details; it does not bubble
toTheEnd();
let shown = "";
const look = async () => {
  const list = document.getElementById("press-editions");
  if (!list || !("atWork" in list.dataset)) return;
  try {
    const answer = await fetch(list.dataset.now, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (answer.status === 403 || answer.redirected) return; // the session is over
    const html = await answer.text();
    const chosen = [...list.querySelectorAll("input[type=file]")].some((field) => field.files.length);
    const at = list.contains(document.activeElement) ? document.activeElement : null;
    const log = at?.closest("details"); // whoever reads a log stays in it
    const busy = chosen || (at && !log);
    if (answer.ok && !busy && plain(html) !== shown) {
      const open = [...list.querySelectorAll("details[open]")].map((each) => each.id);
      list.outerHTML = html;
      shown = plain(html);
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      toTheEnd();
      if (log) document.querySelector(`#${log.id} > ${at.localName}`)?.focus({ preventScroll: true });
    }
  } catch {
    // no network for a moment: the next look may find it
  }
  setTimeout(look, 5000);
};
setTimeout(look, 5000);
