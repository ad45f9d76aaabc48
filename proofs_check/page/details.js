// All about one check: statement, what it builds on, and its verdict in every setting with the command that reproduces it.

let opener = null;  // what had the focus when the details were opened

async function copyText(text, button) {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch (error) {  // no clipboard for pages from disk: the old way
    const area = element("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    byId("details").append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Not copied";
  say(done ? "The command is copied" : "The command could not be copied");
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

function commandOf(check) {
  if (!check.command) return "–";
  const button = element("button", { type: "button", class: "copy", "aria-label": "Copy the command" }, "Copy");
  button.addEventListener("click", () => copyText(check.command, button));
  return element("div", { class: "command" }, element("code", {}, check.command), button);
}

function facts(pairs) {
  const list = element("dl", { class: "facts" });
  for (const [term, value] of pairs) if (value !== null && value !== "") list.append(element("dt", {}, term), element("dd", {}, value));
  return list;
}

function hypothesesOf(check) {
  if (!check.hypotheses || check.hypotheses.length === 0) return "none";
  return element("ul", { class: "hypotheses" }, ...check.hypotheses.map(one =>
    element("li", {}, element("span", { class: one.met ? "badge v-holds" : "badge v-vacuous" }, one.met ? "met" : "not met"), " " + one.statement + (one.source ? " " + one.source : ""))));
}

function verdictPart(name, id) {
  const setting = settings.get(name), check = setting.checks[id];
  const part = element("div", { class: "verdict" + (name === state.setting ? " current" : "") }, element("h3", {}, setting.title));
  const expected = check.expected && check.expected !== check.verdict && check.verdict !== "proved" && check.verdict !== "vacuous" ? ` (expected: ${check.expected})` : "";
  part.append(element("p", {}, badge(check.verdict), " " + check.verdict + expected), facts([
    ["margin", `${shown(check.margin)} ± ${shown(check.error, 2)}` + (check.error_kind ? `, ${check.error_kind}` : "")],
    ["claim's size", typeof check.scale === "number" && check.scale !== 1 ? shown(check.scale) : null],
    [statements.get(id).kind === "assumption" ? "largest C" : "C needed", typeof check.constant === "number" ? shown(check.constant) : null],
    ["observed", check.observed ?? null],
    ["hypotheses", hypothesesOf(check)],
    ["decided in", check.precision ? check.precision + (check.seeds > 1 ? `, ${check.seeds} seeds` : "") : null],
    ["command", commandOf(check)]]));
  return part;
}

function notDecided(id) {
  const absent = [...settings.values()].filter(setting => !setting.checks[id]).map(setting => `${setting.title} (${whyAbsent(setting.name, id)})`);
  return absent.length === 0 ? "" : element("p", { class: "seen" }, `Not decided in: ${absent.join("; ")}.`);
}

function linksTo(ids) {
  return ids.length === 0 ? "nothing" : element("span", {}, ...ids.flatMap((id, k) => k === 0 ? [checkLink(id)] : [", ", checkLink(id)]));
}

function showDetails() {
  const panel = byId("details"), one = statements.get(state.check);
  panel.hidden = !one;
  if (!one) return panel.replaceChildren();
  const formula = element("div", { class: "formula", tabindex: "0", role: "group", "aria-label": "Statement as a formula" });
  if (one.tex) setFormula(formula, "\\displaystyle " + one.tex.replaceAll("\\\\", "\\\\ \\displaystyle "), false);  // inline, so that lines can break
  const near = element("input", { type: "checkbox", id: "near" });
  near.checked = state.near !== "";
  near.addEventListener("change", () => { 
    change({ near: near.checked ? "1" : "" });
    if (state.near) byId("map").querySelector(".scroll").scrollIntoView({ block: "center" });
    byId("near").focus({ preventScroll: true });
  });
  panel.replaceChildren(
    element("h2", { id: "details-title", tabindex: "-1" }, one.id),
    element("button", { type: "button", class: "close", "aria-label": "Close", onclick: closeDetails }, "×"),
    element("p", { class: "seen" }, `${one.kind}; ${one.source || "no source"}` + (one.derivation ? `; derived in theory/THEORY.md, section ${one.derivation}` : "")),
    one.tex ? formula : "", element("p", {}, one.statement),
    facts([["builds on", linksTo(one.uses)], ["is used by", linksTo(one.users)],
      ["constant", typeof one.C === "number" ? `C = ${shown(one.C)}: ${one.why_C}` : null]]),
    element("p", {}, element("label", { class: "toggle" }, near, " show it on the map with its neighbours alone")),
    ...[state.setting, ...[...settings.keys()].filter(name => name !== state.setting)].filter(name => verdictIn(name, one.id)).map(name => verdictPart(name, one.id)),
    notDecided(one.id));
}

function openDetails(id) {
  opener = document.activeElement;
  change({ check: id });
  byId("details").scrollTop = 0;
  byId("details-title").focus();
}

function closeDetails() {
  const id = state.check;
  change({ check: "", near: "" });
  const back = opener && opener.isConnected && !byId("details").contains(opener) ? opener : document.querySelector(`.node[data-id="${CSS.escape(id)}"]`);
  if (back) back.focus();
}

onChange(["check", "near", "setting", "full"], showDetails);
