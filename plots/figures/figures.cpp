#include "plots/figures/figures.hpp"

#include "plots/figures/border_figure.hpp"
#include "plots/figures/error_law_figure.hpp"
#include "plots/figures/hunt_figure.hpp"
#include "plots/figures/ladder_figure.hpp"
#include "plots/figures/margins_figure.hpp"
#include "plots/figures/phase_figure.hpp"
#include "plots/figures/proofs_figure.hpp"
#include "plots/figures/run_figures.hpp"
#include "plots/figures/seeds_figure.hpp"
#include "plots/figures/selection_figure.hpp"
#include "plots/figures/verdicts_figure.hpp"

namespace benign::plots {
namespace {

constexpr std::size_t most_side_by_side = 4;  // columns, of runs that another figure shows together

/// A figure of records of one kind: of which of them, and how. A new one is its file and a line in a table below.
template <class Records>
struct Kind {
  bool (*applies)(const Records&);
  Figure (*draw)(const Records&);
};

using Runs = std::vector<Series>;

bool fits(const Runs& runs) { return runs.size() <= most_side_by_side || (!is_ladder(runs) && !has_seeds(runs)); }
template <class Records>
bool always(const Records&) {
  return true;
}

constexpr Kind<Runs> of_runs[] = {
    {is_ladder, ladder_figure}, {has_seeds, seeds_figure}, {fits, attention_figure}, {fits, learning_figure}};
constexpr Kind<Sweep> of_cells[] = {{always, phase_figure},
                                    {is_papers, paper_figure},
                                    {has_infinite_time, infinite_time_figure},
                                    {has_error_law, error_law_figure},
                                    {has_regimes, regimes_figure}};

template <class Records, std::size_t Count>
void draw_all(std::vector<Figure>& figures, const Kind<Records> (&kinds)[Count], const Records& records) {
  for (const auto& kind : kinds)
    if (kind.applies(records)) figures.push_back(kind.draw(records));
}

}  // namespace

std::vector<Figure> figures_of(const std::filesystem::path& folder) {
  std::vector<Figure> figures;
  if (const auto runs = read_all_series(folder); !runs.empty()) draw_all(figures, of_runs, runs);
  if (std::filesystem::exists(folder / "selection.jsonl")) figures.push_back(selection_figure(read_selections(folder)));
  if (std::filesystem::exists(folder / "check.json")) figures.push_back(margins_figure(read_report(folder)));
  if (holds_cells(folder)) draw_all(figures, of_cells, read_cells(folder));
  if (holds_proofs(folder)) figures.push_back(proofs_figure(read_proofs(folder)));
  if (holds_verdicts(folder)) figures.push_back(verdicts_figure(read_verdicts(folder)));
  if (holds_border(folder)) figures.push_back(border_figure(read_border(folder), read_fit(folder)));
  if (std::filesystem::exists(folder / "hunt.json")) figures.push_back(hunt_figure(read_hunt(folder)));
  if (figures.empty())
    throw BadRecord(
        folder.string() +
        " holds no series.jsonl ('benign simulate --out' writes one), selection.jsonl ('benign construct "
        "--out'), cells.jsonl or border.jsonl ('benign phase --out'), hunt.json ('benign hunt --out') or check.json "
        "('benign check --out')");
  return figures;
}

}  // namespace benign::plots
