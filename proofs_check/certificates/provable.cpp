#include "proofs_check/certificates/provable.hpp"

#include "proofs_check/certificates/family.hpp"
#include "proofs_check/certificates/proof.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/memory.hpp"
#include "theory/model/layout_text.hpp"

namespace benign::proofs {
namespace {

/// Instances of any labels are enclosed, but a certificate has no words for how they were drawn.
void refuse_other_data(const theory::Parameters& p) {
  if (p.layout) throw UsageError("--layout", theory::line_of(*p.layout), "paper: only the paper's tokens are enclosed");
  if (2 * p.plus_share.exact() != 1)
    throw UsageError("--plus-share", p.plus_share.text(), "0.5: only classes of one size are enclosed");
  if (p.flips != theory::Flips::exact)
    throw UsageError("--flips", "independent", "exact: a certificate knows no others");
}

void refuse_limit(const sim::RunConfig& config) {
  if (!config.flow) throw UsageError("--route", "limit", "with --flow: the limit's descents have no proofs");
  if (!config.log_s_max) throw UsageError("--log-s-max", "", "a horizon of the flow");
  if (const auto& p = config.parameters; theory::noise_count(p, 1) != theory::noise_count(p, -1))
    throw UsageError("--eta", p.eta.text(), "as many flipped labels in either class, for the limit");
}

void refuse_instance(const sim::RunConfig& config) {
  if (config.brought && config.brought->many() && config.flow)
    throw UsageError("--labels", std::to_string(config.brought->classes) + " classes", "two classes with --flow");
  if (config.brought && config.brought->padded())
    throw UsageError("--mask", config.files.mask.empty() ? config.files.data : config.files.mask,
                     "nothing: proofs know no padding; cut the tokens to equal lengths");
  if (config.route != sim::RouteKind::coefficients && (config.flow || config.route != sim::RouteKind::statistics))
    throw UsageError("--route", sim::text_of(sim::route_choices, config.route),
                     config.flow ? "coefficients or limit" : "coefficients or statistics");
  if (config.flow && (config.train != sim::Train::W_and_p || config.parameters.sigma_p.exact() != 0))
    throw UsageError("--flow", "true", "with W and p trained from p0 = 0");
}

}  // namespace

void refuse_what_has_no_proof(const sim::RunConfig& config) {
  if (!config.model.empty())
    throw UsageError("--model", config.model, "token-selection: only the paper's model is enclosed");
  refuse_other_data(config.parameters);
  refuse_what_is_no_family(config);
  if (config.route == sim::RouteKind::limit) return refuse_limit(config);
  refuse_instance(config);
  if (const double needed = proof_bytes(config, first_bits(config)); needed > 0.9 * sim::machine_bytes())
    throw UsageError("--d", std::to_string(config.parameters.d),
                     "what fits in memory: these inner products between bounds take " + sim::gigabytes(needed) +
                         ", the machine has " + sim::gigabytes(sim::machine_bytes()));
}

void refuse_without_certificate(const sim::RunConfig& config, const std::vector<Claim>& claims,
                                const std::string& file) {
  const auto refuse = [&](const std::string& allowed) { return UsageError("--certificate", file, allowed); };
  const auto& p = config.parameters;
  if (p.mu.is_range() + p.rho.is_range() + p.lr.is_range() > 1)
    throw refuse("one range of --mu, --rho and --lr: the checker follows no more");
  if (!config.method.plain()) throw refuse("no --method or --lr-schedule: the checker follows plain descent alone");
  if (config.data == sim::DataKind::gram)
    throw refuse("no drawn inner products (--data gram): the checker knows tokens alone");
  if (config.brought && config.brought->many()) throw refuse("two classes: the checker knows no more");
  for (const Claim& claim : claims)
    if (claim.quantity == "log_s_half_loss")
      throw refuse("no claim of log_s_half_loss: the checker has no test loss between the ends of its steps");
}

}  // namespace benign::proofs
