#pragma once
// A figure: a table of data and a gnuplot script that stand beside the picture and draw it again.

#include "plots/drawing/table.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace benign::plots {

enum class Format { svg, png, pdf };

/// The picture could not be drawn; data and script are in place.
struct NotDrawn : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Figure {
  std::string name;               ///< of the files, without ending
  int width = 900, height = 600;  ///< in pixels
  std::vector<Table> blocks;      ///< of the data file, which gnuplot calls index 0, 1, …
  std::string script;             ///< plots '@DATA'

  /// Adds a block and tells which it is.
  std::size_t add(Table block);
  /// What a plot of these columns of a block begins with.
  std::string plot(std::size_t block, const std::vector<std::string>& columns) const;

  /// Draws through gnuplot, and puts NAME.tsv, NAME.gp and NAME.FORMAT into `folder`, all or none of them. Throws
  /// NotDrawn, with the first two and an older picture in place, and std::system_error where a file cannot be written.
  /// Returns the picture's path.
  std::filesystem::path draw(const std::filesystem::path& folder, Format format) const;
};

/// A string of gnuplot's: single quotes, doubled inside.
std::string quoted(const std::string& text);

/// A text as it stands in a title of gnuplot's, where a bare _ would lower what follows.
std::string plain_title(const std::string& text);

/// One number in printf's `pattern`.
std::string format(const char* pattern, double x);

/// 10^power, or digit · 10^power, as gnuplot sets it.
std::string power_of_ten(int power, double digit = 1);

/// Colours that people with any colour vision tell apart (Okabe and Ito's palette).
inline constexpr const char *blue = "#0072B2", *sky = "#56B4E9", *green = "#009E73", *orange = "#E69F00",
                            *vermillion = "#D55E00", *grey = "#999999";

/// A colour "#RRGGBB" mixed with white, of which `share` is the colour's part, as the number that "rgb variable" takes.
double mixed_with_white(const char* colour, double share);

/// gnuplot's setting of viridis, a palette of even steps to the eye and readable in grey.
extern const char* const viridis;

/// Of the four classes of tokens, and of train and test.
inline constexpr const char* token_colours[] = {blue, green, vermillion, grey};
inline constexpr const char* train_colour = orange;
inline constexpr const char* test_colour = blue;

}  // namespace benign::plots
