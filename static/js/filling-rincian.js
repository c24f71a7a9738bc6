/* Filling the LKE: the rows of a count. What is pasted becomes rows at once; a removed row leaves
   the page before it is saved, so that a repeated save does not bring it back. */
"use strict";

(() => {
  /** As if a person had changed the field: filling.js notes it, htmx sends the form. */
  function changed(field) {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Rows are counted through from the first: in sight, in the names of fields, in labels. */
  function number(list) {
    [...list.children].forEach((row, place) => {
      row.querySelector(".n").textContent = place + 1;
      for (const field of row.querySelectorAll("[name]")) {
        const label = field.getAttribute("aria-label");
        field.setAttribute("aria-label", label.replace(/\d+$/, place + 1));
        if (field.name === "remove") field.value = field.value.replace(/\d+$/, place);
        else {
          field.name = field.name.replace(/\d+(-\d)$/, `${place}$1`);
          field.id = field.id.replace(/\d+(-\d)$/, `${place}$1`);
        }
      }
    });
  }

  document.addEventListener("paste", (event) => {
    const box = event.target.closest?.("[data-paste]");
    if (box) setTimeout(changed, 0, box); // after the browser has put the text in
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    const list = row.parentElement;
    const isBlank = [...row.querySelectorAll("input")].every((input) => !input.value.trim());
    const beside = row.nextElementSibling ?? row;
    beside.querySelector("input").focus({ preventScroll: true });
    if (isBlank) return;
    row.remove();
    number(list);
    changed(list.closest("details").querySelector("input[type=hidden]"));
  });
})();
