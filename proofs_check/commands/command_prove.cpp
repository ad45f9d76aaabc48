// benign prove: claims about a descent, proved by enclosure; and the checker of such proofs.

#include "proofs_check/certificates/certificate.hpp"
#include "proofs_check/certificates/default_claims.hpp"
#include "proofs_check/certificates/family.hpp"
#include "proofs_check/certificates/provable.hpp"
#include "proofs_check/checker/cost.hpp"
#include "proofs_check/checker/theorem/theorem.hpp"
#include "proofs_check/certificates/theorem_proof.hpp"
#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/format.hpp"
#include "proofs_check/terminal/options.hpp"
#include "proofs_check/terminal/progress.hpp"
#include "proofs_check/text/parse.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "proofs_check/framework/cost.hpp"
#include "sim/files/record_file.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <tbb/global_control.h>

namespace benign::proofs {
namespace {

using sim::Json;

struct Prove {
  explicit Prove(CLI::App& command) : command(command), shared(command) {}

  CLI::App& command;
  SharedOptions shared;
  std::vector<std::string> claims;
  std::string at, certificate, verify, digits_max, threads, out;
  TheoremTexts theorem;
  bool json = false, resume = false;
};

/// Options that a proof has no use for: it chooses its digits, and its test error is a bound.
constexpr const char* unused[] = {"--precision", "--test"};

void refuse_unused(const CLI::App& command) {
  for (const TheoremOption& option : theorem_options)
    if (command.count(option.name) > 0)
      throw UsageError(option.name, command.get_option(option.name)->results().front(), "nothing without --theorem");
  for (const char* option : unused)
    if (command.count(option) > 0)
      throw UsageError(option, command.get_option(option)->results().front(), "nothing: a proof chooses its digits");
}

int status_of(const Proof& proof) {
  int status = as_expected;
  for (const auto& decision : proof.decisions) {
    if (decision.verdict == theory::Verdict::violated) return unexpected;
    if (decision.verdict == theory::Verdict::undecided) status = not_decided;
  }
  return status;
}

/// A certificate says itself what it is about.
void refuse_beside_verify(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() > 0 && name != "--verify" && name != "--json" && name != "--threads")
      throw UsageError(name, option->results().front(), "nothing beside --verify, which reads all from its file");
  }
}

int check_certificate(const Prove& options) {
  const checker::Report report = checker::check_any_file("--verify " + options.verify, options.verify);
  print(options.json ? checker::json(report) : checker::table(report));
  return report.status;
}

/// What the checker would say of a certificate of these claims, were they all proved.
checker::Cost checkers_cost(const sim::RunConfig& config, const std::vector<Claim>& claims) {
  Proof stated;
  stated.config = config;
  stated.data_hash = std::string(64, '0');
  for (const Claim& claim : claims) {
    Decision& decision = stated.decisions.emplace_back();
    decision.claim = claim, decision.verdict = theory::Verdict::proved;
    if (claim.counts())
      decision.count = Count{0, claim.samples};
    else
      decision.lower = "0e+00";
  }
  return checker::cost_of("the certificate", certificate_json(stated).dump());
}

/// Says beforehand what takes long, and what the checker would not do.
void announce(const sim::RunConfig& config, const std::vector<Claim>& claims, bool certificate) {
  if (config.route == sim::RouteKind::limit) return;
  if (certificate)
    if (const checker::Cost cost = checkers_cost(config, claims); !cost.beyond.empty())
      note("benign prove", "the proof is made, but its certificate is beyond the checker: " + cost.beyond);
  const double seconds = expected_proof_seconds(config).descent;
  if (!config.flow && seconds > a_minute)
    note("benign prove", "this descent between bounds takes " + about(seconds) + " or more");
  constexpr long few = 48;  // tokens in all
  if (config.flow && config.parameters.tokens() > few)
    note("benign prove", "a flow between bounds takes seconds at n T = 16 and some minutes at n T = 160");
}

std::unique_ptr<tbb::global_control> limited_threads(const Prove& options) {
  if (options.command.count("--threads") == 0) return nullptr;
  return std::make_unique<tbb::global_control>(
      tbb::global_control::max_allowed_parallelism,
      static_cast<std::size_t>(parse_integer("--threads", options.threads, 1, 1024)));
}

/// A theorem is about all draws of a setting: of the options of a run it takes what it depends on.
int run_theorem(const Prove& options) {
  std::vector<std::string> taken{"--threads", "--json", "--certificate", "--n", "--T", "--rho", "--eta", "--init"};
  for (const TheoremOption& option : theorem_options) taken.push_back(option.name);
  for (const CLI::Option* option : options.command.get_options())
    if (option->count() > 0 && std::find(taken.begin(), taken.end(), option->get_name()) == taken.end())
      throw UsageError(option->get_name(), option->results().front(),
                       "nothing beside --theorem, which does not depend on it");
  const auto limit = limited_threads(options);
  const sim::TheoremQuestion question =
      theorem_question(options.theorem, options.shared.config().parameters, options.shared.text("init").empty());
  const bool writes = options.command.count("--certificate") > 0;
  if (writes) prepare_file("--certificate", options.certificate);
  const auto start = std::chrono::steady_clock::now();
  const ProvedTheorem proved =
      proved_theorem(question, !options.theorem.optimise.empty(), [](const std::string& d_min, bool holds) {
        note("benign prove", "d >= " + d_min + ": " + (holds ? "proved" : "not proved"));
      });
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const bool holds = proved.answer.verdict == theory::Verdict::proved;
  if (writes && holds) sim::write_whole(options.certificate, theorem_certificate(proved).dump(1) + "\n");
  if (options.json) {
    Json json = theorem_json(proved);
    json["wall_s"] = wall_s;
    print(json.dump(2) + "\n");
  } else {
    print(theorem_table(proved) + format("%.3g s\n", wall_s));
  }
  if (writes && !holds) note("benign prove", "nothing is proved, so there is no certificate");
  return holds ? as_expected : not_decided;
}

std::vector<Claim> claims_of(const Prove& options, const sim::RunConfig& config, sim::SharedDraws& shared) {
  if (options.claims.empty() && is_family(config))
    throw UsageError("--claim", "", "at least one beside a range: what is suggested without is of one run");
  std::vector<Claim> claims;
  for (const auto& text : options.claims.empty() ? default_claims(config, shared) : options.claims)
    claims.push_back(parse_claim("--claim", text, config));
  return claims;
}

/// Where a proof is kept as it goes on, if it is.
std::unique_ptr<ProofFolder> folder_of(const Prove& options, const sim::RunConfig& config,
                                       const std::vector<Claim>& claims, const std::vector<long>& extra_steps,
                                       long most_bits) {
  if (options.command.count("--out") == 0) {
    if (options.resume) throw UsageError("--resume", "", "only together with --out");
    return nullptr;
  }
  prepare_folder(options.out);
  return std::make_unique<ProofFolder>(options.out, config, claims, extra_steps, most_bits, options.resume);
}

sim::RunConfig config_of_proof(const Prove& options) {
  sim::RunConfig config = options.shared.config_or_family();
  options.shared.take_route_of_proofs(config);
  if (const auto wrong = sim::validate(config); !wrong.empty())
    throw UsageError("--" + wrong.front().symbol, wrong.front().value, wrong.front().allowed);
  return config;
}

int run(const Prove& options) {
  const CLI::App& command = options.command;
  const auto limit = limited_threads(options);
  if (command.count("--verify") > 0) {
    refuse_beside_verify(command);
    return check_certificate(options);
  }
  const sim::RunConfig config = config_of_proof(options);
  refuse_unused(command);
  refuse_what_has_no_proof(config);
  const long steps = config.parameters.steps;
  sim::SharedDraws shared;
  const std::vector<Claim> claims = claims_of(options, config, shared);
  std::vector<long> extra;
  for (const std::string& item : split(options.at)) extra.push_back(parse_integer("--at", item, 0, steps));
  const long most_bits =
      bits_of_digits(options.digits_max.empty() ? 300 : parse_integer("--digits-max", options.digits_max, 2, 30'000));
  const bool writes = command.count("--certificate") > 0;
  if (!extra.empty() && is_family(config))
    throw UsageError("--at", options.at,
                     "nothing beside a range of --mu, --rho or --lr, of which claims alone are told");
  if (writes) refuse_without_certificate(config, claims, options.certificate);
  if (writes) prepare_file("--certificate", options.certificate);
  const std::unique_ptr<ProofFolder> folder = folder_of(options, config, claims, extra, most_bits);
  announce(config, claims, writes);

  const auto start = std::chrono::steady_clock::now();
  long attempt = 0;
  std::optional<Progress> bar;
  const auto progress = [&](long bits, long done, long of) {
    if (bits != attempt) bar.reset(), bar.emplace("prove with " + std::to_string(bits) + " bits", of);
    attempt = bits;
    bar->show(done);
  };
  const Proof proof = is_family(config) ? prove_family(config, claims, most_bits, progress, shared, folder.get())
                                        : prove(config, claims, extra, most_bits, progress, shared, folder.get());
  bar.reset();
  const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const bool decided = std::any_of(proof.decisions.begin(), proof.decisions.end(), [](const Decision& decision) {
    return decision.verdict != theory::Verdict::undecided;
  });
  if (writes && decided) sim::write_whole(options.certificate, certificate_json(proof).dump(1) + "\n");
  Json json = proof_json(proof);
  json["wall_s"] = wall_s;
  if (folder) folder->finish(json);
  if (options.json) {
    print(json.dump(2) + "\n");
  } else {
    print(proof_table(proof, wall_s));
    if (writes && decided)
      print("Certificate: " + one_line(options.certificate) + "; benign prove --verify " +
            one_line(options.certificate) + " checks it\n");
  }
  if (writes && !decided) note("benign prove", "no claim is decided, so there is no certificate");
  return status_of(proof);
}

void add_prove(CLI::App& program, int& status) {
  CLI::App* command = program.add_subcommand(
      "prove", "Prove or refute claims about a descent or a flow, by interval arithmetic on exact data");
  std::string names;
  for (const auto& quantity : quantities())
    if (quantity.positions == 0)
      names += format("  %-22s%s\n", quantity.name, quantity.meaning);
    else
      names += format("  %-22s\n", quantity.meaning);
  command->footer(
      "A claim is QUANTITY<VALUE, with <, <=, > or >=, at the last step or at @STEP; or 'QUANTITY never falls' (no "
      "step\n"
      "of the descent up to there makes it smaller; equal is allowed) or 'QUANTITY never rises'. Quantities:\n" +
      names +
      "Without --claim the run in double suggests some twenty claims: which labels are right, and each number to three "
      "digits.\n"
      "A range, --mu, --rho or --lr LOW:HIGH, asks the same of every run in it; --claim is needed then.\n"
      "A theorem, with --theorem, is about almost every draw: for each d from --d-min on, n SNR^2 in --nsnr2.\n"
      "Statuses: 0 all proved, 1 one is violated, 3 one is undecided.\n"
      "Examples:\n"
      "  benign prove                                      the whole sentence of the default run: labels, losses, "
      "attention, test error\n"
      "  benign prove --claim 'train_accuracy>=1' --claim 'loss_fall>0' --certificate proof.json\n"
      "  benign prove --verify proof.json\n"
      "  benign prove --steps 100000 --claim 'loss_fall>0' --out proof    Ctrl-C, and later the same with --resume\n"
      "  benign prove --claim 'train_accuracy<1@20' --claim 'train_loss never rises'\n"
      "  benign prove --steps 200 --claim 'attention_clean_min never falls'\n"
      "  benign prove --d 1000 --mu 100 --route statistics --claim 'train_accuracy<=0.9'\n"
      "  benign prove --n 4 --T 4 --d 30 --mu 2.9:3.1 --steps 50 --claim 'train_loss<0.66'    for every length "
      "between\n"
      "  benign prove --flow --n 4 --T 4 --d 30 --mu 3 --claim 'train_loss<0.48'\n"
      "  benign prove --flow --data gram --d 1e8 --mu 707.1 --log-s-max 5.2 --claim 'train_accuracy>=1' --claim "
      "'test_loss>0.6'\n"
      "  benign prove --flow --route limit --d 2e6 --mu 100 --log-s-max 70 --claim 'log_s_gap>64.52904064'\n"
      "  benign prove --theorem overfits-first --nsnr2 0.09:0.11 --d-min 1e12 --delta 0.01");
  auto options = std::make_shared<Prove>(*command);
  command
      ->add_option("--claim", options->claims,
                   "a claim; may be repeated; unless given, all that the run in double suggests")
      ->type_name("'CLAIM'")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--at", options->at, "steps at which everything is enclosed as well")->type_name("STEP,...");
  command->add_option("--certificate", options->certificate, "write the proof to FILE")->type_name("FILE");
  command->add_option("--verify", options->verify, "check the proof in FILE by a second computation")
      ->type_name("FILE");
  command->add_option("--digits-max", options->digits_max, "give up beyond so many digits")->type_name("300");
  for (const TheoremOption& option : theorem_options)
    command->add_option(option.name, options->theorem.*option.text, option.meaning)->type_name(option.type);
  command->add_option("--out", options->out, "keep the proof in DIR as it goes on, so that --resume can")
      ->type_name("DIR");
  command->add_flag("--resume", options->resume, "go on with the proof that DIR holds, with the same options");
  command->add_option("--threads", options->threads, "of this machine; all unless given")->type_name("K");
  command->add_flag("--json", options->json, "print one JSON object and nothing else");
  command->callback(
      [options, &status] { status = options->theorem.theorem.empty() ? run(*options) : run_theorem(*options); });
}

const RegisterCommand prove_command("prove", add_prove);

}  // namespace

}  // namespace benign::proofs
