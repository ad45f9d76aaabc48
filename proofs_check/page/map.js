// The maps: colours by the setting, the neighbours of a check, sizes, and a way through them by keys.

const nodes = [...document.querySelectorAll(".node")];
const maps = [...document.querySelectorAll(".map")].map(svg => ({ svg, whole: svg.getAttribute("viewBox"), width: svg.viewBox.baseVal.width }));
for (const node of nodes) {
  node.dataset.home = node.getAttribute("transform");
  const hint = document.createElementNS("http://www.w3.org/2000/svg", "title");
  hint.textContent = statements.get(node.dataset.id).statement;
  node.prepend(hint);
}

function ancestors(id, found = new Set()) {
  for (const one of statements.get(id).uses) if (statements.has(one) && !found.has(one)) { found.add(one); ancestors(one, found); }
  return found;
}

function colourNodes() {
  for (const node of nodes) {
    const id = node.dataset.id, check = verdictIn(state.setting, id);
    const strong = check && isStrong(check.verdict) && [...ancestors(id)].every(one => isStrong(verdictIn(state.setting, one)?.verdict));
    const met = check && check.verdict !== "vacuous";
    node.setAttribute("class", ["node", "kind-" + statements.get(id).kind, check ? "v-" + check.verdict : "", check ? (met ? "met" : "unmet") : "absent",
      strong ? "strong" : "", id === state.check ? "chosen-node" : ""].join(" "));
    node.querySelector(".letter").textContent = check ? letters[check.verdict] : isLeftOut(state.setting, id) ? "L" : "";
    node.setAttribute("aria-label", `${id}, ${statements.get(id).kind}: ${check ? check.verdict : whyAbsent(state.setting, id) + " in this setting"}${strong ? ", as is all that it builds on" : ""}`);
  }
}

// With `near`, the chosen check and its neighbours alone: what it builds on to the left of it, what uses it to the right.
function showNeighbours() {
  const one = statements.get(state.check), alone = Boolean(one) && state.near !== "";
  const shownIds = one ? new Set([one.id, ...one.uses, ...one.users]) : new Set();
  for (const node of nodes) {
    node.setAttribute("transform", node.dataset.home);
    node.classList.toggle("away", alone && !shownIds.has(node.dataset.id));
  }
  for (const edge of document.querySelectorAll(".edge")) {
    edge.classList.toggle("near", Boolean(one) && (edge.dataset.from === one.id || edge.dataset.to === one.id));
    edge.classList.toggle("away", alone);
  }
  for (const edge of document.querySelectorAll(".short")) edge.remove();
  byId("whole").hidden = !alone;
  byId("map").classList.toggle("beside", alone);  // of the details, which would cover it
  for (const map of maps) {
    map.svg.setAttribute("viewBox", map.whole);
    map.width = Number(map.whole.split(" ")[2]);
    const here = alone && map.svg.querySelector(`[data-id="${CSS.escape(one.id)}"]`);
    map.svg.closest(".part").hidden = alone && !here;
    if (here) layOutAlone(map, one);
  }
  sizeMaps();
}

function layOutAlone(map, one) {
  const found = ids => ids.map(id => map.svg.querySelector(`[data-id="${CSS.escape(id)}"]`)).filter(node => node);
  const columns = [found(one.uses), found([one.id]), found(one.users)], gap = 10, between = 70;
  const tall = column => column.reduce((sum, node) => sum + Number(node.dataset.h) + gap, -gap);
  const wide = column => Math.max(0, ...column.map(node => Number(node.dataset.w)));
  const height = Math.max(...columns.map(tall));
  let left = 0;
  const places = new Map();
  for (const column of columns) {
    if (column.length === 0) continue;
    let top = (height - tall(column)) / 2;
    for (const node of column) {
      const [w, h] = [Number(node.dataset.w), Number(node.dataset.h)], x = left + wide(column) / 2, y = top + h / 2;
      node.setAttribute("transform", `translate(${x} ${y})`);
      places.set(node.dataset.id, { x, y, w });
      top += h + gap;
    }
    left += wide(column) + between;
  }
  for (const [from, to] of [...one.uses.map(id => [id, one.id]), ...one.users.map(id => [one.id, id])]) {
    const [a, b] = [places.get(from), places.get(to)];
    if (!a || !b) continue;
    const [x, end] = [a.x + a.w / 2, b.x - b.w / 2 - 10], edge = document.createElementNS("http://www.w3.org/2000/svg", "path");
    edge.setAttribute("class", "edge near short");
    edge.setAttribute("marker-end", "url(#arrow)");
    edge.setAttribute("d", `M${x} ${a.y}C${(x + end) / 2} ${a.y} ${(x + end) / 2} ${b.y} ${end} ${b.y}`);
    map.svg.querySelector(".edges").append(edge);
  }
  map.width = left - between + 16;
  map.svg.setAttribute("viewBox", `-8 -8 ${map.width} ${height + 16}`);
}

// One scale for all maps. Unless it was chosen, the widest fits, though never below what can be read.
let scale = 0;
const seen = () => maps.filter(map => !map.svg.closest(".part").hidden);
function sizeMaps() {
  const room = seen()[0].svg.parentElement.clientWidth, widest = Math.max(...seen().map(map => map.width));
  const now = scale || Math.min(1.1, Math.max(room / widest, .72));
  for (const map of maps) {
    map.svg.setAttribute("width", Math.round(map.width * now));
    map.svg.removeAttribute("height");
  }
}

function zoom(factor) {
  const first = seen()[0], room = first.svg.parentElement.clientWidth, now = first.svg.getBoundingClientRect().width / first.width;
  scale = factor === 0 ? room / Math.max(...seen().map(map => map.width)) : Math.min(3, Math.max(.2, now * factor));
  sizeMaps();
}

const centre = node => node.getAttribute("transform").match(/[-\d.]+/g).map(Number);

// The nearest node in the arrow's direction.
function step(node, key) {
  const [x, y] = centre(node), along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null, least = Infinity;
  for (const other of node.closest(".map").querySelectorAll(".node:not(.away)")) {
    const [dx, dy] = [centre(other)[0] - x, centre(other)[1] - y];
    const forth = dx * along[0] + dy * along[1], aside = Math.abs(dx * along[1]) + Math.abs(dy * along[0]);
    if (other !== node && forth > 5 && forth + 2.5 * aside < least) least = forth + 2.5 * aside, best = other;
  }
  return best;
}

function enter(node) {
  for (const other of node.closest(".map").querySelectorAll(".node")) other.setAttribute("tabindex", other === node ? "0" : "-1");
}

for (const map of maps) {
  map.svg.querySelector(".node").setAttribute("tabindex", "0");
  map.svg.addEventListener("click", event => { const node = event.target.closest(".node"); if (node) { node.focus({ preventScroll: true }); openDetails(node.dataset.id); } });
  map.svg.addEventListener("focusin", event => enter(event.target.closest(".node")));
  map.svg.addEventListener("keydown", event => {
    const node = event.target.closest(".node");
    if (event.key === "Enter" || event.key === " ") openDetails(node.dataset.id);
    else if (event.key.startsWith("Arrow")) step(node, event.key)?.focus();
    else return;
    event.preventDefault();
  });
}
byId("smaller").addEventListener("click", () => zoom(1 / 1.25));
byId("larger").addEventListener("click", () => zoom(1.25));
byId("fit").addEventListener("click", () => zoom(0));
byId("whole").addEventListener("click", () => change({ near: "" }));
addEventListener("resize", sizeMaps);

// A sample of each shape, fill and border, with its word.
function legend() {
  const sample = (kind, classes, letter, word) => {
    const node = nodes.find(one => statements.get(one.dataset.id).kind === kind) ?? nodes[0];
    const shape = node.querySelector(".shape").getAttribute("d"), w = Number(node.dataset.w) + 4, h = Number(node.dataset.h) + 4;
    const item = element("li");
    item.innerHTML = `<svg class="map" style="display:inline" width="${30 * w / 60}" height="20" viewBox="${-w / 2} ${-h / 2} ${w} ${h}" aria-hidden="true"><g class="node ${classes}"><path class="shape" d="${shape}"/><text y="8" style="font-size:24px;text-anchor:middle" class="letter">${letter}</text></g></svg> `;
    item.append(word);
    return item;
  };
  byId("legend").append(
    ...kinds.map(kind => sample(kind, "met", "", kind)),
    ...Object.keys(letters).map(verdict => sample("numerics", `v-${verdict} ${verdict === "vacuous" ? "unmet" : "met"}`, letters[verdict], verdict)),
    sample("numerics", "v-holds met strong", "H", "and so is all that it builds on"), sample("numerics", "absent", "L", "left out: a long study (check --studies)"),
    sample("numerics", "absent", "", "not asked in this setting"));
}

legend();
onChange(["setting", "check", "near"], () => {
  colourNodes();
  showNeighbours();
});
