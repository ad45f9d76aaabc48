// All verdicts in a table that sorts and filters.

const order = new Map(data.statements.map((one, k) => [one.id, k]));
const columns = [
  { key: "id", name: "check", value: row => order.get(row.id), cell: row => checkLink(row.id), style: "name" },
  { key: "setting", name: "setting", value: row => row.setting.title, cell: row => row.setting.title },
  { key: "verdict", name: "verdict", value: row => Object.keys(letters).indexOf(row.check.verdict), cell: row => element("span", { class: "figure" }, badge(row.check.verdict), " " + row.check.verdict) },
  { key: "margin", name: "margin", value: row => row.check.margin, cell: row => shown(row.check.margin), style: "figure" },
  { key: "error", name: "error", value: row => row.check.error, cell: row => shown(row.check.error, 2), style: "figure minor" },
  { key: "kind_of_error", name: "its kind", value: row => row.check.error_kind ?? "", cell: row => row.check.error_kind ?? "–", style: "figure minor" },
  { key: "constant", name: "C", value: row => row.check.constant, cell: row => shown(row.check.constant), style: "figure" },
  { key: "statement", name: "statement, and what was observed", value: row => row.one.statement, style: "minor long",
    cell: row => element("span", {}, row.one.statement + " ", element("span", { class: "seen" }, unmetOf(row) || row.check.observed || "")) }];

const rows = [...settings.values()].flatMap(setting => Object.entries(setting.checks).map(([id, check]) => ({ id, setting, check, one: statements.get(id) })))
  .sort((a, b) => order.get(a.id) - order.get(b.id));

// An assumption is its own hypothesis.
function unmetOf(row) {
  const unmet = (row.check.hypotheses ?? []).filter(one => !one.met && one.statement !== row.one.statement).map(one => one.statement);
  return unmet.length === 0 ? "" : "not met: " + unmet.join("; ");
}

for (const row of rows)
  row.words = [row.id, row.setting.title, row.check.verdict, row.one.kind, row.one.statement, row.one.source, row.one.derivation, row.check.error_kind, row.check.observed, unmetOf(row)].join(" ").toLowerCase();

function chosenRows() {
  const words = state.text.toLowerCase().split(/\s+/).filter(word => word !== "");
  const kept = rows.filter(row => (state.only === "" || row.setting.name === state.only) && (state.verdict === "" || row.check.verdict === state.verdict)
    && (state.kind === "" || row.one.kind === state.kind) && words.every(word => row.words.includes(word)));
  const column = columns.find(one => one.key === state.sort.replace(/^-/, "")), sign = state.sort.startsWith("-") ? -1 : 1;
  if (!column) return kept;
  const empty = x => x === null || x === undefined;
  return kept.sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (empty(x) || empty(y)) return empty(x) - empty(y);  // what is not known comes last, either way
    return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
  });
}

function heading(column) {
  const now = state.sort.replace(/^-/, "") === column.key, down = state.sort.startsWith("-");
  return element("th", { scope: "col", "aria-sort": now ? (down ? "descending" : "ascending") : null },
    element("button", { type: "button", "data-sort": column.key, onclick: () => {
      change({ sort: now && !down ? "-" + column.key : column.key });
      document.querySelector(`[data-sort="${column.key}"]`).focus();
    } }, column.name));
}

function showTable() {
  const table = byId("table"), kept = chosenRows();
  table.tHead.replaceChildren(element("tr", {}, ...columns.map(heading)));
  table.tBodies[0].replaceChildren(...kept.map(row => element("tr", { "data-id": row.id },
    ...columns.map(column => element("td", { class: column.style ?? null, "data-label": column.name }, column.cell(row))))));
  byId("count").textContent = `${kept.length} of ${rows.length} verdicts`;
}

onChange(["text", "only", "verdict", "kind", "sort", "full"], showTable);
