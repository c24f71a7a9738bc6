/* Filling the LKE: the session ended while the page was open. Sign in in place; what is typed
   stays, and is never saved under another person's name: for somebody else the page is loaded
   anew. */
"use strict";

(() => {
  const { zi } = window;
  const PAUSE = 1000;
  const dialog = document.getElementById("masuk-lagi");
  const person = document.getElementById("keadaan")?.dataset.person;
  if (!dialog) return;
  const form = dialog.querySelector("form");
  const button = form.querySelector("[type=submit]");
  const error = dialog.querySelector(".err");
  let lastTyped = 0;
  let opening = 0;

  document.addEventListener("input", () => {
    lastTyped = Date.now();
  });

  async function current() {
    const reply = await fetch(dialog.dataset.session, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(`${reply.status}`);
    return reply.json();
  }

  function takeOver(token) {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = token;
    }
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }

  /** Goes on in the session that there is now. Says whether that is this person's. */
  function goOn(session) {
    if (session.person && session.person !== person) {
      zi.leaves = true;
      location.reload();
      return true;
    }
    takeOver(session.token);
    if (!session.person) return false;
    if (dialog.open) dialog.close();
    document.dispatchEvent(new Event("zi:signed-in"));
    return true;
  }

  /** Not while a key is being pressed: the next letter would land in the wrong field. */
  function open() {
    clearTimeout(opening);
    if (dialog.open) return;
    const pause = lastTyped + PAUSE - Date.now();
    if (pause > 0) opening = setTimeout(open, pause);
    else {
      refuse("");
      dialog.showModal();
    }
  }

  function refuse(words) {
    error.hidden = !words;
    error.querySelector("span").textContent = words;
    for (const field of form.querySelectorAll(".form-control")) {
      field.setAttribute("aria-invalid", String(Boolean(words)));
    }
  }

  zi.session = {
    /** Somebody signed in elsewhere in this browser meanwhile, or the dialog asks for it. */
    async renew() {
      if (!goOn(await current())) open();
    },
    ask() {
      zi.session.renew().catch(open);
    },
  };

  async function signIn() {
    const before = await current();
    if (before.person) return goOn(before);
    takeOver(before.token);
    const reply = await fetch(form.action, {
      method: "POST",
      headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    const said = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : {};
    if (!reply.ok) {
      return refuse(said.form?.errors?.[0] ?? form.dataset[reply.status === 429 ? "often" : "empty"]);
    }
    form.elements.password.value = "";
    if (!goOn(await current())) refuse(form.dataset.step);
    return null;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    signIn()
      .catch(() => refuse(form.dataset.away))
      .finally(() => button.removeAttribute("aria-busy"));
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sign-in]")) zi.session.ask();
  });
  // Signed in on the page of its own that the dialog links to.
  window.addEventListener("focus", () => {
    if (dialog.open) current().then(goOn, () => {});
  });
})();
