// Files as people export them, each with what it should give: read, refused with the remedy, or named before it is
// believed.

#include "tests/support/cli.hpp"
#include "tests/support/npy_files.hpp"

#include <cmath>

namespace {

constexpr long exported_n = 60, exported_T = 6, exported_d = 8;

/// Two classes that lean one way or the other at every position, and labels, heads and masks of every kind.
struct Exported {
  TemporaryFolder folder;

  Exported() {
    save("x", 1, 0), save("xt", 2, 0), save("x_pad_zero", 1, 1), save("x_pad_long", 1, 2), save("x_registers", 1, 3);
    std::vector<std::int64_t> y, noise, ignored, onehot;
    std::vector<unsigned char> mask;
    for (long i = 0; i < exported_n; ++i) {
      y.push_back(i % 2), noise.push_back((i * i / 7 + i / 3) % 2), ignored.push_back(i == 7 ? -100 : i % 2);
      onehot.push_back(i % 2 == 0), onehot.push_back(i % 2 == 1);
      for (long t = 0; t < exported_T; ++t) mask.push_back(t < length_of(i));
    }
    put("y", "<i8", "(60,)", bytes_of(y)), put("yt", "<i8", "(60,)", bytes_of(y));
    put("y_noise", "<i8", "(60,)", bytes_of(noise)), put("y_ignore", "<i8", "(60,)", bytes_of(ignored));
    put("y_onehot", "<i8", "(60, 2)", bytes_of(onehot)), put("y_column", "<i8", "(60, 1)", bytes_of(y));
    std::string truth;
    for (long i = 0; i < exported_n; ++i) truth += static_cast<char>(i % 2);
    put("y_bool", "|b1", "(60,)", truth);
    onehot[9] = 1, onehot[8] = 1;
    put("y_scores", "<i8", "(60, 2)", bytes_of(onehot));
    put("mask", "|b1", "(60, 6)", bytes_of(mask));
    for (unsigned char& one : mask) one = one == 0;
    put("mask_negated", "|b1", "(60, 6)", bytes_of(mask));
    put("head_zero", "<f4", "(8,)", bytes_of(std::vector<float>(8, 0)));
    put("head_equal", "<f4", "(8, 2)", bytes_of(std::vector<float>(16, 1)));
    put("head_layer", "<f4", "(2, 8)", bytes_of(std::vector<float>(16, 1)));
    std::vector<float> wrong(8, 0);
    wrong[0] = -1;
    put("head_wrong_way", "<f4", "(8,)", bytes_of(wrong));
    put("x_same", "<f4", "(60, 6, 8)", bytes_of(std::vector<float>(60 * 6 * 8, 0.1F)));
    write(folder.path / "page.npy", "<!DOCTYPE html><title>404</title>");
  }
  static long length_of(long i) { return 3 + (i * 5 / 3) % 4; }
  void put(const std::string& name, const char* type, const char* shape, const std::string& data) const {
    write(folder.path / (name + ".npy"), npy(type, shape, data));
  }
  /// kind: 0 all words, 1 and 2 padded by zero or by a long vector, 3 with the first position the same in all samples.
  void save(const std::string& name, unsigned seed, int kind) const {
    std::vector<float> x;
    unsigned state = seed * 2654435761U;
    const auto uniform = [&] {
      return static_cast<double>((state = state * 1664525U + 1013904223U) >> 8) / 0x1p23 - 1;
    };
    for (long i = 0; i < exported_n; ++i)
      for (long t = 0; t < exported_T; ++t)
        for (long k = 0; k < exported_d; ++k) {
          double value = 1.7 * uniform() + (k == 0 ? (i % 2 == 0 ? -0.6 : 0.6) : 0);
          if (t >= length_of(i) && kind == 1) value = 0;
          if (t >= length_of(i) && kind == 2) value = 40;
          if (t == 0 && kind == 3) value = static_cast<double>(50 + k);
          x.push_back(static_cast<float>(value));
        }
    put(name, "<f4", "(60, 6, 8)", bytes_of(x));
  }
  Outcome run(const std::string& arguments) const {
    return shell("cd " + quoted(folder.path) + " && " + quoted(BENIGN_PROGRAM) + " " + arguments);
  }
  Json json(const std::string& arguments) const {
    const Outcome outcome = run(arguments + " --json");
    INFO(arguments << "\n" << outcome.err);
    REQUIRE(outcome.status == 0);
    return Json::parse(outcome.out);
  }
};

const std::string tested = "--test-data xt.npy --test-labels yt.npy ";
const std::string stepped = "--n 40 --lr-unit tau0 --lr 0.05 --steps 100 ";

bool notes_say(const Json& diagnosis, const std::string& what) {
  for (const Json& note : diagnosis["notes"])
    if (note.get<std::string>().find(what) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("given tokens: what cannot be meant is refused on one line with the remedy", "[tokens][field]") {
  const Exported files;
  const std::pair<const char*, const char*> table[] = {
      {"--data x_same.npy --labels y.npy", "its tokens do not vary within a class"},
      {"--data x.npy --labels y.npy --head head_zero.npy", "it is zero, or its columns are equal"},
      {"--data x.npy --labels y.npy --head head_equal.npy", "it is zero, or its columns are equal"},
      {"--data x.npy --labels y.npy --head head_layer.npy", ".T turns a layer's weight"},
      {"--data x.npy --labels y_ignore.npy", "it holds -100 at index 7"},
      {"--data x.npy --labels y_scores.npy", "which row 4 is not; .argmax(1)"},
      {"--data page.npy --labels y.npy", "like a page of HTML"},
      {"--data x.npy --labels y.npy --mu 3", "--mu: '3' is not allowed; allowed: nothing with tokens from a file"},
      {"--data x.npy --labels y.npy --rho 0.5",
       "--rho: '0.5' is not allowed; allowed: nothing with tokens from a file"},
      {"--data x.npy --labels y.npy --mask y.npy", "its shape is (60); allowed: (60,6)"},
      {"--data x.npy --labels y.npy --mask mask_negated.npy", "without a token; 1 stands for a token"},
      {"--data x.npy --labels y.npy --test-mask mask.npy", "only together with --test-data"},
      {"--data fashion-mnist:0,6 --mask mask.npy", "fashion-mnist brings its own"}};
  for (const auto& [arguments, says] : table) {
    const Outcome outcome = files.run(std::string("diagnose ") + arguments);
    INFO(arguments << "\n" << outcome.err);
    CHECK(outcome.status == 2);
    CHECK(outcome.out.empty());
    CHECK(lines_of(outcome.err).size() == 1);
    CHECK(outcome.err.find(says) != std::string::npos);
  }
  const std::string both = " --data x.npy --labels y.npy " + tested;
  CHECK(files.run("phase --x mu=1:2:2 --y eta=0:0.2:2" + both).status == 2);
  CHECK(files.run("phase --x snr=1:2:2 --y eta=0:0.2:2" + both).err.find("n, eta, sigma, kappa") != std::string::npos);
  CHECK(files.run("table --n 20" + both).err.find("--ns with the table") != std::string::npos);
  CHECK(files.run("table --route statistics" + both).err.find("statistics has no test error") != std::string::npos);
  CHECK(files.run("prove --data x_pad_zero.npy --labels y.npy --mask mask.npy").err.find("padding") !=
        std::string::npos);
}

TEST_CASE("given tokens: labels of every kind are the same labels", "[tokens][field]") {
  const Exported files;
  const Json plain = files.json("diagnose --no-run --data x.npy --labels y.npy");
  for (const char* labels : {"y_bool", "y_onehot", "y_column"})
    CHECK(files.json(std::string("diagnose --no-run --data x.npy --labels ") + labels + ".npy")["estimates"] ==
          plain["estimates"]);
  // An archive of the same arrays, under the names that people give them.
  const Outcome zipped = shell("cd " + quoted(files.folder.path) +
                               " && /usr/bin/python3 -c \"import zipfile; z = zipfile.ZipFile('all.npz', 'w'); "
                               "z.write('x.npy'); z.write('y.npy'); z.close()\"");
  REQUIRE(zipped.status == 0);
  CHECK(files.json("diagnose --no-run --data all.npz")["estimates"] == plain["estimates"]);
}

TEST_CASE("given tokens: phase, table and diagnose see one regime", "[tokens][field]") {
  const Exported files;
  for (const char* lr : {"0.002", "0.05", "0.3"})
    for (const char* eta : {"0", "0.1", "0.2", "0.4"})
      for (const char* n : {"20", "40"}) {
        const std::string common =
            std::string("--data x.npy --labels y.npy ") + tested + "--lr-unit tau0 --lr " + lr + " ";
        const Json diagnosed = files.json("diagnose --steps 100 " + common + "--n " + n + " --eta " + eta);
        const Json tabled = files.json("table --steps 100 --seeds 1 " + common + "--ns " + n + " --etas " + eta);
        const Json swept =
            files.json("phase " + common + "--n " + n + " --x eta=" + eta + ":" + eta + ":1 --y steps=100:100:1");
        std::string seen;
        for (const auto& [name, share] : swept["cells"][0]["regimes"].items())
          if (share["count"] == 1) seen = name;
        std::replace(seen.begin(), seen.end(), '_', ' ');
        INFO(lr << " " << eta << " " << n);
        CHECK(diagnosed["observed"]["regime"] == seen);
        CHECK(tabled["cells"][0]["observed"] == seen);
      }
}

TEST_CASE("given tokens: a diagram is proved by the route that has a proof", "[tokens][field]") {
  const Exported files;  // d = 8 is less than nT, so that `direct` is what is simulated
  const Json swept = files.json(
      "phase --data x.npy --labels y.npy --prove 'train_loss<1' --n 4 --x eta=0:0.25:2 --y steps=2:4:2 --lr-unit tau0 "
      "--lr 0.1");
  CHECK(swept["route"] == "coefficients");
  REQUIRE(swept["cells"].size() == 4);
  for (const Json& cell : swept["cells"]) {
    const Json& claim = cell["claims"][0];
    CHECK(claim["verdict"] != "undecided");
    CHECK((claim["verdict"] == "proved") == claim["computed_holds"]);
  }
}

TEST_CASE("given tokens: times are those of what happens", "[tokens][field]") {
  const Exported files;
  const std::string both = "diagnose --data x.npy --labels y.npy " + tested + stepped;
  const Json fitted = files.json(both);
  CHECK(fitted["observed"]["log_s_fit"].is_null());
  if (fitted["observed"]["train_accuracy"] == 1) CHECK(fitted["observed"]["from_the_start"][0] == "log_s_fit");
  const Json wrong = files.json(both + "--eta 0.2 --head head_wrong_way.npy");
  CHECK(wrong["estimates"]["head_gain"] < 0);
  CHECK(wrong["predicted"]["log_s_attention"].is_null());
  CHECK(wrong["predicted"]["log_s_gap"].is_null());
  CHECK(wrong["observed"]["test_accuracy"] < 0.5);  // below guessing, whatever the baseline of such a head is
  CHECK((wrong["observed"]["regime"] == "neither" || wrong["observed"]["regime"] == "harmful"));
  CHECK(notes_say(wrong, "the wrong way"));
  const Outcome text = files.run(both + "--head head_wrong_way.npy");
  CHECK(text.out.find("691.54") == std::string::npos);
  CHECK(text.out.find("nan") == std::string::npos);
}

TEST_CASE("given tokens: what has to be known first is said", "[tokens][field]") {
  const Exported files;
  const Json plain = files.json("diagnose --no-run --data x.npy --labels y.npy " + stepped);
  CHECK(plain["estimates"]["no_signal"]["p_value"] < 0.01);
  CHECK_FALSE(notes_say(plain, "no signal"));
  CHECK_FALSE(notes_say(plain, "padding"));
  CHECK(plain["predicted"]["borders"]["crossed"] == true);  // eight dimensions, forty samples
  CHECK(notes_say(plain, "cannot be benign"));
  CHECK(notes_say(files.json("diagnose --no-run --data x.npy --labels y_noise.npy"), "no signal"));
  CHECK(notes_say(files.json("diagnose --no-run --data x_registers.npy --labels y.npy"), "position 0 is the same"));
  CHECK(notes_say(files.json("diagnose --no-run --data x_pad_zero.npy --labels y.npy"), "--mask leaves it out"));
  CHECK(notes_say(files.json("diagnose --no-run --data x_pad_long.npy --labels y.npy"), "times as long"));
}

TEST_CASE("given tokens: a mask makes all paddings one, and changes no estimate beyond its error", "[tokens][field]") {
  const Exported files;
  const auto masked = [&](const char* name) {
    return files.json(std::string("diagnose --data ") + name + ".npy --labels y.npy --mask mask.npy " + stepped);
  };
  const Json zero = masked("x_pad_zero"), other = masked("x_pad_long"), words = masked("x");
  CHECK(zero["estimates"] == other["estimates"]);
  CHECK(zero["estimates"] == words["estimates"]);
  CHECK(zero["observed"] == other["observed"]);
  const Json full = files.json("diagnose --no-run --data x.npy --labels y.npy");
  for (const char* name : {"mu", "rho", "noise2", "effective_dimension", "snr", "place"}) {
    const Json &a = zero["estimates"][name], &b = full["estimates"][name];
    INFO(name << " " << a << " " << b);
    CHECK(std::abs(a["value"].get<double>() - b["value"].get<double>()) <
          3 * std::hypot(a["stderr"].get<double>(), b["stderr"].get<double>()));
  }
  for (const char* route : {"direct", "coefficients", "statistics"})
    CHECK(files
              .json(std::string("simulate --route ") + route +
                    " --data x_pad_long.npy --labels y.npy --mask mask.npy " + stepped)["train_loss"]
              .get<double>() == Approx(zero["observed"]["train_loss"].get<double>()).epsilon(1e-10));
}

TEST_CASE("given tokens: a step beyond stability is said, and one that is stable proposed", "[tokens][field]") {
  const Exported files;
  const std::string common = "diagnose --data x.npy --labels y.npy --n 40 --eta 0.2 --lr-unit tau0 --steps 60 ";
  for (const char* lr : {"3", "100", "10000"}) {
    const Json wild = files.json(common + "--lr " + lr);
    INFO(lr << " " << wild["start_sharpness"] << " " << wild["stable_lr"]);
    CHECK(wild["start_sharpness"] > 2);
    CHECK(notes_say(wild, "beyond stability"));
    REQUIRE(wild["stable_lr"].is_number());
    const Json calm = files.json(common + "--lr " + wild["stable_lr"].dump());
    CHECK(calm["start_sharpness"] < 2);
    CHECK(calm["observed"]["loss_rose_at"].is_null());
    CHECK(calm["stable_lr"].is_null());
  }
}

TEST_CASE("given tokens: a diagram beyond stability says so", "[tokens][field]") {
  const Exported files;
  const std::string sweep =
      "phase --x n=20:40:2 --y eta=0:0.2:2 --data x.npy --labels y.npy --lr-unit tau0 --steps 20 " + tested + " ";
  const auto says = [&](const std::string& lr) {
    const Outcome shown = files.run(sweep + "--lr " + lr);
    INFO(shown.err);
    REQUIRE(shown.status == 0);
    return shown.out.find("beyond stability") != std::string::npos;
  };
  CHECK(says("1000"));
  CHECK_FALSE(says("1e-4"));
  CHECK(files.json(sweep + "--lr 1000 ")["start_sharpness"].get<double>() > 2);
}

TEST_CASE("given tokens: the table's own n end at the file", "[tokens][field]") {
  const Exported files;
  const Json table =
      files.json("table --seeds 1 --etas 0 --lr-unit tau0 --lr 0.05 --steps 20 --data x.npy --labels y.npy " + tested);
  REQUIRE(table["cells"].size() == 2);
  CHECK(table["cells"][0]["config"]["n"] == 20);
  CHECK(table["cells"][1]["config"]["n"] == 60);
}

TEST_CASE("given tokens: figures show what they are", "[tokens][field]") {
  const Exported files;
  const std::string run = "simulate --data x.npy --labels y.npy --out run " + stepped;
  REQUIRE(files.run(run + "--eta 0.2 " + tested).status == 0);
  files.run("plot run");  // the scripts stand there without gnuplot too
  const std::string learning = read(files.folder.path / "run/learning.gp"),
                    attention = read(files.folder.path / "run/attention.gp");
  CHECK(learning.find("set yrange [0:*]") != std::string::npos);
  CHECK(learning.find("floor") == std::string::npos);
  CHECK(learning.find("population") == std::string::npos);
  CHECK(learning.find("title 'test'") != std::string::npos);
  CHECK(learning.find("of x.npy") != std::string::npos);
  CHECK(attention.find("weak") == std::string::npos);
  CHECK(attention.find("answers best for its label") != std::string::npos);
  REQUIRE(files.run(run).status == 0);  // no flipped label, no test set
  files.run("plot run");
  CHECK(read(files.folder.path / "run/learning.gp").find("title 'test'") == std::string::npos);
  CHECK(read(files.folder.path / "run/attention.gp").find("noisy") == std::string::npos);
}

TEST_CASE(
    "given tokens: a proof goes by the coefficients, whatever route a run would take, unless another is asked for",
    "[tokens][field]") {
  const Exported files;
  const std::string proved = "prove --data x.npy --labels y.npy --n 4 --steps 5 --lr-unit tau0 --lr 0.05 ";
  CHECK(files.json(proved)["config"]["route"] == "coefficients");
  CHECK(files.json(proved + "--claim 'q_norm2>0'")["config"]["route"] == "coefficients");
  CHECK(files.json(proved + "--route statistics")["config"]["route"] == "statistics");
}
