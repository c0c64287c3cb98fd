// What the table's columns are, and how each kind of them is sorted, searched and shown.
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const collator = new Intl.Collator("en", { numeric: true });

function element(name, options, ...children) {
  const made = Object.assign(document.createElement(name), options);
  made.append(...children);
  return made;
}

function bytes(n) {
  let unit = 0;
  while (n >= (unit === 0 ? 1000 : 999.95)) {
    n /= 1000;
    unit++;
  }
  return unit === 0 ? n + " B" : n.toFixed(1) + " " + ["", "kB", "MB", "GB", "TB", "PB"][unit];
}

const count = (n) => n.toLocaleString("en");
const seconds = (micros) => (micros / 1e6).toLocaleString("en", { minimumFractionDigits: 3, maximumFractionDigits: 3 }) + " s";

function place(number) {
  const [anchor, label, title] = data.places[number];
  return anchor ? element("a", { href: "#" + anchor, title }, label) : element("span", { title }, label);
}

// What each kind of column can do: text(row) to search and show, order(row) to sort, fill(row, node) to draw.
const kinds = {
  word(c) {
    c.text = (i) => c.words[c.values[i]];
  },
  verdict(c) {
    c.text = (i) => c.words[c.values[i]];
    c.style = (i) => c.styles[c.values[i]];
  },
  end(c) {
    c.text = (i) => {
      const word = c.words[c.values[i]];
      return c.ports[i] < 0 ? word : (word.includes(":") ? "[" + word + "]" : word) + ":" + c.ports[i];
    };
  },
  number(c) {
    c.text = (i) => count(c.values[i]);
    c.order = (i) => c.values[i];
  },
  pair(c) {
    c.text = (i) => count(c.values[i]) + " / " + count(c.back[i]);
    c.order = (i) => c.values[i] + c.back[i];
  },
  bytes(c) {
    c.text = (i) => bytes(c.values[i]);
    c.order = (i) => c.values[i];
  },
  time(c) {
    c.text = (i) => seconds(c.values[i]);
    c.order = (i) => c.values[i];
  },
  place(c) {
    c.text = (i) => (c.values[i] < 0 ? "" : data.places[c.values[i]][1]);
    c.order = (i) => c.values[i];
    c.fill = (i, node) => c.values[i] < 0 || node.append(place(c.values[i]));
    c.full = (i, node) => c.values[i] < 0 || node.append(place(c.values[i]), " ", element("code", {}, data.places[c.values[i]][2]));
  },
  places(c) {
    c.text = () => "";
    c.order = () => 0;
    c.full = (i, node) => {
      for (const number of c.lists[c.values[i]]) {
        node.append(element("div", {}, place(number), " ", element("code", {}, data.places[number][2])));
      }
    };
  },
};

const columns = new Map(data.columns.map((c) => [c.key, c]));
for (const c of data.columns) {
  for (const name of ["values", "ports", "back"]) {
    c[name] = c[name]?.flatMap((each) => (each.length ? Array(each[1]).fill(each[0]) : each));
  }
  if (c.rising) {
    let sum = 0;
    c.values = c.values.map((difference) => (sum += difference));
  }
  kinds[c.kind](c);
  c.fill ??= (i, node) => node.append(c.text(i));
  c.full ??= c.fill;
  if (!c.order) {
    const ranks = [];
    c.words.map((word, number) => [word, number]).sort((a, b) => collator.compare(a[0], b[0])).forEach((pair, rank) => (ranks[pair[1]] = rank));
    c.order = c.ports ? (i) => ranks[c.values[i]] * 65537 + c.ports[i] : (i) => ranks[c.values[i]];
  }
}
const shownColumns = data.columns.filter((c) => !c.under && !c.place);
const below = (key) => data.columns.filter((c) => c.under === key);
const number = (c) => ["number", "pair", "bytes", "time"].includes(c.kind);
