// What is no certificate of version 2 is refused on one line that names the place: status 2, whatever the file holds.

#include "tests/support/checker_forms.hpp"
#include "tests/support/limit_config.hpp"
#include "sim/tokens/token_files.hpp"

using namespace benign;
using namespace benign::tests;

TEST_CASE("checker: malformed certificates are refused with their line", "[checker]") {
  const std::string good = good_certificate().dump(1);
  REQUIRE(refusal(good).empty());
  REQUIRE(checker::check("F", good).status == 0);

  SECTION("texts") {
    for (const auto& [text, names] : std::vector<std::pair<std::string, std::string>>{
             {"", "F:1:1: the text ends"},
             {"{}", "'benign_certificate' is missing"},
             {"[]", "a list"},
             {"null", "an object"},
             {"17", "an object"},
             {"{\"benign_certificate\": 2", "the text ends"},
             {good + "x", "nothing after"},
             {good + good, "nothing after"},
             {std::string(100000, '['), "levels"},
             {"[" +
                  [] {
                    std::string many;
                    for (int k = 0; k < 200000; ++k) many += "1,";
                    return many;
                  }() +
                  "1]",
              "values"},
             {replaced(good, "\"a test\"", std::string(5000, '[')), "levels"},
             {replaced(good, "\"a test\"", "\"a\ntest\""), "F:5:15: a control character"},
             {replaced(good, "\"a test\"", "\"\\ud800\""), "'"},
             {replaced(good, "\"a test\"", "\"\xff\""), "UTF-8"},
             {replaced(good, "\"a test\"", "\"\xc0\xaf\""), "UTF-8"},
             {replaced(good, "\"a test\"", "'a'"), "a JSON value"},
             {replaced(good, "\"a test\"", "NaN"), "a JSON value"},
             {replaced(good, "\"a test\"", "\"a\", \"source\": \"b\""), "'source' is given twice"},
             {replaced(good, "\"seed\": 42", "\"seed\": 42, \"seed\": 43"), "'seed' is given twice"},
             {replaced(good, "\"claims\"", "\"claims\": [], \"claims\""), "'claims' is given twice"},
             {replaced(good, "\"verdict\"", "\"verdict\": \"violated\", \"verdict\""), "'verdict' is given twice"},
             {replaced(good, "\"benign_certificate\": 2", "\"benign_certificate\": \"1\""), "allowed: 2"},
             {replaced(good, "\"benign_certificate\": 2", "\"benign_certificate\": 2.0"), "allowed: 2"},
             {replaced(good, "\"benign_certificate\": 2", "\"benign_certificate\": 1"), "allowed: 2"},
             {replaced(good, "\"n\": 2", "\"n\": 2.0"), "'n' is 2.0; allowed: a whole number"},
             {replaced(good, "\"n\": 2", "\"n\": 02"), "allowed: '}'"},
             {replaced(good, "\"n\": 2", "\"n\": \"2\""), "'n' is \"2\""},
             {replaced(good, "\"n\": 2", "\"n\": 99999999999999999999"), "'n'"},
             {replaced(good, "\"n\": 2", "\"n\": -2"), "above 0"},
             {replaced(good, "\"n\": 2", "\"n\": 3"), "'n': '3' is not allowed"},
             {replaced(good, "\"mu\": 2", "\"mu\": 1e999"), "F:"},
             {replaced(good, "\"mu\": 2", "\"mu\": 2.0000000000000000000001"), "'mu'"},
             {replaced(good, "\"mu\": 2", "\"mu\": \"two\""), "'mu' is \"two\""},
             {replaced(good, "\"mu\": 2", "\"mu\": \"2\""), "'mu' is \"2\""},
             {replaced(good, "\"mu\": 2", "\"mu\": true"), "'mu' is true"},
             {replaced(good, "\"seed\": 42", "\"seed\": 1e2"), "'seed' is 1e2"},
             {replaced(good, "\"lower\": \"1.0e-01\"", "\"lower\": \"nan\""), "'lower' is \"nan\""},
         })
      check_refused(text, names);
  }
  SECTION("the line") {
    const std::string bad = replaced(good, "\"train_loss<2\"", "\"train_loss\"");
    const auto line = 1 + std::count(bad.begin(), bad.begin() + static_cast<long>(bad.find("\"train_loss\"")), '\n');
    check_refused(bad, "F:" + std::to_string(line) + ":13: the claim 'train_loss' is not allowed");
  }
  SECTION("keys missing") {
    for (const char* key : {"benign_certificate", "made_by", "config", "data_hash", "claims"}) {
      Json json = good_certificate();
      json.erase(key);
      check_refused(json.dump(1), key);
    }
    for (const auto& [group, key] : {std::pair{"config", "eta"},
                                     {"config", "rho"},
                                     {"config", "seed"},
                                     {"config", "precision"},
                                     {"config", "test"},
                                     {"made_by", "flags"}}) {
      Json json = good_certificate();
      json[group].erase(key);
      check_refused(json.dump(1), std::string("'") + key + "' is missing");
    }
    for (const char* key : {"claim", "verdict", "lower", "upper"}) {
      Json json = good_certificate();
      json["claims"][0].erase(key);
      check_refused(json.dump(1), std::string("'") + key + "' is missing");
    }
  }
  SECTION("values") {
    const auto key = [](const char* group, const char* name, Json value) {
      return [=](Json& json) { json[group][name] = value; };
    };
    const auto claim = [](const char* name, Json value) {
      return [=](Json& json) { json["claims"][0][name] = value; };
    };
    const auto top = [](const char* name, Json value) { return [=](Json& json) { json[name] = value; }; };
    for (const auto& [change, names] : std::vector<std::pair<Change, std::string>>{
             {top("bits", 128), "'bits' is not allowed"},
             {top("digits", 38), "'digits' is not allowed"},
             {top("moments", Json::array()), "'moments' is not allowed"},
             {top("files", Json::object()), "'files' is not allowed"},
             {top("claims", Json::array()), "'claims' has 0"},
             {top("claims", Json::object()), "'claims' is an object"},
             {top("claims", nullptr), "'claims' is null"},
             {top("config", 3), "'config' is 3"},
             {top("made_by", "me"), "'made_by'"},
             {top("data_hash", nullptr), "'data_hash' is null"},
             {top("data_hash", std::string(64, 'G')), "64 hexadecimal"},
             {top("data_hash", std::string(63, '0')), "64 hexadecimal"},
             {top("data_hash", std::string(64, 'A')), "64 hexadecimal"},
             {key("made_by", "version", 1), "'version' is 1"},
             {key("made_by", "host", "x"), "'host' is not allowed"},
             {key("made_by", "flags", std::string(5000, 'x')), "too long"},
             {key("config", "bits", 3), "'bits' is not allowed"},
             {key("config", "flow", false), "'flow' is false"},
             {key("config", "flow", true), "'tau-max' is missing"},
             {key("config", "tau-max", 1), "'tau-max'"},
             {key("config", "log-s-max", 1), "'log-s-max'"},
             {key("config", "labels", "x.npy"), "'labels'"},
             {key("config", "data", "gram"), "dense or peer"},
             {key("config", "data", "/dev/zero"), "'data'"},
             {key("config", "data", "no such file.npy"), "F:"},
             {key("config", "init", "zeros"), "'init'"},
             {key("config", "route", "limit"), "'flow' is missing"},
             {key("config", "route", "short"), "'route'"},
             {key("config", "precision", "auto"), "'precision'"},
             {key("config", "train", "W"), "'train'"},
             {key("config", "test", "sample:1"), "'test'"},
             {key("config", "steps", 0), "'steps'"},
             {key("config", "d", 0), "'d'"},
             {key("config", "T", 2), "'T'"},
             {key("config", "eta", 0.7), "'eta'"},
             {key("config", "sigma-w", 0), "'sigma-w'"},
             {key("config", "lr", nullptr), "'lr' is null"},
             {key("config", "lr", std::string(500, '1')), "'lr'"},
             {claim("verdict", "undecided"), "'verdict' is \"undecided\""},
             {claim("verdict", "holds"), "'verdict'"},
             {claim("verdict", true), "'verdict' is true"},
             {claim("lower", "hello"), "'lower' is \"hello\""},
             {claim("lower", ""), "'lower' is \"\""},
             {claim("lower", "-inf"), "'lower'"},
             {claim("lower", "0.1"), "'lower'"},
             {claim("lower", "0x1p-4"), "'lower'"},
             {claim("lower", " 1e-01"), "'lower'"},
             {claim("lower", "+1e-01"), "'lower'"},
             {claim("lower", "1.e-01"), "'lower'"},
             {claim("lower", "1e-1"), "'lower'"},
             {claim("lower", "1E-01"), "'lower'"},
             {claim("lower", "10e-02"), "'lower'"},
             {claim("lower", "1e-999999999"), "'lower'"},
             {claim("lower", 0.1), "'lower' is 0.1"},
             {claim("lower", Json::array()), "'lower' is a list"},
             {claim("upper", "1e-02"), "'lower' is larger than 'upper'"},
             {claim("note", 1), "'note' is not allowed"},
             {[](Json& json) { json["claims"][0]["lower"] = json["claims"][0]["upper"] = nullptr; }, "both null"},
             {[](Json& json) { json["claims"][0] = "train_loss<2"; }, "a claim is"},
             {[](Json& json) { json["claims"].push_back(nullptr); }, "a claim is null"},
         }) {
      Json json = good_certificate();
      change(json);
      check_refused(json.dump(1), names);
    }
  }
  SECTION("claims") {
    for (const char* text : {"train_loss",
                             "<1",
                             "train_loss<",
                             "train_loss<one",
                             "train_loss<1@",
                             "train_loss<1@4",
                             "train_loss<1@-1",
                             "train_loss<1@1.5",
                             "train_loss<1@2e0",
                             "train_loss<1@2.0",
                             "train_loss<1@+2",
                             "margin[1.0]>-1",
                             "margin[1e0]>-1",
                             "margin[+1]>-1",
                             "margin[ 1]>-1",
                             "logit[0,1e0]<1",
                             "train_loss=1",
                             "train_loss<<1",
                             "train_loss<1<2",
                             "loss<1",
                             "train_loss[0]<1",
                             "margin<1",
                             "margin[2]<1",
                             "margin[0,0]<1",
                             "margin[]<1",
                             "margin[0<1",
                             "logit[0]<1",
                             "logit[0,3]<1",
                             "logit[0,0,0]<1",
                             "logit[2,0]<1",
                             "attention[0,0]x<1",
                             "log_s_fit>4",
                             "log_s_gap>4",
                             "loss_fall>0@0",
                             "attention_noisy<1",
                             "margin_noisy_min<1",
                             "margin_noisy_max<1",
                             "attention_noisy_min<1",
                             "attention_noisy_max<1",
                             "train_loss<0x1",
                             "train_loss<1e",
                             "train_loss<1e999999",
                             "train_loss<nan",
                             "train_loss<inf",
                             "train_loss<1 ",
                             "train_loss never",
                             "train_loss never fall",
                             "train_loss  never falls",
                             "train_loss never falls ",
                             "never falls",
                             "train_loss never falls<1",
                             "train_loss never falls@0",
                             "loss_fall never falls",
                             "test_error never falls",
                             "train_loss<1 never falls",
                             " train_loss<1",
                             "",
                             "train_loss<1@99999999999999999999"}) {
      Json json = good_certificate();
      json["claims"][0]["claim"] = text;
      check_refused(json.dump(1), "the claim '" + std::string(text) + "' is not allowed; allowed: ");
    }
    Json json = good_certificate();
    json["claims"][0]["claim"] = std::string(100000, 'x') + "<1";
    check_refused(json.dump(1), "characters");
  }
  SECTION("accuracies") {
    for (const Json& end : {Json(-1), Json(3), Json(1.5), Json("1"), Json("1e+00"), Json(true)}) {
      Json json = good_certificate();
      json["claims"][0] = {{"claim", "train_accuracy>=0"}, {"verdict", "proved"}, {"lower", end}, {"upper", 2}};
      check_refused(json.dump(1), "'lower'");
    }
    Json json = good_certificate();
    json["claims"][0] = {{"claim", "train_accuracy>=0"}, {"verdict", "proved"}, {"lower", 0}, {"upper", nullptr}};
    CHECK(checker::check("F", json.dump()).status == 0);
  }
}

TEST_CASE("checker: malformed certificates of flows and limits", "[checker]") {
  sim::RunConfig flow = one_config();
  flow.flow = true, flow.tau_max = theory::Decimal("0.1");
  for (const char* text : {"train_loss<1@0", "loss_fall>0", "log_s_fit>1@0", "train_loss never falls"}) {
    Json json = good_certificate(flow);
    json["claims"][0]["claim"] = text;
    check_refused(json.dump(1), "the claim '");
  }
  Json both = good_certificate(flow);
  both["config"]["log-s-max"] = 2;
  check_refused(both.dump(1), "log-s-max");
  Json trained = good_certificate(flow);
  trained["config"]["train"] = "p";
  CHECK(checker::check("F", trained.dump()).status == 3);

  const auto config = limit_config("100", 2'000'000, "6");
  const Json good = good_certificate(config);
  REQUIRE(checker::check("F", good.dump()).status == 0);
  for (const auto& [change, names] : std::vector<std::pair<Change, std::string>>{
           {[](Json& json) { json["data_hash"] = std::string(64, '0'); }, "null"},
           {[](Json& json) { json["config"]["eta"] = 0; }, "labels are flipped"},
           {[](Json& json) { json["config"]["eta"] = 0.05; }, "as many flipped labels"},
           {[](Json& json) { json["config"].erase("flow"); }, "'flow' is missing"},
           {[](Json& json) { json["config"].erase("log-s-max"), json["config"]["tau-max"] = 5; },
            "'log-s-max' is missing"},
           {[](Json& json) { json["config"]["data"] = "peer"; }, "'data'"},
           {[](Json& json) { json["config"]["sigma-p"] = 1; }, "'sigma-p'"},
           {[](Json& json) { json["claims"][0]["claim"] = "train_loss<1"; }, "log_s_fit or log_s_gap"},
           {[](Json& json) { json["claims"][0]["claim"] = "log_s_fit>4@1"; }, "@STEP"},
       }) {
    Json json = good;
    change(json);
    check_refused(json.dump(1), names);
  }
}
