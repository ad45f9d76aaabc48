// The controls, and the first look at the address.

const options = (select, words, all) => select.replaceChildren(...(all ? [element("option", { value: "" }, all)] : []),
  ...words.map(([value, word]) => element("option", { value }, word)));
const titles = [...settings.values()].map(one => [one.name, one.title]);
options(byId("setting"), titles);
options(byId("only"), titles, "all");
options(byId("verdict"), Object.keys(letters).map(word => [word, word]), "all");
options(byId("kind"), kinds.map(word => [word, word]), "all");

for (const key of ["setting", "only", "verdict", "kind"]) byId(key).addEventListener("change", event => change({ [key]: event.target.value }));
byId("text").addEventListener("input", event => change({ text: event.target.value }));
byId("full").addEventListener("change", event => change({ full: event.target.checked ? "1" : "" }));
document.querySelector(".filters").addEventListener("submit", event => event.preventDefault());
byId("reset").addEventListener("click", event => {
  event.preventDefault();
  change({ text: "", only: "", verdict: "", kind: "", sort: "" });
});

onChange(Object.keys(initial), () => {
  for (const key of ["setting", "only", "verdict", "kind", "text"]) if (byId(key).value !== state[key]) byId(key).value = state[key];
  byId("full").checked = state.full !== "";
  for (const button of document.querySelectorAll(".pick")) button.setAttribute("aria-pressed", String(button.dataset.setting === state.setting));
});

document.addEventListener("click", event => {
  const link = event.target.closest("a[data-check]"), pick = event.target.closest(".pick");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openDetails(link.dataset.check);
  }
  if (pick) change({ setting: pick.dataset.setting });
});
document.addEventListener("keydown", event => { if (event.key === "Escape" && state.check !== "") closeDetails(); });
for (const event of ["hashchange", "popstate"]) addEventListener(event, () => { readAddress(); render(); });
addEventListener("beforeprint", () => { document.querySelector(".words").open = true; });
for (const one of document.querySelectorAll("[data-tex]")) setFormula(one, one.dataset.tex, false);

readAddress();
render();
