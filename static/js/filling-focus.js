/* Filling the LKE: focus stays where it was when parts of the page are replaced, and fields point
   to their messages. */
"use strict";

(() => {
  const { zi } = window;
  const FOCUSABLE = "a[href], button, input, textarea, select, summary";

  const kindOf = (element) => `${element.tagName} ${element.name ?? element.href ?? ""}`;

  /** Where the focus is, in terms that survive a replacement: an element with an id, and which of
      the things inside it. */
  function whereabouts() {
    const active = document.activeElement;
    const root = active?.closest?.("[id]");
    if (!root || active === document.body) return null;
    return {
      active,
      root: root.id,
      place: [...root.querySelectorAll(FOCUSABLE)].indexOf(active),
      kind: kindOf(active),
      card: active.closest("article.butir")?.id,
    };
  }

  function putBack(held) {
    if (!held || held.active.isConnected || document.activeElement !== document.body) return;
    const root = document.getElementById(held.root);
    const same = held.place < 0 ? root : root?.querySelectorAll(FOCUSABLE)[held.place];
    const next = same && kindOf(same) === held.kind ? same : document.getElementById(held.card);
    next?.focus({ preventScroll: true });
  }

  zi.keepFocus = (change) => {
    const held = whereabouts();
    change();
    putBack(held);
  };

  // Moving on by Tab, browsers leave a field where it is when it is on the screen, even below a
  // bar; this way the root's scroll-padding counts.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches(":focus-visible:not(article)")) target.scrollIntoView({ block: "nearest" });
  });

  let held = null;
  document.addEventListener("htmx:beforeSwap", () => {
    held = whereabouts();
  });
  document.addEventListener("htmx:afterRequest", () => {
    putBack(held);
    held = null;
    for (const error of document.querySelectorAll(".field-error")) {
      const field = document.querySelector(`[aria-describedby~="${error.id}"]`);
      if (!field) continue;
      if (error.childElementCount) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });
})();
