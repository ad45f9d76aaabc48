// benign hunt at its command line.

#include "tests/support/cli.hpp"

TEST_CASE("hunt: keys, statuses, the command that reproduces the worst point, and resuming", "[cli][hunt]") {
  const TemporaryFolder folder;
  const std::string quick =
      "hunt gap.clean_above --n 10 --T 4 --steps 100 --over d=400:4000:log --over mu=8:40 --budget 40 ";
  const Outcome plain = benign(quick + "--json");
  CHECK(plain.status == 0);
  Json json = Json::parse(plain.out);
  for (const char* key : {"check", "worst", "along", "evaluated", "vacuous", "wall_s", "exponents", "over"})
    CHECK(json.contains(key));
  for (const char* key : {"margin", "error", "constant", "verdict", "config", "command"})
    CHECK(json["worst"].contains(key));
  for (const char* key : {"value", "constant", "verdict"}) CHECK(json["along"]["mu"][0].contains(key));
  CHECK(json["evaluated"].get<long>() > json["vacuous"].get<long>());

  // The command that is printed gives the number that is printed.
  const std::string command = json["worst"]["command"];
  const Json again = Json::parse(benign(command.substr(std::string("benign ").size()) + " --json").out)["checks"][0];
  CHECK(again["constant"] == json["worst"]["constant"]);
  CHECK(again["margin"] == json["worst"]["margin"]);

  // The same in a folder, broken off half way, gone on with; also on one thread.
  const std::string out = folder.path / "hunt";
  CHECK(benign(quick + "--threads 1 --out " + out).status == 0);
  auto lines = lines_of(read(out + "/points.jsonl"));
  std::string half;
  for (std::size_t k = 0; k < lines.size() / 2; ++k) half += lines[k] + "\n";
  std::ofstream(out + "/points.jsonl") << half << lines.back().substr(0, 20);  // a line that was cut off
  CHECK(benign(quick + "--out " + out).status == 2);
  CHECK(benign(quick + "--seed 5 --resume --out " + out).err.find("'config' differs") != std::string::npos);
  Json resumed = Json::parse(benign(quick + "--json --resume --out " + out).out);
  resumed.erase("wall_s"), json.erase("wall_s");
  CHECK(resumed == json);

  // A constant that the claim needs more of is a counterexample; a box in which nothing speaks decides nothing.
  CHECK(benign(quick + "--C gap.clean_above=0.01").status == 1);
  const Outcome silent = benign("hunt gap.clean_above --n 10 --T 4 --over mu=0.1:1 --budget 20 --steps 20");
  CHECK(silent.status == 3);
  CHECK(silent.out.find("no point meets all hypotheses") != std::string::npos);
}

TEST_CASE("hunt: bad input gets one line", "[cli][hunt]") {
  for (const auto& [line, said] :
       {std::pair{"hunt", "CHECK is required"}, std::pair{"hunt delay --over n=4:8", "did you mean 'law.delay'?"},
        std::pair{"hunt gap --over n=4:8", "one of them: gap.clean_below"},
        std::pair{"hunt gap.clean_above", "a range is missing"},
        std::pair{"hunt gap.clean_above --over n=4:8:2", "NAME=LO:HI"},
        std::pair{"hunt gap.clean_above --over rhu=0:1", "did you mean 'rho'?"},
        std::pair{"hunt gap.clean_above --over mu=1:2 --over snr=1:2", "another parameter than that of --over mu"},
        std::pair{"hunt gap.clean_above --over mu=1:2 --mu 3", "nothing beside --over mu"},
        std::pair{"hunt gap.clean_above --over mu=2:1", "LO below HI"},
        std::pair{"hunt gap.clean_above --over mu=1:2 --budget 3", "--budget"},
        std::pair{"hunt gap.clean_above --over mu=1:2 --resume", "only together with --out"}}) {
    const Outcome outcome = benign(line);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(lines_of(outcome.err).size() == 1);
    CHECK(outcome.err.find(said) != std::string::npos);
  }
}
