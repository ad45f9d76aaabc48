// All margins on one axis, asinh(x / unit): rows are checks, letters the chosen setting's verdicts, rings the others'.
// An error that is not known, as of an experiment that could not be finished, is as wide as the axis.

const unit = .01;
const place = x => Math.asinh(x / unit);
const known = x => typeof x === "number" && Number.isFinite(x);

function relative(check) {
  const scale = known(check.scale) && check.scale > 0 ? check.scale : 1;
  return { margin: known(check.margin) ? check.margin / scale : null, error: known(check.error) ? check.error / scale : Infinity };
}

function range() {
  let low = place(-.1), high = place(1);
  for (const setting of settings.values())
    for (const check of Object.values(setting.checks)) {
      const { margin, error } = relative(check);
      if (margin === null) continue;
      low = Math.min(low, place(margin)), high = Math.max(high, place(margin));
    }
  return [low - .3, high + .3];
}

const [lowest, highest] = range();
const percent = x => 100 * Math.min(1, Math.max(0, (place(x) - lowest) / (highest - lowest)));
const ticks = [-100, -10, -1, -.1, 0, .1, 1, 10, 100].filter(x => place(x) > lowest && place(x) < highest);

function marginRow(one) {
  const track = element("div", { class: "track", role: "img" });
  for (const x of ticks) track.append(element("i", { class: x === 0 ? "edge-0" : null, style: `left:${percent(x)}%` }));
  let told = whyAbsent(state.setting, one.id);
  for (const [name, setting] of settings) {
    const check = setting.checks[one.id];
    if (!check) continue;
    const { margin, error } = relative(check);
    if (name === state.setting) told = margin === null ? `${check.verdict}, no margin` : `${check.verdict}, margin ${shown(margin)} ± ${known(error) ? shown(error, 2) : "an error that is not known"}`;
    if (margin === null) continue;
    if (name !== state.setting) { track.append(element("span", { class: "ring", style: `left:${percent(margin)}%`, title: `${setting.title}: ${check.verdict}, ${shown(margin)}` })); continue; }
    const left = percent(margin - error), right = percent(margin + error);
    const mark = badge(check.verdict);
    mark.style.left = percent(margin) + "%";
    track.append(element("span", { class: "bar", style: `left:${left}%;width:${right - left}%` }), mark);
  }
  track.setAttribute("aria-label", `${one.id}: ${told}`);
  track.title = told;
  return element("div", { class: "margin-row" }, checkLink(one.id), track);
}

function axis() {
  const made = element("div", { class: "axis", "aria-hidden": "true" });
  for (const x of ticks) made.append(element("span", { style: `left:${percent(x)}%` }, String(x).replace("-", "−")));
  return made;
}

function showMargins() {
  const asked = data.statements.filter(one => [...settings.values()].some(setting => setting.checks[one.id]));
  byId("margin-rows").replaceChildren(axis(), ...asked.map(marginRow), axis());
}

onChange(["setting", "full"], showMargins);
