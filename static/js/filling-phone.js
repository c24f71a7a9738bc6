/* Filling the LKE on a small screen: long questions are folded to three lines, and the list of
   areas is a sheet that closes like one. Wider screens do not notice: the styles apply to phones
   only. */
"use strict";

(() => {
  const phone = window.matchMedia("(max-width: 767.98px)");
  const words = document.getElementById("keadaan")?.content.querySelector("[data-more]");

  /** Folds the question of a card when it is longer than three lines. */
  function fold(card) {
    const question = card.querySelector("h3");
    if (!words || !question || question.nextElementSibling?.matches("[data-more]")) return;
    question.classList.add("is-folded");
    if (question.scrollHeight <= question.clientHeight + 1) {
      question.classList.remove("is-folded");
      return;
    }
    const more = words.cloneNode(true);
    more.setAttribute("aria-controls", question.id);
    question.after(more);
  }

  const foldAll = () => {
    if (phone.matches) document.querySelectorAll("article.butir").forEach(fold);
  };
  foldAll();
  phone.addEventListener("change", foldAll);
  document.addEventListener("htmx:load", (event) => {
    if (phone.matches && event.target.matches("article.butir")) fold(event.target);
  });

  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (!more) return;
    const isFolded = more.previousElementSibling.classList.toggle("is-folded");
    more.setAttribute("aria-expanded", String(!isFolded));
    more.textContent = isFolded ? more.dataset.more : more.dataset.less;
  });

  // ── the sheet ─────────────────────────────────────────────────────────────
  const sheet = document.querySelector("details.sheet");
  if (!sheet) return;

  function close() {
    sheet.open = false;
    sheet.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && sheet.open && !document.querySelector("dialog[open]")) close();
  });
  document.addEventListener("click", (event) => {
    if (!sheet.open) return;
    if (event.target.closest("details.sheet a[href^='#']")) sheet.open = false;
    else if (event.target === sheet || !sheet.contains(event.target)) close();
  });
})();
