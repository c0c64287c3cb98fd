// What a word of the search asks of a row.
const texts = new Array(data.rows);

function text(i) {
  texts[i] ??= data.columns.map((c) => c.text(i)).join("\n").toLowerCase();
  return texts[i];
}

// An address as [number, bits], or null.
function address(word) {
  if (/^\d+(\.\d+){3}$/.test(word)) {
    return [word.split(".").reduce((all, part) => all * 256n + BigInt(part), 0n), 32];
  }
  const halves = word.split("::");
  if (!word.includes(":") || halves.length > 2 || !/^[0-9a-f:]+$/.test(word)) {
    return null;
  }
  const [left, right] = [halves[0], halves[1] ?? ""].map((half) => (half ? half.split(":") : []));
  const groups = halves.length === 1 ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return groups.length === 8 && groups.every(Boolean) ? [groups.reduce((all, part) => all * 65536n + BigInt("0x" + part), 0n), 128] : null;
}

function inPrefix(value) {
  const [start, length] = value.split("/");
  const prefix = address(start);
  if (!prefix) {
    return (word) => word.toLowerCase().startsWith(value);
  }
  const cut = BigInt(Math.max(0, prefix[1] - Number(length ?? prefix[1])));
  return (word) => {
    const own = address(word.toLowerCase());
    return own !== null && own[1] === prefix[1] && own[0] >> cut === prefix[0] >> cut;
  };
}

function inRange(value) {
  const [low, high] = value.split(/[-:]/).map(Number);
  return (n) => n >= low && n <= (high ?? low);
}

// Tests of a column's words, each word tested once.
function words(c, test) {
  const results = c.words.map(test);
  return (i) => results[c.values[i]];
}

function ports(c, test) {
  return (i) => c.ports[i] >= 0 && test(c.ports[i]);
}

const either = (a, b) => (i) => a(i) || b(i);

// KEY=VALUE words, as --where takes them.
const keys = {
  src: (v) => words(columns.get("source"), inPrefix(v)),
  dst: (v) => words(columns.get("destination"), inPrefix(v)),
  host: (v) => either(keys.src(v), keys.dst(v)),
  sport: (v) => ports(columns.get("source"), inRange(v)),
  dport: (v) => ports(columns.get("destination"), inRange(v)),
  port: (v) => either(keys.sport(v), keys.dport(v)),
  proto: (v) => words(columns.get("protocol"), (word) => word.split(" ")[0] === v),
  in: (v) => words(columns.get("in"), (word) => word.toLowerCase() === v),
  out: (v) => words(columns.get("out"), (word) => word.toLowerCase() === v),
  verdict: (v) => words(columns.get("verdict"), (word) => word === v),
  frame: (v) => ((range) => (i) => range(columns.get("frame").values[i]))(inRange(v)),
};
const needs = { src: "source", dst: "destination", host: "source", sport: "source", dport: "source", port: "source", proto: "protocol" };

function test(word) {
  const [, key, not, values] = /^([a-z]+)=(!?)(.+)$/.exec(word) ?? [];
  if (!key || !keys[key] || !columns.has(needs[key] ?? key)) {
    return (i) => text(i).includes(word);
  }
  const tests = values.split(",").map(keys[key]);
  return (i) => tests.some((each) => each(i)) !== Boolean(not);
}
