/* Filling the LKE: a copy in this browser of what is typed and not yet saved, by person and
   assessment. Gone once it is saved, at sign-out (ui.js), and after a week; after a reload it is
   offered again, only to the person who typed it. */
"use strict";

(() => {
  const { zi } = window;
  const page = document.getElementById("keadaan");
  const { person, assessment } = page?.dataset ?? {};
  const PREFIX = `isian:${person}:${assessment}:`;
  const WEEK = 7 * 24 * 3600 * 1000;
  const WINDOW = String(Math.random());
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "version", "save_id", "unsure"]);

  const keyOf = (form) => PREFIX + form.dataset.card;
  const typed = (form) =>
    [...new FormData(form)].filter(([name, value]) => !NOT_TYPED.has(name) && !(value instanceof File));

  /** A browser may forbid or fill up its storage: then there is no copy, and nothing breaks. */
  function attempt(action) {
    try {
      return action();
    } catch {
      return null;
    }
  }

  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  const remove = (key) => attempt(() => localStorage.removeItem(key));

  zi.kept = {
    keep(form) {
      const kept = {
        window: WINDOW,
        at: Date.now(),
        address: `${location.pathname}#b-${form.dataset.card}`,
        name: form.closest("article")?.querySelector(".code")?.textContent ?? form.dataset.card,
        version: form.elements.version.value,
        unsure: [...(form.unsure ?? [])],
        fields: typed(form),
      };
      attempt(() => localStorage.setItem(keyOf(form), JSON.stringify(kept)));
    },
    /** Another window's copy stays: it is about what is typed there. */
    forget(form) {
      if (read(keyOf(form))?.window === WINDOW) remove(keyOf(form));
    },
  };
  if (!page) return;

  // ── after a reload ────────────────────────────────────────────────────────
  function restore(form, kept) {
    const rest = [...kept.fields];
    for (const field of form.elements) {
      if (!field.name || NOT_TYPED.has(field.name) || field.type === "submit") continue;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = kept.fields.some(
          ([name, value]) => name === field.name && value === field.value,
        );
      } else {
        const place = rest.findIndex(([name]) => name === field.name);
        if (place >= 0) [[, field.value]] = rest.splice(place, 1);
      }
    }
    // As it was seen then: what others saved since becomes a conflict, not a loss.
    form.elements.version.value = kept.version;
    form.unsure = new Set(kept.unsure);
  }

  const same = (form, kept) => JSON.stringify(typed(form)) === JSON.stringify(kept.fields);
  const fragment = (name) => page.content.querySelector(name).cloneNode(true);

  function offer(card, key, kept) {
    const form = card.querySelector("form[data-card]");
    const note = fragment("[data-offer]");
    note.querySelector("[data-text]").textContent = kept.fields
      .map(([, value]) => value.trim())
      .filter(Boolean)
      .join(" · ");
    const done = () => {
      note.remove();
      card.focus({ preventScroll: true });
    };
    note.querySelector("[data-use]").addEventListener("click", () => {
      restore(form, kept);
      done();
      zi.saveAgain(form);
    });
    note.querySelector("[data-discard]").addEventListener("click", () => {
      remove(key);
      done();
    });
    if (!form) note.querySelector("[data-use]").remove();
    (form ?? card.querySelector("header")).before(note);
  }

  /** Copies whose card is on another page: where to find them. */
  function pointTo(others) {
    const note = fragment("[data-elsewhere]");
    const links = others.map((kept) => {
      const link = document.createElement("a");
      link.href = kept.address;
      link.textContent = kept.name;
      return link;
    });
    note.querySelector("[data-links]").append(...links.flatMap((link) => [" ", link]));
    document.querySelector(".doc .page-head")?.after(note);
  }

  const others = [];
  for (const key of attempt(() => Object.keys(localStorage)) ?? []) {
    const kept = key.startsWith("isian:") ? read(key) : null;
    if (!kept) continue;
    if (!(Date.now() - kept.at < WEEK)) remove(key);
    else if (key.startsWith(PREFIX)) {
      const card = document.getElementById(`b-${key.slice(PREFIX.length)}`);
      const form = card?.querySelector("form[data-card]");
      if (!card) others.push(kept);
      else if (form && same(form, kept)) remove(key);
      else offer(card, key, kept);
    }
  }
  if (others.length) pointTo(others);

  // The stored answer was chosen: the card that comes has nothing unsaved.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap, xhr } = event.detail;
    if (!shouldSwap || xhr.status !== 200 || !target.matches?.("article.butir")) return;
    const form = target.querySelector("form[data-card]");
    if (form) zi.kept.forget(form);
  });
})();
