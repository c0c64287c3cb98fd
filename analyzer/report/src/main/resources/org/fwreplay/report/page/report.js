"use strict";
(function () {
  const table = document.getElementById("flows");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const choices = Array.from(document.querySelectorAll("button[data-verdict]"));
  const texts = new Map();
  const only = document.createElement("button");
  let rule = "";

  function text(row) {
    if (!texts.has(row)) {
      texts.set(row, row.textContent.toLowerCase());
    }
    return texts.get(row);
  }

  // Whether a row names the rule: one that decided, or that was hit.
  function names(row) {
    return !rule || Array.from(row.getElementsByTagName("a")).some((a) => a.getAttribute("href") === rule);
  }

  function apply() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(choices.filter((c) => c.getAttribute("aria-pressed") === "false").map((c) => c.dataset.verdict));
    let count = 0;
    for (const row of rows) {
      const show = !off.has(row.dataset.verdict) && words.every((w) => text(row).includes(w)) && names(row);
      row.hidden = !show;
      count += show ? 1 : 0;
    }
    shown.textContent = count === rows.length ? "" : count + " of " + rows.length + " shown";
  }

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  }

  function sort(head, column) {
    const ascending = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const collator = new Intl.Collator("en", { numeric: true });
    const order = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
    const keyed = rows.map((row) => [key(row, column), row]);
    keyed.sort((a, b) => (ascending ? 1 : -1) * order(a[0], b[0]));
    body.append(...keyed.map((pair) => pair[1]));
  }

  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
  });
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      choice.setAttribute("aria-pressed", choice.getAttribute("aria-pressed") === "false");
      apply();
    });
  }
  for (const row of document.querySelectorAll(".rules tr.hit[id]")) {
    const cell = row.cells[1];
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Show the connections that hit this rule";
    button.append(...cell.childNodes);
    button.addEventListener("click", () => {
      rule = "#" + row.id;
      only.textContent = "only line " + row.cells[0].textContent + " \u2715";
      only.hidden = false;
      apply();
      document.getElementById("connections").scrollIntoView();
      only.focus({ preventScroll: true });
    });
    cell.append(button);
  }
  only.type = "button";
  only.className = "only";
  only.hidden = true;
  only.addEventListener("click", () => {
    rule = "";
    only.hidden = true;
    apply();
  });
  document.querySelector(".choices").append(only);
  filter.addEventListener("input", apply);
  document.querySelector(".controls").hidden = false;
})();
