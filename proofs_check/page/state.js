// What the page shows, kept in the address so that a view can be sent: #setting=…&check=…&near=1&text=…

const data = JSON.parse(document.getElementById("data").textContent);
const letters = { proved: "P", holds: "H", violated: "X", undecided: "U", vacuous: "N" };
const kinds = ["assumption", "lemma", "law", "theorem", "figure", "numerics"];
const statements = new Map(data.statements.map(one => [one.id, one]));
const settings = new Map(data.settings.map(one => [one.name, one]));
for (const one of data.statements) one.users = data.statements.filter(other => other.uses.includes(one.id)).map(other => other.id);

const initial = { setting: data.first, check: "", near: "", text: "", only: "", verdict: "", kind: "", sort: "", full: "" };
const state = { ...initial };
const listeners = [];

const byId = id => document.getElementById(id);
const isStrong = verdict => verdict === "holds" || verdict === "proved";
const isLeftOut = (name, id) => settings.get(name).left_out.includes(id);
const whyAbsent = (name, id) => isLeftOut(name, id) ? "left out, a long study" : "not asked";
const verdictIn = (name, id) => settings.get(name).checks[id];

function readAddress() {
  const text = location.hash.slice(1);
  if (text !== "" && !text.includes("=")) return;  // a place in the page
  const given = new URLSearchParams(text);
  for (const key of Object.keys(initial)) state[key] = given.get(key) ?? initial[key];
  if (!settings.has(state.setting)) state.setting = initial.setting;
  if (!statements.has(state.check)) state.check = "";
  if (state.only !== "" && !settings.has(state.only)) state.only = "";
}

function addressOf(wanted) {
  const given = new URLSearchParams();
  for (const key of Object.keys(initial)) if (wanted[key] !== initial[key]) given.set(key, wanted[key]);
  return given.toString();
}

// A check that is opened is a step back; all else replaces the address.
function change(wanted) {
  const opened = "check" in wanted && wanted.check !== state.check;
  Object.assign(state, wanted);
  const address = location.pathname + location.search + (addressOf(state) ? "#" + addressOf(state) : "");
  if (opened) history.pushState(null, "", address); else history.replaceState(null, "", address);
  render();
}

function render() {
  for (const listener of listeners) listener();
}

// Shows a part of the page anew where one of the keys that it depends on has changed, and no other part: a check that is
// opened does not build the table of all verdicts again.
function onChange(keys, show) {
  let last = null;
  listeners.push(() => {
    const now = JSON.stringify(keys.map(key => state[key]));
    if (now === last) return;
    last = now;
    show();
  });
}

onChange(["setting"], () => {
  for (const one of document.querySelectorAll(".chosen")) one.textContent = settings.get(state.setting).title;
});
onChange(["full"], () => {
  for (const one of document.querySelectorAll("data.num")) {
    one.dataset.rounded ??= one.innerHTML;
    if (state.full) one.textContent = one.value; else one.innerHTML = one.dataset.rounded;
  }
});

const say = text => { byId("status").textContent = ""; requestAnimationFrame(() => { byId("status").textContent = text; }); };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...children.filter(child => child !== null));
  return made;
}

// So many significant digits, or all.
function shown(x, digits = 3) {
  if (typeof x !== "number") return x ?? "–";
  if (state.full) return String(x);
  const far = x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e6);
  const [number, power] = (far ? x.toExponential(digits - 1) : String(Number(x.toPrecision(digits)))).split("e");
  const short = number.includes(".") ? number.replace(/\.?0+$/, "") : number;
  const raised = power ? "×10" + [...String(Number(power))].map(c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("") : "";
  return short.replace("-", "−") + raised;
}

const badge = verdict => element("span", { class: "badge v-" + verdict, "aria-hidden": "true" }, letters[verdict]);
const checkLink = id => element("a", { class: "check", href: "#check=" + encodeURIComponent(id), "data-check": id }, id);

function setFormula(place, tex, display) {
  try {
    katex.render(tex, place, { displayMode: display, throwOnError: true, strict: "ignore" });
  } catch (error) {
    place.textContent = tex;
  }
}
