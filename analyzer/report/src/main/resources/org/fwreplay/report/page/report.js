// The table and what leads to it.
const PAGE = 100;
const table = byId("flows");
const body = table.tBodies[0];
const search = byId("search");

// -- which rows ------------------------------------------------------------------------------

const rows = Array.from({ length: data.rows }, (_, i) => i);
const off = new Set();
const chosen = new Map();
const only = new Map();
let view = rows;
let page = 0;

function apply() {
  const verdict = data.columns[0];
  const tests = search.value.toLowerCase().split(/\s+/).filter(Boolean).map(test);
  tests.push(...chosen.values(), ...[...only.values()].map((o) => o.test));
  if (off.size) {
    tests.unshift((i) => !off.has(verdict.values[i]));
  }
  view = tests.length ? rows.filter((i) => tests.every((each) => each(i))) : rows.slice();
  page = 0;
  draw();
}

// -- drawing ---------------------------------------------------------------------------------

function cell(c, i) {
  const td = element("td", { className: c.kind + " " + c.key + (number(c) ? " n" : "") });
  td.dataset.label = c.title;
  if (c === shownColumns[0]) {
    const style = c.style ? c.style(i) : "";
    td.append(element("button", { type: "button", className: "verdict " + style, ariaExpanded: "false" }, c.text(i)));
  } else {
    c.fill(i, td);
  }
  for (const other of below(c.key)) {
    if (other.text(i)) {
      const small = element("small", {}, other.prefix ? other.prefix + " " : "");
      other.fill(i, small);
      td.append(small);
    }
  }
  return td;
}

function draw() {
  const from = page * PAGE;
  const to = Math.min(view.length, from + PAGE);
  body.replaceChildren(
    ...view.slice(from, to).map((i) => {
      const tr = element("tr", {}, ...shownColumns.map((c) => cell(c, i)));
      tr.dataset.row = i;
      return tr;
    }),
  );
  const all = view.length === data.rows ? "" : " of " + count(data.rows);
  byId("shown").textContent = view.length ? count(from + 1) + "\u2013" + count(to) + " of " + count(view.length) + (all && " (" + count(data.rows) + " in all)") : "None" + all + " fits";
  for (const [id, disabled] of [["first", page === 0], ["previous", page === 0], ["next", to === view.length], ["last", to === view.length]]) {
    byId(id).disabled = disabled;
  }
}

function turn(to) {
  page = Math.max(0, Math.min(to, Math.ceil(view.length / PAGE) - 1));
  draw();
}

function toggle(tr) {
  const button = tr.querySelector("button.verdict");
  const open = button.ariaExpanded === "true";
  button.ariaExpanded = String(!open);
  if (open) {
    tr.nextSibling.remove();
    return;
  }
  const i = Number(tr.dataset.row);
  const list = element("dl");
  for (const c of data.columns.filter((each) => each.place || each.kind === "place")) {
    const value = element("dd");
    c.full(i, value);
    if (value.textContent) {
      list.append(element("div", {}, element("dt", {}, c.title), value));
    }
  }
  tr.after(element("tr", { className: "detail" }, element("td", { colSpan: shownColumns.length }, list)));
}

// -- sorting ---------------------------------------------------------------------------------

function sort(head, c) {
  const ascending = head.ariaSort !== "ascending";
  for (const other of head.parentNode.cells) {
    other.removeAttribute("aria-sort");
  }
  head.ariaSort = ascending ? "ascending" : "descending";
  const order = Float64Array.from({ length: data.rows }, (_, i) => c.order(i));
  const sign = ascending ? 1 : -1;
  rows.sort((a, b) => sign * (order[a] - order[b]) || a - b);
  apply();
}

const headings = table.tHead.insertRow();
for (const c of shownColumns) {
  const head = element("th", { scope: "col", className: number(c) ? "n" : "" });
  head.append(element("button", { type: "button", onclick: () => sort(head, c) }, c.title));
  headings.append(head);
}

// -- choosing --------------------------------------------------------------------------------

function tally(c) {
  const counts = c.words.map(() => 0);
  c.values.forEach((value) => counts[value]++);
  return counts;
}

tally(data.columns[0]).forEach((n, value) => {
  const c = data.columns[0];
  const dot = element("i", { className: "dot " + c.styles[value] });
  const button = element("button", { type: "button", ariaPressed: "true" }, dot, c.words[value], " ", element("b", {}, count(n)));
  button.addEventListener("click", () => {
    const on = off.delete(value);
    if (!on) {
      off.add(value);
    }
    button.ariaPressed = String(on);
    apply();
  });
  byId("verdicts").append(button);
});

for (const c of data.columns.filter((each) => each.choose && each.words.length > 1)) {
  const select = element("select", { id: "choose-" + c.key }, element("option", { value: "" }, "all"));
  const order = c.words.map((word, value) => [word, value]).sort((a, b) => collator.compare(a[0], b[0]));
  for (const [word, value] of order) {
    select.append(element("option", { value }, word || "none"));
  }
  select.addEventListener("change", () => {
    const value = Number(select.value);
    if (select.value === "") {
      chosen.delete(c.key);
    } else {
      chosen.set(c.key, (i) => c.values[i] === value);
    }
    apply();
  });
  byId("selects").append(element("label", {}, c.title + " ", select));
}

// Whether a row names a place: as the one that decided, or among those hit.
function names(anchor) {
  const numbers = new Set(data.places.flatMap((each, n) => (each[0] === anchor ? [n] : [])));
  const single = data.columns.filter((c) => c.kind === "place");
  const lists = data.columns.filter((c) => c.kind === "places").map((c) => [c.values, c.lists.map((list) => list.some((n) => numbers.has(n)))]);
  return (i) => single.some((c) => numbers.has(c.values[i])) || lists.some(([values, has]) => has[values[i]]);
}

const exactly = (key, word) => words(columns.get(key), (each) => each === word);

// What a button asks for, in words and as a test.
function request(wanted) {
  if (wanted.place) {
    const known = data.places.find((each) => each[0] === wanted.place);
    return ["rule", known ? known[1] : "this rule", names(wanted.place)];
  }
  if (wanted.id) {
    const id = Number(wanted.id.replaceAll(",", ""));
    return ["id", "connection " + wanted.id, (i) => columns.get("id").values[i] === id];
  }
  if (wanted.source) {
    const [from, to] = [exactly("source", wanted.source), exactly("destination", wanted.destination)];
    return ["pair", wanted.source + " \u2192 " + wanted.destination, (i) => from(i) && to(i)];
  }
  const [into, out, verdict] = [exactly("in", wanted.in), exactly("out", wanted.out), exactly("verdict", wanted.verdict)];
  return ["way", wanted.in + (wanted.out && " \u2192 " + wanted.out) + ", " + wanted.verdict, (i) => into(i) && out(i) && verdict(i)];
}

function showOnly(button) {
  const [kind, label, fits] = request(button.dataset);
  drop(kind);
  const chip = element("button", { type: "button", className: "chip", title: "Show the others too" }, "only " + label + " \u2715");
  only.set(kind, { test: fits, chip, back: button });
  chip.addEventListener("click", () => {
    drop(kind);
    apply();
    search.focus();
  });
  byId("only").append(chip);
  apply();
  byId("connections").scrollIntoView();
  chip.focus({ preventScroll: true });
}

function drop(kind) {
  only.get(kind)?.chip.remove();
  only.delete(kind);
}

// -- keyboard --------------------------------------------------------------------------------

// Takes back what was done last: an open row, the search, what is shown only.
function escape() {
  const at = document.activeElement;
  const opened = at.closest?.("tr")?.querySelector("button.verdict[aria-expanded=true]") ?? body.querySelector("button.verdict[aria-expanded=true]");
  if (at === search && search.value) {
    search.value = "";
    apply();
  } else if (opened) {
    toggle(opened.closest("tr"));
    opened.focus();
  } else if (only.size) {
    const [kind, { back }] = [...only].pop();
    drop(kind);
    apply();
    back.focus();
  } else if (search.value) {
    search.value = "";
    apply();
  } else {
    at.blur();
  }
}

function step(from, by) {
  const buttons = Array.from(body.querySelectorAll("button.verdict"));
  const at = buttons.indexOf(from);
  (buttons[at + by] ?? from).focus();
}

document.addEventListener("keydown", (event) => {
  const at = event.target;
  const typing = at.matches?.("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "/" && !typing) {
    event.preventDefault();
    byId("connections").scrollIntoView();
    search.focus({ preventScroll: true });
    search.select();
  } else if (event.key === "Escape") {
    event.preventDefault();
    escape();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (at === search && event.key === "ArrowDown") {
      event.preventDefault();
      body.querySelector("button.verdict")?.focus();
    } else if (at.matches?.("#flows button.verdict")) {
      event.preventDefault();
      step(at, event.key === "ArrowDown" ? 1 : -1);
    }
  }
});

document.addEventListener("click", (event) => {
  const wanted = event.target.closest("button.show");
  if (wanted) {
    showOnly(wanted);
    return;
  }
  const row = event.target.closest("#flows tr[data-row]");
  if (row && !event.target.closest("a") && !String(getSelection())) {
    toggle(row);
    return;
  }
  // A click on a rule is one on its number.
  const rule = event.target.closest(".rules tr.hit");
  if (rule && !event.target.closest("a, button") && !String(getSelection())) {
    rule.querySelector("button.show")?.click();
  }
});

// -- rules -----------------------------------------------------------------------------------

const shows = byId("shows");
function showRules(what) {
  byId("rules").dataset.show = what;
  for (const button of shows.children) {
    button.ariaPressed = String(button.dataset.show === what);
  }
}
if (shows) {
  for (const button of shows.children) {
    const what = button.dataset.show;
    button.addEventListener("click", () => showRules(what));
    button.hidden = what !== "all" && !document.querySelector(".rules tr." + what);
  }
  // A link to a rule that is not shown shows all again.
  window.addEventListener("hashchange", () => {
    const target = byId(location.hash.slice(1));
    if (target && shows && !target.offsetParent) {
      showRules("all");
      target.scrollIntoView();
    }
  });
  shows.hidden = false;
}

// Of many rows only what is typed at last is searched.
let waiting = 0;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  if (data.rows > 5000) {
    waiting = setTimeout(apply, 120);
  } else {
    apply();
  }
});
byId("first").addEventListener("click", () => turn(0));
byId("previous").addEventListener("click", () => turn(page - 1));
byId("next").addEventListener("click", () => turn(page + 1));
byId("last").addEventListener("click", () => turn(Infinity));
byId("controls").hidden = false;
byId("pager").hidden = false;
apply();
