/* Filling the LKE: the states of saving and retries. htmx does the saving itself; without
   JavaScript each card has a button. The keyboard is in filling-keys.js. */
"use strict";

(() => {
  const RETRY_EVERY = 5000;
  const SHOW_SAVING_AFTER = 300;
  const SAVE_NOTE_AFTER = 800;
  const states = document.getElementById("keadaan")?.content;

  /** What is typed but not yet acknowledged: form → number of the change that is not saved. */
  const unsaved = new Map();
  /** Forms whose last attempt did not reach the portal; tried again when the line is back. */
  const waiting = new Set();
  let changes = 0;

  const formOf = (element) => element?.closest?.("form[data-card]");
  const cardForm = (element) =>
    element.closest("article.butir")?.querySelector("form[data-card]");
  const stateOf = (form) => document.getElementById(`k-${form.dataset.card}`);

  function show(form, state, extra) {
    const place = stateOf(form);
    if (!place || !states) return;
    const parts = [states.querySelector(`[data-state="${state}"]`)];
    if (extra) parts.push(states.querySelector(extra));
    place.replaceChildren(...parts.map((part) => part.cloneNode(true)));
    if (state !== "menyimpan") window.zi.say(place.textContent.trim());
  }

  /** A save id makes a repeated request harmless. getRandomValues also works on plain HTTP. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function save(form) {
    htmx.trigger(form, "simpan");
  }

  // ── saving ────────────────────────────────────────────────────────────────
  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    unsaved.set(form, ++changes);
    // htmx can wait for one kind of field only: numbers; so the note's patience is kept here.
    clearTimeout(form.noteTimer);
    if (event.target.matches("textarea:not([data-paste])")) {
      form.noteTimer = setTimeout(save, SAVE_NOTE_AFTER, form);
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const form = formOf(event.target);
    if (form !== event.target) return;
    clearTimeout(form.noteTimer);
    // In a conflict nothing is sent until one of the two answers is chosen.
    if (form.querySelector(".clash") && !event.detail.parameters.has("accept_version")) {
      event.preventDefault();
      return;
    }
    event.detail.parameters.set("save_id", uuid());
    form.sending = unsaved.get(form);
  });

  document.addEventListener("htmx:beforeSend", (event) => {
    const form = formOf(event.target);
    if (form !== event.target) return;
    form.timer = setTimeout(() => show(form, "menyimpan"), SHOW_SAVING_AFTER);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = formOf(event.target);
    if (form !== event.target) return;
    clearTimeout(form.timer);
    if (event.detail.successful) {
      waiting.delete(form);
      // Something typed while this save was on its way is still unsaved.
      if (unsaved.get(form) === form.sending) unsaved.delete(form);
    }
  });

  document.addEventListener("htmx:sendError", (event) => {
    const form = formOf(event.target);
    if (form !== event.target) return;
    unsaved.set(form, ++changes);
    waiting.add(form);
    show(form, "luring");
  });

  document.addEventListener("htmx:responseError", (event) => {
    const form = formOf(event.target);
    if (form !== event.target) return;
    unsaved.set(form, ++changes);
    if (event.detail.xhr.status === 401) {
      waiting.add(form);
      show(form, "sesi", "[data-login]");
    } else {
      show(form, "gagal", "[data-retry]");
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    for (const error of document.querySelectorAll(".field-error")) {
      const field = document.querySelector(`[aria-describedby="${error.id}"]`);
      if (!field) continue;
      if (error.childElementCount) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const said = event.target.dataset?.say;
    if (said) window.zi.say(said);
  });

  document.addEventListener("click", (event) => {
    const form = formOf(event.target) ?? cardForm(event.target);
    if (form && event.target.closest("[data-retry]")) save(form);
  });

  function retry() {
    for (const form of [...waiting]) {
      if (form.isConnected) save(form);
      else waiting.delete(form);
    }
  }
  window.addEventListener("online", retry);
  setInterval(retry, RETRY_EVERY);

  window.addEventListener("beforeunload", (event) => {
    for (const form of unsaved.keys()) if (!form.isConnected) unsaved.delete(form);
    if (unsaved.size) event.preventDefault();
  });
})();
