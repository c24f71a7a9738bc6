/* Filling the LKE by keyboard, and moving from card to card. One-letter shortcuts can be turned
   off (WCAG 2.1.4) and never act while something is typed. */
"use strict";

(() => {
  const cards = () => [...document.querySelectorAll("article.butir")];
  let current = null;

  function select(card) {
    current?.classList.remove("is-current");
    current = card;
    current?.classList.add("is-current");
  }

  /** The card that is being worked on: the chosen one, else the first that can be seen. */
  function place() {
    const list = cards();
    if (current && list.includes(current)) return list.indexOf(current);
    return list.findIndex((card) => card.getBoundingClientRect().bottom > 160);
  }

  function move(step) {
    const list = cards();
    const next = list[Math.min(Math.max(place() + step, 0), list.length - 1)];
    if (!next) return;
    select(next);
    next.scrollIntoView({ block: "start" });
    next.focus({ preventScroll: true });
  }

  function choose(letter) {
    const card = cards()[place()];
    const wanted = [...(card?.querySelectorAll('input[name="choice"]') ?? [])].find(
      (input) => input.value[0].toUpperCase() === letter,
    );
    if (!wanted || wanted.checked) return;
    select(card);
    wanted.click();
  }

  const switched = document.getElementById("pakai-pintasan");
  if (switched) {
    switched.checked = localStorage.getItem("pintasan") !== "mati";
    switched.addEventListener("change", () => {
      localStorage.setItem("pintasan", switched.checked ? "hidup" : "mati");
    });
  }

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("article.butir");
    if (card) select(card);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("textarea, input:not([type=radio]), select");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || !switched?.checked) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toUpperCase();
    if (key === "J") move(1);
    else if (key === "K") move(-1);
    else if (key === "?") document.getElementById("pintasan").showModal();
    else if (key === "L") cards()[place()]?.querySelector('button[name="lanjut"]')?.click();
    else if (key === "N") {
      cards()[place()]?.querySelector('textarea[name="note"]')?.focus();
      event.preventDefault();
    } else if (/^[A-EYT]$/.test(key)) choose(key);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(Number(button.dataset.move));
  });

  if (location.hash.startsWith("#b-")) {
    select(document.getElementById(location.hash.slice(1)));
  }
})();
