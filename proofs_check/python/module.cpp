// The module benign._benign: what commands do, without command lines and files. The package around it (benign/__init__.py)
// turns keywords into options and JSON into dictionaries.

#include "proofs_check/certificates/certificate.hpp"
#include "proofs_check/certificates/provable.hpp"
#include "proofs_check/python/interrupt.hpp"
#include "proofs_check/python/recorded_run.hpp"
#include "proofs_check/report/report.hpp"
#include "proofs_check/text/configuration.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/parameter_table.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace benign::proofs {
namespace {

using Options = std::map<std::string, std::string>;

/// Options by the names of the command line; errors call them as Python does.
sim::RunConfig config_of(const Options& options) {
  AllGiven given;
  for (const auto& [name, text] : options) {
    std::string keyword = name;
    std::replace(keyword.begin(), keyword.end(), '-', '_');
    given[name] = {text, keyword};
  }
  return configuration(std::move(given));
}

std::unique_ptr<RecordedRun> simulate(const Options& options, long every) {
  const Interruptible until_ctrl_c;
  return record_run(config_of(options), every);
}

/// Name by name those whose ids are it or begin with it; where there are no names all, or all but the studies.
std::vector<const Check*> checks_named(const std::vector<std::string>& names, bool studies) {
  std::vector<const Check*> found;
  for (const std::string& name : names) {
    const auto before = found.size();
    for (const Check& check : registry())
      if (check.id == name || check.id.starts_with(name + ".")) found.push_back(&check);
    if (found.size() == before)
      throw UsageError("only", name, "an id that benign.checks() has, or its beginning up to a dot");
  }
  if (!names.empty()) return found;
  for (const Check& check : registry())
    if (studies || !is_study(check)) found.push_back(&check);
  return found;
}

Laboratory laboratory_of(const Options& options, const Options& constants, long seeds, double delta) {
  Laboratory laboratory;
  laboratory.config = config_of(options);
  refuse_what_simulate_alone_takes(laboratory.config);
  if (seeds < 1) throw UsageError("seeds", std::to_string(seeds), "a whole number of at least 1");
  if (!(delta > 0 && delta < 1)) throw UsageError("delta", std::to_string(delta), "a number in (0, 1)");
  laboratory.seeds = seeds, laboratory.delta = delta;
  for (const auto& [id, text] : constants) {
    const auto value = theory::Decimal::parse(text);
    if (!value || value->exact() <= 0) throw UsageError("C", id + ": " + text, "a number above 0");
    for (const Check* check : checks_named({id}, true))
      if (check->C) laboratory.constants.insert_or_assign(check->id, *value);
  }
  laboratory.watch = [](const std::string&, long, long) { Interruptible::look(); };
  return laboratory;
}

std::string check(const Options& options, const std::vector<std::string>& only, const Options& constants, bool studies,
                  long seeds, double delta) {
  const Interruptible until_ctrl_c;
  const auto checks = checks_named(only, studies);
  const Laboratory laboratory = laboratory_of(options, constants, seeds, delta);
  const auto judgements =
      judge_all(checks, laboratory, {{}, [](std::size_t, const Judgement&) { Interruptible::look(); }});
  return report_json(judgements, laboratory).dump();
}

/// What `prove --json` prints, and the certificate, where there is a file for it.
std::pair<std::string, std::string> prove_claims(const Options& options, const std::vector<std::string>& texts,
                                                 const std::vector<long>& at, long digits_max,
                                                 const std::string& certificate) {
  const Interruptible until_ctrl_c;
  const sim::RunConfig config = config_of(options);
  refuse_what_has_no_proof(config);
  std::vector<Claim> claims;
  for (const std::string& text : texts) claims.push_back(parse_claim("claims", text, config));
  if (claims.empty()) throw UsageError("claims", "[]", "at least one, as in 'loss_fall>0'");
  if (!certificate.empty()) refuse_without_certificate(config, claims, certificate);
  std::vector<long> extra{config.parameters.steps};
  for (const long step : at) extra.push_back(parse_integer("at", std::to_string(step), 0, config.parameters.steps));
  const long most = bits_of_digits(parse_integer("digits_max", std::to_string(digits_max), 2, 30'000));
  const Proof proof = prove(config, claims, extra, most, [](long, long, long) { Interruptible::look(); });
  Interruptible::look();
  return {proof_json(proof).dump(), certificate.empty() ? "" : certificate_json(proof).dump(1) + "\n"};
}

std::string checks_json() {
  sim::Json list = sim::Json::array();
  for (const Check& check : registry())
    list.push_back({{"id", check.id},
                    {"statement", check.statement},
                    {"source", check.source},
                    {"C", check.C ? sim::Json(*check.C) : sim::Json(nullptr)}});
  return list.dump();
}

/// Whether an option is a flag, by its name.
Options option_kinds() {
  Options kinds;
  for (const auto& parameter : sim::parameter_table()) kinds[parameter.name] = parameter.flag ? "flag" : "value";
  return kinds;
}

py::array_t<double> array_of(const RecordedRun& run, const std::string& name) {
  const Numbers numbers = run.numbers(name);
  return py::array_t<double>(numbers.shape, numbers.values.data());
}

}  // namespace
}  // namespace benign::proofs

PYBIND11_MODULE(_benign, module) {
  using namespace benign::proofs;
  using Released = py::call_guard<py::gil_scoped_release>;
  static py::exception<UsageError> usage(module, "UsageError", PyExc_ValueError);
  static py::exception<Unfinished> unfinished(module, "Unfinished", PyExc_RuntimeError);
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Interrupted&) {
      PyErr_SetNone(PyExc_KeyboardInterrupt);
    } catch (const UsageError& error) {
      usage(error.what());
    } catch (const std::bad_alloc&) {
      unfinished("out of memory; smaller d, n, T or precision need less");
    } catch (const std::runtime_error& error) {  // a flow that cannot go on
      unfinished(one_line(error.what()).c_str());
    }
  });
  py::class_<RecordedRun>(module, "RecordedRun")
      .def_property_readonly("result", [](const RecordedRun& run) { return run.result.dump(); })
      .def_readonly("label", &RecordedRun::label)
      .def_readonly("flipped", &RecordedRun::flipped)
      .def("numbers", &array_of)
      .def("digits", &RecordedRun::digits);
  module.def("simulate", &simulate, Released());
  module.def("check", &check, Released());
  module.def("prove", &prove_claims, Released());
  module.def("checks", &checks_json);
  module.def("option_kinds", &option_kinds);
  module.def("series_names", &series_names);
  module.attr("__version__") = benign::sim::build_info_json()["version"].get<std::string>();
}
