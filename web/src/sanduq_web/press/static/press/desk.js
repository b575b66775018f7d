// Each field has the direction of what is in it: editors of five languages share one desk.
const fields = 'input[type="text"], input[type="search"], textarea, .public-DraftEditor-content';
const turn = (root) => {
  for (const field of root.querySelectorAll(fields)) if (!field.hasAttribute("dir")) field.setAttribute("dir", "auto");
};
document.addEventListener("DOMContentLoaded", () => {
  turn(document);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) turn(node.parentElement ?? node);
  }).observe(document.body, { childList: true, subtree: true });
});
