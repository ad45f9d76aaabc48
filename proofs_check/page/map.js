// The maps: colours by the setting, the neighbours of a check, sizes, and a way through them by keys.

const nodes = [...document.querySelectorAll(".node")];
const maps = [...document.querySelectorAll(".map")].map(svg => ({ svg, whole: svg.getAttribute("viewBox"), width: svg.viewBox.baseVal.width, scale: 0 }));

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
    node.querySelector(".letter").textContent = check ? letters[check.verdict] : "";
    node.setAttribute("aria-label", `${id}, ${statements.get(id).kind}: ${check ? check.verdict : "not asked in this setting"}${strong ? ", as is all that it builds on" : ""}`);
  }
}

// With `near`, the chosen check and its neighbours alone, as large as they are.
function showNeighbours() {
  const one = statements.get(state.check), alone = one && state.near !== "";
  const shownIds = one ? new Set([one.id, ...one.uses, ...one.users]) : new Set();
  for (const node of nodes) node.classList.toggle("away", Boolean(alone) && !shownIds.has(node.dataset.id));
  for (const edge of document.querySelectorAll(".edge")) {
    const near = Boolean(one) && (edge.dataset.from === one.id || edge.dataset.to === one.id);
    edge.classList.toggle("near", near);
    edge.classList.toggle("away", Boolean(alone) && !near);
  }
  byId("whole").hidden = !alone;
  byId("map").classList.toggle("beside", Boolean(alone));  // of the details, which would cover it
  for (const map of maps) {
    const here = [...map.svg.querySelectorAll(".node")].filter(node => shownIds.has(node.dataset.id));
    if (!alone || here.length === 0) { map.svg.setAttribute("viewBox", map.whole); map.width = Number(map.whole.split(" ")[2]); continue; }
    const boxes = here.map(node => {
      const [x, y] = node.getAttribute("transform").match(/[-\d.]+/g).map(Number), w = node.dataset.w / 2 + 8, h = node.dataset.h / 2 + 8;
      return [x - w, y - h, x + w, y + h];
    });
    const [left, top] = [0, 1].map(k => Math.min(...boxes.map(box => box[k]))), [right, bottom] = [2, 3].map(k => Math.max(...boxes.map(box => box[k])));
    map.svg.setAttribute("viewBox", `${left} ${top} ${right - left} ${bottom - top}`);
    map.width = right - left;
  }
  sizeMaps();
}

// Scale 0 fits the width, though never below what can be read.
function sizeMaps() {
  for (const map of maps) {
    const room = map.svg.parentElement.clientWidth, scale = map.scale || Math.min(1.15, Math.max(room / map.width, .72));
    map.svg.setAttribute("width", Math.round(map.width * scale));
    map.svg.removeAttribute("height");
  }
}

function zoom(factor) {
  for (const map of maps) {
    const now = map.svg.getBoundingClientRect().width / map.width;
    map.scale = factor === 0 ? map.svg.parentElement.clientWidth / map.width : Math.min(3, Math.max(.2, now * factor));
  }
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
    sample("numerics", "v-holds met strong", "H", "and so is all that it builds on"), sample("numerics", "absent", "", "not asked in this setting"));
}

legend();
listeners.push(colourNodes, showNeighbours);
