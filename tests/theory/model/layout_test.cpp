// Layouts of tokens as values and as texts: what is read, what is printed, and what is refused; shares of the classes.

#include "tests/support/compare.hpp"
#include "tests/support/random_layout.hpp"
#include "theory/model/layout_text.hpp"

using namespace benign;
using namespace benign::theory;
using benign::tests::RandomInput;

namespace {

const std::string two_kinds = "[[kind]]\nname = \"signal\"\nown = 1\n\n[[kind]]\nname = \"noise\"\ncount = \"rest\"\n";

template <class Read>
void check_refused(const Read& read, const std::string& text, const std::string& says) {
  try {
    read(text);
    FAIL_CHECK("nothing is wrong with '" << text << "', where '" << says << "' was expected");
  } catch (const BadLayout& error) {
    INFO(text << "\n" << error.what());
    CHECK(std::string(error.what()).find(says) != std::string::npos);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
  }
}

void refused_toml(const std::string& text, const std::string& says) { check_refused(layout_from_toml, text, says); }
void refused_line(const std::string& text, const std::string& says) { check_refused(layout_from_line, text, says); }

/// Not what one expects of a name, but what a file may hold.
std::string mutated(std::string text, RandomInput& random) {
  for (long k = random.whole(1, 3); k > 0 && !text.empty(); --k) {
    const auto at = static_cast<std::size_t>(random.whole(0, static_cast<long>(text.size()) - 1));
    switch (random.whole(0, 3)) {
      case 0: text[at] = static_cast<char>(random.whole(0, 255)); break;
      case 1: text.erase(at, static_cast<std::size_t>(random.whole(1, 8))); break;
      case 2: text.insert(at, text.substr(static_cast<std::size_t>(random.whole(0, static_cast<long>(at))), 9)); break;
      default: text.insert(at, 1, "=[]\"#;:,\n*1e-."[random.whole(0, 14)]);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("the paper's layout is x1 = mu, x2 = rho mu, x3 = rho mu of the other class, and the rest", "[layout]") {
  const auto kinds = layout<double>(0.3, 7);
  REQUIRE(kinds.size() == token_kinds);
  const double expected[][3] = {{1, 0, 1}, {0.3, 0, 1}, {0, 0.3, 1}, {0, 0, 4}};
  for (std::size_t k = 0; k < token_kinds; ++k) {
    CHECK(kinds[k].own == expected[k][0]);
    CHECK(kinds[k].other == expected[k][1]);
    CHECK(static_cast<double>(kinds[k].count) == expected[k][2]);
    CHECK(kinds[k].noise == 1);
    CHECK_FALSE(kinds[k].projected);
  }
  CHECK(kinds_of_tokens(5) == std::vector<Kind>{relevant, weak_own, weak_other, irrelevant, irrelevant});
  CHECK(layout<double>(Parameters{})[weak_own].own == 0.1);
}

TEST_CASE("a layout is read from a file and from a line alike", "[layout]") {
  const TokenLayout file = layout_from_toml(
      "# a comment\n[[kind]]  # of the signal\r\nname = \"signal\" # and more\n  own=1\nnoise = 0.0\n"
      "[[kind]]\nname = \"strong\"\nother = \"-0.5*rho\"\nnoise = \"5*sqrt(T)\"\nprojected = true\ncount = 2\n"
      "[[kind]]\nname = \"noise\"\ncount = \"rest\"\nprojected = false");
  const std::string line =
      "signal: own=1, noise=0; strong: other=-0.5*rho, noise=5*sqrt(T), count=2, projected; noise: count=rest";
  CHECK(file == layout_from_line(line));
  CHECK(line_of(file) == line);
  CHECK(file.counted() == 3);
  Parameters p;
  p.rho = Decimal("0.2"), p.T = 9;
  p.layout = std::make_shared<const TokenLayout>(file);
  const auto kinds = layout<double>(p);
  CHECK(kinds[1].other == -0.1);
  CHECK(kinds[1].noise == Approx(15).epsilon(1e-15));
  CHECK(kinds[2].count == 6);
  CHECK(layout_from_line(line_of(paper_layout())) == paper_layout());
}

TEST_CASE("what is no layout is refused, and the message says where and what is allowed", "[layout]") {
  refused_toml("", "at least one kind");
  refused_toml("own = 1\n", "in line 1 [[kind]] before the first key");
  refused_toml("[kind]\n", "in line 1 [[kind]], key = value");
  refused_toml("[[kind]]\nown = 1\n", "in line 1 a kind with a name");
  refused_toml("[[kind]]\nname = \"2nd\"\n", "in line 2 a name of letters");
  refused_toml("[[kind]]\nname = \"a\"\nown = 2\n", "in line 3 own as a number from -1 to 1");
  refused_toml("[[kind]]\nname = \"a\"\nown = \"sqrt(T)\"\n", "in line 3 own as");
  refused_toml("[[kind]]\nname = \"a\"\nown = rho\n", "in line 3 a number, true, false or a string in quotes");
  refused_toml("[[kind]]\nname = \"a\"\nown = \"1\n", "in line 3 a string in quotes");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\nown = 1\n", "in line 4 each key once");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\ncolour = 1\n", "in line 4 one of the keys name, own");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\nnoise = -1\n", "in line 4 noise as 0, a number from 1e-6");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\ncount = 1.5\n", "in line 4 count as a whole number");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\nprojected = 1\n", "in line 4 projected as true or false");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\nnoise = 0\nprojected = true\n", "in line 1 no projected noise");
  refused_toml("[[kind]]\nname = \"a\"\nown = 0.5\n", "in line 1 the relevant kind first");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\ncount = \"rest\"\n", "in line 1 the relevant kind first");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\n", "from 2 to 10000 tokens");
  refused_toml("[[kind]]\nname = \"a\"\nown = 1\ncount = 2\nnoise = 0", "at least one kind with noise");
  refused_toml(two_kinds + "[[kind]]\nname = \"more\"\ncount = \"rest\"\n", "in line 8 one kind at most");
  refused_toml(two_kinds + "[[kind]]\nname = \"signal\"\n", "in line 8 kinds of different names");
  refused_line("signal: own=1; noise: strong", "in kind 2 key=value or projected");
  refused_line("signal: own=1; ; noise", "in kind 2 a name of letters");
  refused_line("signal: own=1; noise: name=other", "in kind 2 each key once");
}

TEST_CASE("layouts at random read back from the line that is printed", "[layout]") {
  RandomInput random(17);
  for (int k = 0; k < 300; ++k) {
    const TokenLayout layout = tests::random_layout(random);
    INFO(line_of(layout));
    const TokenLayout read = layout_from_line(line_of(layout));
    CHECK(line_of(read) == line_of(layout));
    CHECK(read.counted() == layout.counted());
    const auto a = numbers_of(layout, 0.3, 12L), b = numbers_of(read, 0.3, 12L);
    for (std::size_t kind = 0; kind < a.size(); ++kind) {
      CHECK(a[kind].own == b[kind].own);
      CHECK(a[kind].other == b[kind].other);
      CHECK(a[kind].noise == b[kind].noise);
      CHECK(a[kind].count == b[kind].count);
    }
  }
}

TEST_CASE("a text that chance made is a layout or is refused, and nothing else", "[layout]") {
  RandomInput random(3);
  const std::string line =
      "signal: own=1, noise=0; strong: other=-0.5*rho, noise=5*sqrt(T), count=2, projected; noise: count=rest";
  long layouts = 0;
  for (int k = 0; k < 20'000; ++k) {
    const bool toml = random.one_in(2);
    const std::string text = mutated(toml ? two_kinds : line, random);
    try {
      const TokenLayout layout = toml ? layout_from_toml(text) : layout_from_line(text);
      ++layouts;
      REQUIRE(line_of(layout_from_line(line_of(layout))) == line_of(layout));
    } catch (const BadLayout&) {
    }
  }
  CHECK(layouts > 150);
}

TEST_CASE("counts of classes and of flipped labels are those of the exact shares", "[layout]") {
  Parameters p;
  CHECK(plus_count(p, 20) == 10);
  CHECK(plus_count(p, 5) == 3);  // the first half, rounded up
  CHECK(noise_count(p, +1) == 2);
  p.eta = Decimal("0.25");  // five of twenty: the odd one is of class +1
  CHECK(noise_count(p, +1) == 3);
  CHECK(noise_count(p, -1) == 2);
  p.plus_share = Decimal("0.3");
  CHECK(plus_count(p, 20) == 6);
  CHECK(noise_count(p, +1) == 2);  // ⌈5 · 6/20⌉
  CHECK(noise_count(p, -1) == 3);
  RandomInput random(5);
  for (int k = 0; k < 500; ++k) {
    p.n = 2 * random.whole(1, 60), p.eta = random.decimal(0, 0.5), p.plus_share = random.decimal(0.01, 0.99);
    const long plus = plus_count(p, p.n);
    CHECK(noise_count(p, +1) + noise_count(p, -1) == noise_count(p));
    CHECK(noise_count(p, +1) <= plus);
    CHECK(noise_count(p, -1) <= p.n - plus);
    CHECK(std::abs(static_cast<double>(noise_count(p, +1) * p.n) - static_cast<double>(noise_count(p) * plus)) < p.n);
  }
}
