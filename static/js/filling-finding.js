/* Filling the LKE: going on to the next blank butir after saving, and pages that show some cards
   only. The server says where to go on; without JavaScript it leads there itself. */
"use strict";

(() => {
  const formOf = (element) => element?.closest?.("form[data-card]");

  // ── save and go on ────────────────────────────────────────────────────────
  // The wish belongs to the card until a reply comes: of the saves that wait in line, htmx keeps
  // the last alone, which need not be the one that the button sent.
  document.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="lanjut"]');
    if (button?.form) button.form.goesOn = true;
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const form = formOf(event.target);
    if (form && form === event.target && form.goesOn) event.detail.parameters.set("lanjut", "1");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event.target);
    if (form && form === event.target && event.detail.requestConfig.parameters.has("lanjut")) {
      form.goesOn = false;
    }
  });

  /** Sent with the reply to a save that was to go on: to a card here, or to another page. */
  document.addEventListener("lanjut", (event) => {
    const card = document.getElementById(event.detail.card);
    if (!card) {
      location.assign(event.detail.address);
      return;
    }
    card.scrollIntoView({ block: "start" });
    card.focus({ preventScroll: true });
  });

  // ── pages that show some cards only ───────────────────────────────────────
  /** A reply brings all that a save changes; what has no place on this page is left out. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const reply = document.createElement("template");
    reply.innerHTML = event.detail.serverResponse;
    const homeless = [...reply.content.querySelectorAll("[hx-swap-oob]")].filter((part) => {
      const [, place] = part.getAttribute("hx-swap-oob").split(/:(.*)/s);
      return !document.querySelector(place ?? `#${CSS.escape(part.id)}`);
    });
    if (!homeless.length) return;
    for (const part of homeless) part.remove();
    event.detail.serverResponse = reply.innerHTML;
  });
})();
