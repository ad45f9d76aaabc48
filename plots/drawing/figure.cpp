#include "plots/drawing/figure.hpp"

#include "sim/files/record_file.hpp"

#include <gnuplot-iostream.h>

#include <cstdio>
#include <cstdlib>
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
  std::string folders = path ? path : "";
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    if (access((folders.substr(begin, end - begin) + "/" + program).c_str(), X_OK) == 0) return true;
    begin = end + 1;
  }
  return false;
}

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

std::string format(const char* pattern, double x) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, x);
  return text;
}

std::string power_of_ten(int power, double digit) {
  const std::string exponent = power < 0 ? "−" + std::to_string(-power) : std::to_string(power);
  return (digit == 1 ? "" : format("%g", digit) + "·") + "10^{" + exponent + "}";
}

// Nine of its colours, evenly spaced; gnuplot goes straight from one to the next.
const char* const viridis =
    "set palette defined (0 '#440154', 1 '#472d7b', 2 '#3b528b', 3 '#2c728e', 4 '#21918c', 5 '#28ae80', 6 '#5ec962', "
    "7 '#addc30', 8 '#fde725')\n";

std::filesystem::path Figure::draw(const std::filesystem::path& folder, Format format) const {
  const auto file = [&](const char* suffix) { return folder / (name + "." + suffix); };
  std::string data;
  for (const auto& block : blocks) data += block + "\n\n";
  sim::write_whole(file("tsv"), data);

  const auto picture = file(ending(format));
  std::string whole = "# Draws " + picture.filename().string() + " again: gnuplot " + name + ".gp\n";
  whole +=
      "set terminal " + terminal(format, width, height) + "\nset output " + quoted(picture.filename()) + "\n" + script;
  replace_all(whole, "@DATA", file("tsv").filename());
  sim::write_whole(file("gp"), whole);

  const auto done = file("done");  // written by gnuplot after a script that it could follow to its end
  std::filesystem::remove(picture);
  std::filesystem::remove(done);
  if (!on_path("gnuplot"))
    throw NotDrawn("gnuplot is not installed (Debian: apt-get install gnuplot-nox); data and script are in " +
                   folder.string());
  {
    // Through a pipe to gnuplot; its complaints would be lines of their own on standard error.
    gnuplotio::Gnuplot gnuplot("gnuplot 2>/dev/null || true");
    gnuplot << "cd " << quoted(folder) << "\nload " << quoted(file("gp").filename()) << "\nset print "
            << quoted(done.filename()) << "\nprint 'done'\n";
  }
  const bool followed = std::filesystem::remove(done);
  std::error_code error;
  if (const auto size = std::filesystem::file_size(picture, error); !followed || error || size == 0)
    throw NotDrawn("gnuplot could not draw " + picture.string() + "; 'gnuplot " + name +
                   ".gp' in that folder tells why");
  return picture;
}

}  // namespace benign::plots
