#include "plots/drawing/figure.hpp"

#include "sim/files/record_file.hpp"

#include <gnuplot-iostream.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace benign::plots {
namespace {

const char* ending(Format format) {
  switch (format) {
    case Format::svg: return "svg";
    case Format::png: return "png";
    case Format::pdf: break;
  }
  return "pdf";
}

std::string terminal(Format format, int width, int height) {
  const std::string w = std::to_string(width), h = std::to_string(height);
  switch (format) {
    case Format::svg: return "svg size " + w + "," + h + " dynamic enhanced font 'DejaVu Sans,14' background '#ffffff'";
    case Format::png: return "pngcairo size " + w + "," + h + " enhanced font 'DejaVu Sans,11'";
    case Format::pdf: break;
  }
  return "pdfcairo size " + std::to_string(width / 90.0) + "," + std::to_string(height / 90.0) +
         " enhanced font 'DejaVu Sans,12'";
}

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string folders = path ? path : "/usr/local/bin:/usr/bin:/bin";  // as a shell finds programs without PATH
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    if (access((folders.substr(begin, end - begin) + "/" + program).c_str(), X_OK) == 0) return true;
    begin = end + 1;
  }
  return false;
}

/// A file in memory that programs started from this one can open by its path.
class MemoryFile {
 public:
  MemoryFile() : file_(memfd_create("figure", 0)) {
    if (file_ < 0) throw std::system_error(errno, std::generic_category(), "a file in memory");
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/dev/fd/" + std::to_string(file_); }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(file_, text.data(), text.size());
      if (written <= 0) throw std::system_error(errno, std::generic_category(), "a file in memory");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::string read() const {
    std::string text;
    char part[1 << 16];
    for (ssize_t size; (size = pread(file_, part, sizeof part, static_cast<off_t>(text.size()))) > 0;)
      text.append(part, static_cast<std::size_t>(size));
    return text;
  }

 private:
  int file_;
};

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

std::string plain_title(const std::string& text) {
  std::string plain;
  for (const char c : text) plain += c == '_' ? std::string("\\_") : std::string(1, c);
  return plain;
}

std::string format(const char* pattern, double x) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, x);
  return text;
}

double mixed_with_white(const char* colour, double share) {
  const int rgb = std::stoi(colour + 1, nullptr, 16);
  double value = 0;
  for (const int shift : {16, 8, 0}) value = 256 * value + std::round(255 - share * (255 - ((rgb >> shift) & 255)));
  return value;
}

std::string power_of_ten(int power, double digit) {
  const std::string exponent = power < 0 ? "−" + std::to_string(-power) : std::to_string(power);
  return (digit == 1 ? "" : format("%g", digit) + "·") + "10^{" + exponent + "}";
}

// Nine of its colours, evenly spaced; gnuplot goes straight from one to the next.
const char* const viridis =
    "set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', "
    "7 '#addc30', 8 '#fde725')\n";

std::size_t Figure::add(Table block) {
  blocks.push_back(std::move(block));
  return blocks.size() - 1;
}

std::string Figure::plot(std::size_t block, const std::vector<std::string>& columns) const {
  return "'@DATA' index " + std::to_string(block) + " using " + blocks.at(block).columns(columns);
}

std::filesystem::path Figure::draw(const std::filesystem::path& folder, Format format) const {
  const auto file = [&](const char* suffix) { return folder / (name + "." + suffix); };
  sim::NewFile data(file("tsv")), script_file(file("gp")), picture(file(ending(format)));
  std::string table;
  for (const auto& block : blocks) table += block.text() + "\n\n";
  while (table.ends_with('\n')) table.pop_back();
  data.append_line(table);

  const auto script_of = [&](const std::string& output, const std::string& input) {
    std::string text = script;
    replace_all(text, "@DATA", input);
    return "set terminal " + terminal(format, width, height) + "\nset output " + quoted(output) + "\n" + text;
  };
  const std::string output = file(ending(format)).filename();
  script_file.append_line("# Draws " + output + " again: gnuplot " + name + ".gp\n" +
                          script_of(output, file("tsv").filename()));
  if (!on_path("gnuplot")) {
    sim::NewFile::commit({&data, &script_file});
    throw NotDrawn("gnuplot is not installed (Debian: apt-get install gnuplot-nox); data and script are in " +
                   folder.string());
  }
  // gnuplot does not notice a full disk, and a folder's name may hold what it would read as its own language: it reads
  // and writes in memory.
  MemoryFile input, drawn, done;  // the last is written after a script that gnuplot could follow to its end
  input.write(table + "\n");
  {
    // Through a pipe to gnuplot; its complaints would be lines of their own on standard error.
    gnuplotio::Gnuplot gnuplot("gnuplot 2>/dev/null || true");
    gnuplot << script_of(drawn.path(), input.path()) << "\nset output\nset print " << quoted(done.path())
            << "\nprint 'done'\n";
  }
  const std::string bytes = drawn.read();
  if (done.read().empty() || bytes.empty()) {
    sim::NewFile::commit({&data, &script_file});
    throw NotDrawn("gnuplot could not draw " + file(ending(format)).string() + "; 'gnuplot " + name +
                   ".gp' in that folder tells why");
  }
  picture.append(bytes);
  sim::NewFile::commit({&data, &script_file, &picture});
  return file(ending(format));
}

}  // namespace benign::plots
