// A comment as a file, made on a page that was opened from a disc. Nothing here sends anything: the file goes where its writer
// saves it. Its form is that of press/bringing.py: JSON without spaces, names in order.
"use strict";
(() => {
  const form = document.querySelector("#write");
  const field = (name) => document.querySelector(`#write-${name}`);
  form.hidden = false;
  form.addEventListener("input", () => (field("saved").hidden = true));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { article } = form.dataset;
    const { edition } = document.querySelector("p.edition").dataset; // where it is put in last: the rest may be of an older one
    const name = field("name").value.toWellFormed?.() ?? field("name").value;
    const text = field("text").value.toWellFormed?.() ?? field("text").value;
    const comment = { article, edition: Number(edition), format: "sanduq-comment", name, text, version: 1 };
    const file = new Blob([JSON.stringify(comment)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${edition}-${article.split("/").at(-2)}.sanduq-comment.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    field("saved").hidden = false;
  });
})();
