/* Filling the LKE: saving, its states, and repeating what did not arrive. htmx sends the forms;
   without JavaScript each card has a button. Beside it: filling-kept.js (a copy in this browser),
   filling-session.js (signing in again), filling-focus.js, filling-keys.js, filling-phone.js. */
"use strict";

(() => {
  const SHOW_SAVING_AFTER = 300;
  const SAVE_NOTE_AFTER = 800;
  const GIVE_UP_AFTER = 30_000;
  const FIRST_RETRY = 1000;
  const LAST_RETRY = 60_000;
  /** The portal or what stands before it is down or busy: as good as no line. */
  const AWAY = new Set([429, 502, 503, 504]);
  /** States in which a reply left something of what was typed unsaved. */
  const INCOMPLETE = new Set(["sebagian", "bentrok", "terkunci"]);

  const { zi } = window;
  const states = document.getElementById("keadaan")?.content;

  /** What is typed but not yet acknowledged: form → number of the change that is not saved. */
  const unsaved = new Map();
  /** Forms whose last attempt did not reach the portal; tried again when the line is back. */
  const waiting = new Set();
  let changes = 0;
  let retryAfter = FIRST_RETRY;
  let retryTimer = 0;

  const formOf = (element) => element?.closest?.("form[data-card]");
  const cardForm = (element) =>
    element.closest("article.butir")?.querySelector("form[data-card]");
  const stateOf = (form) => document.getElementById(`k-${form.dataset.card}`);
  /** The form of an htmx event when the event is its own, not that of a link inside it; also of
      one whose card the reply replaced. */
  const saver = (event) => {
    const sent = event.detail.requestConfig?.elt ?? event.target;
    return formOf(sent) === sent ? sent : null;
  };

  function show(form, state, extra) {
    const place = stateOf(form);
    if (!place || !states) return;
    const parts = [states.querySelector(`[data-state="${state}"]`)];
    if (extra) parts.push(states.querySelector(extra));
    zi.keepFocus(() => place.replaceChildren(...parts.map((part) => part.cloneNode(true))));
    if (state !== "menyimpan") zi.say(place.textContent.trim());
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

  // ── what is typed ─────────────────────────────────────────────────────────
  function typed(event) {
    const form = formOf(event.target);
    if (!form) return;
    unsaved.set(form, ++changes);
    form.emptying = null;
    zi.kept.keep(form);
    // htmx can wait for one kind of field only: numbers; so the note's patience is kept here.
    clearTimeout(form.noteTimer);
    if (event.target.matches("textarea:not([data-paste])")) {
      form.noteTimer = setTimeout(save, SAVE_NOTE_AFTER, form);
    }
  }
  document.addEventListener("input", typed);

  // ── a save on its way ─────────────────────────────────────────────────────
  document.addEventListener("htmx:configRequest", (event) => {
    const form = saver(event);
    if (!form) return;
    const { parameters } = event.detail;
    clearTimeout(form.noteTimer);
    if (parameters.has("accept_version")) form.accepted = parameters.get("accept_version");
    // A repeated save is still the one whose button was pressed, until something else is typed.
    if (parameters.has("empty")) form.emptying = parameters.get("empty");
    else if (form.emptying) parameters.set("empty", form.emptying);
    if (form.querySelector(".clash")) {
      // In a conflict nothing is sent until one of the two answers is chosen.
      if (!form.accepted) {
        event.preventDefault();
        return;
      }
      parameters.set("accept_version", form.accepted);
    }
    form.unsure ??= new Set();
    parameters.set("unsure", [...form.unsure].join(" "));
    const id = uuid();
    parameters.set("save_id", id);
    form.unsure.add(id);
    form.sending = unsaved.get(form);
    if (form.sending) zi.kept.keep(form);
    event.detail.timeout = GIVE_UP_AFTER;
  });

  document.addEventListener("htmx:beforeSend", (event) => {
    const form = saver(event);
    if (!form) return;
    form.isSending = true;
    form.timer = setTimeout(show, SHOW_SAVING_AFTER, form, "menyimpan");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = saver(event);
    if (!form) return;
    clearTimeout(form.timer);
    form.isSending = false;
    if (event.detail.successful) replied(form);
  });

  /** The reply stands on the page: either everything is saved, or the card says what is not. */
  function replied(form) {
    waiting.delete(form);
    form.unsure.clear();
    form.accepted = form.renewed = form.emptying = null;
    const place = stateOf(form);
    if (INCOMPLETE.has(place?.querySelector("[data-state]")?.dataset.state)) {
      zi.say(`${place.textContent.trim()}. ${firstError(form)}`);
    } else if (unsaved.get(form) === form.sending) {
      // Something typed while this save was on its way is still unsaved.
      unsaved.delete(form);
      zi.kept.forget(form);
      zi.say(document.getElementById("nilai")?.dataset.say ?? place?.textContent.trim() ?? "");
    }
    retryAfter = FIRST_RETRY;
    for (const other of waiting) if (other.isConnected && !other.isSending) save(other);
  }

  const firstError = (form) => form.querySelector(".field-error .err")?.textContent.trim() ?? "";

  // ── a save that did not arrive ────────────────────────────────────────────
  function hold(form) {
    if (!unsaved.has(form)) unsaved.set(form, ++changes);
    zi.kept.keep(form);
    waiting.add(form);
  }

  function lost(form) {
    hold(form);
    show(form, "luring");
    retryLater();
  }

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = saver(event);
      if (form) lost(form);
    });
  }

  document.addEventListener("htmx:responseError", (event) => {
    const { status } = event.detail.xhr;
    const form = saver(event);
    if (!form) {
      if (status === 401) zi.session.ask();
    } else if (AWAY.has(status)) lost(form);
    else if (status === 401) {
      hold(form);
      show(form, "sesi", "[data-sign-in]");
      zi.session.ask();
    } else if (status === 403 && !form.renewed) {
      // Most likely the page's token is old: once, with a fresh one.
      form.renewed = true;
      hold(form);
      show(form, "sesi", "[data-sign-in]");
      zi.session.renew().catch(retryLater);
    } else {
      hold(form);
      waiting.delete(form);
      show(form, "gagal", "[data-retry]");
    }
  });

  /** One form asks whether the line is back; its reply sends the others. */
  function retry() {
    clearTimeout(retryTimer);
    retryTimer = 0;
    for (const form of waiting) if (!form.isConnected) waiting.delete(form);
    const [first] = waiting;
    if (first && !first.isSending) save(first);
  }

  /** Ever more patiently, and not all pages of an office in the same moment. */
  function retryLater() {
    if (retryTimer) return;
    retryTimer = setTimeout(retry, retryAfter * (0.8 + 0.4 * Math.random()));
    retryAfter = Math.min(retryAfter * 2, LAST_RETRY);
  }

  function retryNow() {
    retryAfter = FIRST_RETRY;
    retry();
  }
  window.addEventListener("online", retryNow);
  document.addEventListener("zi:signed-in", retryNow);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) retryNow();
  });

  document.addEventListener("click", (event) => {
    const form = formOf(event.target) ?? cardForm(event.target);
    if (form && event.target.closest("[data-retry]")) save(form);
  });

  window.addEventListener("beforeunload", (event) => {
    for (const form of unsaved.keys()) if (!form.isConnected) unsaved.delete(form);
    if (unsaved.size && !zi.leaves) event.preventDefault();
  });

  /** Sends what filling-kept.js put back into a form. */
  zi.saveAgain = (form) => {
    unsaved.set(form, ++changes);
    save(form);
  };
})();
