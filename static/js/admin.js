/* What Django's admin leaves out for people who do not see the page. */
"use strict";

(() => {
  /** Gives the box of an autocomplete field the name of its field; its value describes it. */
  function nameBox(select) {
    const box = select.parentElement.querySelector(".select2-selection");
    if (!box) return;
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const shown = box.querySelector(".select2-selection__rendered");
    box.setAttribute("aria-label", select.getAttribute("aria-label") || label?.textContent || "");
    box.removeAttribute("aria-labelledby");
    if (!shown) return;
    box.setAttribute("aria-describedby", shown.id);
    shown.removeAttribute("role");
    shown.removeAttribute("aria-readonly");
  }

  const nameAll = () => document.querySelectorAll("select.admin-autocomplete").forEach(nameBox);

  // A head without words is no head: the column in which the admin hides its fields.
  for (const head of document.querySelectorAll("th.original:empty")) {
    const cell = document.createElement("td");
    cell.className = head.className;
    head.replaceWith(cell);
  }

  // Registered after the admin's own handlers, which make the boxes: this script is deferred.
  window.django?.jQuery?.(nameAll);
  document.addEventListener("formset:added", nameAll);
})();
