/* Filling the LKE: how a value was calculated, opened inside its card and kept up to date. Without
   JavaScript the link leads to the page of that calculation. */
"use strict";

(() => {
  const placeOf = (link) => document.getElementById(link.getAttribute("aria-controls"));

  function open(link, isOpen) {
    link.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) htmx.trigger(link, "hitung");
    else placeOf(link).replaceChildren();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-how]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link, link.getAttribute("aria-expanded") !== "true");
  });

  /** A save may change every calculation that is open: counts are shared between cards. */
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.target.matches("form[data-card]") || !event.detail.successful) return;
    for (const link of document.querySelectorAll('a[data-how][aria-expanded="true"]')) {
      htmx.trigger(link, "hitung");
    }
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (!event.target.matches("a[data-how]")) return;
      const words = document.getElementById("keadaan").content.querySelector("[data-no-line]");
      placeOf(event.target).replaceChildren(words.cloneNode(true));
    });
  }

  for (const link of document.querySelectorAll("a[data-how]")) {
    link.setAttribute("aria-expanded", "false");
  }
})();
