// Fields of prove, certificates and their verification.

#include "proofs_check/records/record_fields.hpp"

namespace benign::proofs {
namespace {

constexpr const char* interval = "two texts: the ends of an enclosure, rounded outward";

RecordForm prove_record() {
  Fields fields = {
      {"config", "config", "", "the instance"},
      {"data_hash", "text", "", "SHA-256 of the exact data; empty for the limit, which draws nothing, and for a range"},
      {"bits", "integer", "", "of the last attempt"},
      {"digits", "integer", "", "the same in decimals"},
      {"wall_s", "number", "s", ""},
      {"claims", "list", "", ""},
      {"claims[]", "object", "", ""},
      {"claims[].claim", "text", "", "as it was given"},
      {"claims[].verdict", "text", "", "proved, violated or undecided"},
      {"claims[].lower", "text", "the quantity's", "end of the enclosure, a decimal rounded down, or -inf"},
      {"claims[].upper", "text", "the quantity's", "likewise rounded up, or inf"},
      {"claims[].samples", "list", "", "least and most samples predicted right; only of an accuracy"},
      {"claims[].samples[]", "integer", "", ""},
      {"claims[].limit", "text", "", "why more digits would not decide; only then"},
      {"pieces", "list", "", "of a range of mu, rho or lr: its parts, and the runs that refute a claim; only then"},
      {"pieces[]", "object", "", ""},
      {"pieces[].mu", "list", "", "two texts: the ends, where it is a range; equal of a run"},
      {"pieces[].mu[]", "text", "", ""},
      {"pieces[].rho", "list", "", "likewise"},
      {"pieces[].rho[]", "text", "", ""},
      {"pieces[].lr", "list", "", "likewise"},
      {"pieces[].lr[]", "text", "", ""},
      {"pieces[].claims", "list", "", "as claims, those that are decided there"},
      {"pieces[].claims[]", "object", "", ""},
      {"pieces[].claims[].claim", "text", "", ""},
      {"pieces[].claims[].verdict", "text", "", ""},
      {"pieces[].claims[].lower", "text", "", ""},
      {"pieces[].claims[].upper", "text", "", ""},
      {"pieces[].claims[].samples", "list", "", ""},
      {"pieces[].claims[].samples[]", "integer", "", ""},
      {"moments", "list", "", "steps at which everything is enclosed: of claims, of --at, the last"},
      {"moments[]", "object", "", ""},
      {"moments[].step", "integer", "", "of the descent"},
      {"moments[].steps", "integer", "", "of the integrator; of the limit, whose moment is its end"},
      {"moments[].taylor_steps", "integer", "", "of the integrator; of a flow, likewise"},
      {"moments[].s", "number", "", "tau/tau0 that was reached; of a flow"},
      {"moments[].width", "number", "", "of the widest enclosure; of the limit"},
      {"moments[].distance", "number", "", "of a flow: how far (W, p) may be from what is read, times √(κσ²d)"},
      {"moments[].stopped", "text", "", "what ended it early, or empty; of a flow and of the limit"}};
  for (const auto& [name, meaning] :
       {std::pair{"loss", "training loss"}, {"mu_plus_q", "mu+.q"}, {"mu_minus_q", "mu-.q"}})
    fields = joined(std::move(fields),
                    {{std::string("moments[].") + name, "list", "", std::string(meaning) + ", " + interval},
                     {std::string("moments[].") + name + "[]", "text", "", ""}});
  for (const auto& [name, meaning] : {std::pair{"outputs", "f of each sample"},
                                      {"attention", "of all tokens, sample by sample"},
                                      {"logits", "likewise"}}) {
    const std::string at = std::string("moments[].") + name;
    fields = joined(std::move(fields), {{at, "list", "", std::string(meaning) + ", each " + interval},
                                        {at + "[]", "list", "", ""},
                                        {at + "[][]", "text", "", ""}});
  }
  return {"prove", "`prove --json`, `result.json` of `prove --out`", "A proof with all that it enclosed.", {}, fields};
}

RecordForm certificate_record() {
  return {"certificate",
          "FILE of `prove --certificate`",
          "The decided claims as a statement that a stranger checks.",
          {},
          joined({{"benign_certificate", "integer", "", "the version of its format: 2"},
                  {"config", "config", "", "the instance"},
                  {"data_hash", "text?", "", "SHA-256 of the exact data; null for the limit"},
                  {"files", "object", "", "SHA-256 of the files of given tokens; only of these"},
                  {"files.*", "text", "", "by option"},
                  {"claims", "list", "", ""},
                  {"claims[]", "object", "", ""},
                  {"claims[].claim", "text", "", ""},
                  {"claims[].verdict", "text", "", "proved or violated"},
                  {"claims[].lower", "integer or text?", "", "a decimal, a number of samples, or null: nothing stated"},
                  {"claims[].upper", "integer or text?", "", "likewise"},
                  {"made_by", "object", "", "the program"}},
                 below("made_by", build_fields().fields))};
}

RecordForm kept_proof_record() {
  return {
      "kept proof",
      "`proof.json` of `prove --out`",
      "Of what a proof is that can be interrupted; state.json and pieces.jsonl beside it are for the program alone.",
      {},
      joined({{"config", "config", "", "the instance, or the range"},
              {"bits_max", "integer", "", "give up beyond so many"},
              {"at", "list", "", "the steps of --at"},
              {"at[]", "integer", "", ""},
              {"claims", "list", "", "as they were given"},
              {"claims[]", "text", "", ""},
              {"files", "object", "", "SHA-256 of the files of given tokens; only of these"},
              {"files.*", "text", "", "by option"},
              {"made_by", "object", "", "the program, which alone goes on with it"}},
             below("made_by", build_fields().fields))};
}

RecordForm verification_record() {
  return {"verification",
          "`prove --verify FILE --json`",
          "What the checker says of a certificate.",
          {},
          {{"verified", "boolean", "", "whether all of it is"},
           {"config", "config", "", "as the certificate has it"},
           {"statement", "list", "", "what is stated, in words"},
           {"statement[]", "text", "", ""},
           {"objections", "list", "", "to the certificate as a whole, as of other data"},
           {"objections[]", "text", "", ""},
           {"digits", "integer", "", "that the checker took"},
           {"wall_s", "number", "s", ""},
           {"claims", "list", "", ""},
           {"claims[]", "object", "", ""},
           {"claims[].claim", "text", "", ""},
           {"claims[].verdict", "text", "", "as stated"},
           {"claims[].found", "text", "", "verified, false, or undecided"},
           {"claims[].stated", "list", "", "the stated interval"},
           {"claims[].stated[]", "text?", "", ""},
           {"claims[].enclosed", "list", "", "the checker's own"},
           {"claims[].enclosed[]", "text?", "", ""},
           {"claims[].remark", "text", "", "a sentence, where there is something to say"}}};
}

RecordForm theorem_record() {
  return {"theorem",
          "`prove --theorem KIND --json`",
          "A theorem for almost every draw, with its numbers and margins.",
          {},
          {{"theorem", "text", "", "overfits-first, generalises-later, benign or not-overfitting"},
           {"verdict", "text", "", "proved or undecided"},
           {"n", "integer", "", ""},
           {"T", "integer", "", ""},
           {"rho", "text", "", "a decimal, as it was given"},
           {"eta", "text", "", "likewise"},
           {"init", "text", "", "gaussian or identity"},
           {"nsnr2", "list", "", "n SNR^2 from the first to the second"},
           {"nsnr2[]", "text", "", ""},
           {"d_min", "text", "", "the least d"},
           {"mu_min", "text", "sigma", "the least |mu|"},
           {"d0", "number", "", "the larger of d_min and n mu_min^2/b, b the end of nsnr2"},
           {"delta", "text", "", "the probability of what is not said"},
           {"slices", "integer", "", "that n SNR^2 is cut into"},
           {"statement", "text", "", "in words; empty unless proved"},
           {"constants", "object", "", "the statement's numbers"},
           {"constants.d0", "number", "", "as above"},
           {"constants.delta", "text", "", "as above"},
           {"constants.u1", "number", "", "log(1 + tau/tau0) at which all labels are right; not of not-overfitting"},
           {"constants.u2", "number", "", "at which it generalises; likewise, 0 where nothing is said of it"},
           {"constants.u3", "number", "", "until which it does not; likewise"},
           {"constants.u4", "number", "", "from which on no flipped label is right; of not-overfitting"},
           {"constants.u5", "number", "", "until which none is; likewise"},
           {"constants.loss_fitted", "number", "", "of the test, until u1 at least this"},
           {"constants.loss_late", "number", "", "of the test at u2 at most, or from u4 to u5"},
           {"deviation", "number", "", "V of THEORY 6.3 at most"},
           {"deviation_of_signal", "number", "", "of mu.q from the limit's, at most"},
           {"shares", "object", "", "of V where it is largest, by cause"},
           {"shares.*", "number", "", ""},
           {"inequalities", "list", "", "that the verdict rests on"},
           {"inequalities[]", "object", "", ""},
           {"inequalities[].id", "text", "", "what is held against what"},
           {"inequalities[].value", "number", "", "a bound, rounded to the safe side"},
           {"inequalities[].needed", "number", "", "what it is held against"},
           {"inequalities[].margin", "number", "", "positive where it holds"},
           {"weakest", "text", "", "what takes most of the deviation, or why it is not proved"},
           {"digits", "integer", "", "of the arithmetic, in decimals"},
           {"wall_s", "number", "s", ""}}};
}

RecordForm theorem_certificate_record() {
  return {"theorem certificate",
          "FILE of `prove --theorem KIND --certificate`",
          "A proved theorem as a statement that a stranger checks.",
          {},
          joined({{"benign_theorem", "integer", "", "the version of its format: 1"},
                  {"theorem", "text", "", "as above"},
                  {"n", "integer", "", ""},
                  {"T", "integer", "", ""},
                  {"rho", "text", "", ""},
                  {"eta", "text", "", ""},
                  {"init", "text", "", ""},
                  {"nsnr2", "list", "", ""},
                  {"nsnr2[]", "text", "", ""},
                  {"d_min", "text", "", ""},
                  {"mu_min", "text", "sigma", ""},
                  {"delta", "text", "", ""},
                  {"slices", "integer", "", "that are enough for the prover"},
                  {"u1", "text", "", "log(1 + tau/tau0) from which on all labels are right; not of not-overfitting"},
                  {"loss_until_u1", "text", "", "the test loss at least, until then"},
                  {"u2", "text", "", "until which they are; not of overfits-first"},
                  {"loss_at_u2", "text", "", "the test loss at most, then"},
                  {"u3", "text", "", "until which the test loss is at least the next"},
                  {"loss_until_u3", "text", "", ""},
                  {"u4", "text", "", "from which on, of not-overfitting,"},
                  {"u5", "text", "", "to which no flipped label is right"},
                  {"loss_from_u4", "text", "", "the test loss at most, between them"},
                  {"made_by", "object", "", "the program"}},
                 below("made_by", build_fields().fields))};
}

}  // namespace

std::vector<RecordForm> proof_records() {
  return {prove_record(),        kept_proof_record(), certificate_record(),
          verification_record(), theorem_record(),    theorem_certificate_record()};
}

}  // namespace benign::proofs
