/* Behaviour of the frame, on every page. No page needs it to be read or filled in. */
"use strict";

(() => {
  /** Shows or hides a password: <button data-show-password="ID of the field">. */
  function togglePassword(button) {
    const field = document.getElementById(button.dataset.showPassword);
    const show = field.type === "password";
    field.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (button) togglePassword(button);

    const opener = event.target.closest("[data-open-dialog]");
    if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();

    const closer = event.target.closest("[data-close-dialog]");
    if (closer) closer.closest("dialog")?.close();

    closeMenus(event.target.closest("details.menu"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // Unsaved text kept in this browser (filling-kept.js) goes when the person signs out.
  document.addEventListener("submit", (event) => {
    const person = event.target.dataset.signOut;
    if (!person) return;
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`isian:${person}:`)) localStorage.removeItem(key);
    }
  });

  /** Says `text` through the page's one polite live region. */
  window.zi = {
    say(text) {
      const region = document.getElementById("kabar");
      if (region) region.textContent = text;
    },
  };
})();
