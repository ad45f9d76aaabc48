// The page sim/tokens/README.md, from np.save to a diagnosis, run as it stands there on data made here.

#include "tests/support/cli.hpp"

#include <vector>

namespace {

/// What the page takes for granted: a model in half precision with a class token and padding, its tokenizer, sentences.
constexpr const char* what_the_page_has = R"(
import numpy as np

rng = np.random.default_rng(3)
lean = rng.normal(size=64)
lean /= np.linalg.norm(lean)
spectrum = 1 / np.sqrt(np.arange(1, 65))
class_token, pad = 40 * rng.normal(size=64), rng.normal(size=64)

class Tensor:  # as much of PyTorch's as the page asks for
    def __init__(self, array): self.array = array
    def cpu(self): return self
    def numpy(self): return self.array

def model(sentences):
    tokens = rng.normal(size=(len(sentences), 16, 64)) * spectrum
    tokens += np.array([0.35 if s["positive"] else -0.35 for s in sentences])[:, None, None] * lean
    tokens[:, 0] = class_token
    for s, x in zip(sentences, tokens): x[s["length"]:] = pad
    return Tensor(tokens.astype(np.float16))

def tokenizer(sentences):
    return Tensor((np.arange(16) < np.array([s["length"] for s in sentences])[:, None]).astype(np.int64))

def some(count):
    return [{"positive": i % 2 == 1, "length": int(rng.integers(7, 17))} for i in range(count)]

train, test = some(160), some(120)
)";

struct Block {
  std::string language, text;
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  bool inside = false;
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with("```")) {
      if (!inside) blocks.push_back({line.substr(3), ""});
      inside = !inside;
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

}  // namespace

TEST_CASE("tokens: the page from np.save to a diagnosis runs as it stands there", "[tokens][journey]") {
  const TemporaryFolder folder;
  const auto in_folder = [&](const std::string& command) {
    return shell("cd " + quoted(folder.path) + " && " + command);
  };
  if (in_folder("/usr/bin/python3 -c 'import numpy'").status != 0) {
    WARN("No NumPy: the page is not run");
    return;
  }
  const std::string tests = BENIGN_TESTS;
  const std::string page = read(fs::path(tests).parent_path() / "sim" / "tokens" / "README.md");
  std::string printed;
  long programs = 0, commands = 0, held = 0;
  for (const Block& block : blocks_of(page)) {
    if (block.language == "python") {
      const std::string program = (programs++ == 0 ? what_the_page_has : "") + block.text;
      write(folder.path / "page.py", program);
      const Outcome outcome = in_folder("/usr/bin/python3 page.py");
      INFO(outcome.err);
      REQUIRE(outcome.status == 0);
    } else if (block.language == "sh") {
      REQUIRE(block.text.starts_with("benign "));
      const Outcome outcome = in_folder(quoted(BENIGN_PROGRAM) + block.text.substr(6));
      INFO(block.text << outcome.err);
      REQUIRE(outcome.status == 0);
      printed = outcome.out, ++commands;
    } else {
      for (const std::string& line : lines_of(block.text)) {
        INFO(line << "\n\n" << printed);
        CHECK((printed.find(line + "\n") != std::string::npos || line == "..."));
        ++held;
      }
    }
  }
  CHECK((programs == 2 && commands == 3 && held > 15));
}
