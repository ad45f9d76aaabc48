#include "theory/numbers/exact_text.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace benign {
namespace {

[[noreturn]] void refuse_text(const std::string& text) { throw std::invalid_argument("'" + text + "' is no number"); }

std::string text_of_double(double x) {
  std::array<char, 40> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x, std::chars_format::hex).ptr};
}

double double_of(const std::string& text) {
  double x = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, x, std::chars_format::hex);
  if (error != std::errc{} || stop != end) refuse_text(text);
  return x;
}

std::string text_of_mpfr(mpfr_srcptr x) {
  char* text = nullptr;
  if (mpfr_asprintf(&text, "%Ra", x) < 0) throw std::bad_alloc();
  std::string copy(text);
  mpfr_free_str(text);
  return copy;
}

void read_mpfr(mpfr_ptr x, const std::string& text, mpfr_rnd_t rounding) {
  if (mpfr_set_str(x, text.c_str(), 0, rounding) != 0) refuse_text(text);
}

/// The two halves of "A B".
std::pair<std::string, std::string> two_texts(const std::string& text) {
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) refuse_text(text);
  return {text.substr(0, space), text.substr(space + 1)};
}

}  // namespace

template <class Real>
std::string exact_text(const Real& x) {
  if constexpr (std::is_same_v<Real, double>)
    return text_of_double(x);
  else if constexpr (std::is_same_v<Real, dd>)
    return text_of_double(x.head()) + " " + text_of_double(x.tail());
  else if constexpr (std::is_same_v<Real, Enclosure>)
    return text_of_mpfr(x.left()) + " " + text_of_mpfr(x.right());
  else
    return text_of_mpfr(x.backend().data());
}

template <class Real>
Real from_exact_text(const std::string& text) {
  if constexpr (std::is_same_v<Real, double>) {
    return double_of(text);
  } else if constexpr (std::is_same_v<Real, dd>) {
    const auto [head, tail] = two_texts(text);
    return dd::pair(double_of(head), double_of(tail));
  } else if constexpr (std::is_same_v<Real, Enclosure>) {
    const auto [left, right] = two_texts(text);
    Enclosure at_working_precision, x;
    constexpr std::size_t bits_of_a_digit = 4;
    mpfi_set_prec(x.data(), static_cast<mpfr_prec_t>(bits_of_a_digit * text.size()));
    read_mpfr(&x.data()->left, left, MPFR_RNDD), read_mpfr(&x.data()->right, right, MPFR_RNDU);
    if (mpfr_greater_p(x.left(), x.right())) refuse_text(text);
    return mpfi_set(at_working_precision.data(), x.data()) == MPFI_FLAGS_BOTH_ENDPOINTS_EXACT ? at_working_precision
                                                                                              : x;
  } else {
    Real x;
    read_mpfr(x.backend().data(), text, MPFR_RNDN);
    return x;
  }
}

#define BENIGN_INSTANTIATE(Real)                      \
  template std::string exact_text<Real>(const Real&); \
  template Real from_exact_text<Real>(const std::string&);
BENIGN_FOR_EACH_REAL(BENIGN_INSTANTIATE)
BENIGN_INSTANTIATE(Enclosure)
#undef BENIGN_INSTANTIATE

}  // namespace benign
