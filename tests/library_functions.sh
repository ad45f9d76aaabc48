#!/usr/bin/env bash
# library_functions.sh BUILD: what decides results calls no function of double that the C library chooses by the
# processor (theory/numbers/elementary.hpp has all of them). Pictures and what is only printed may, and the checker of
# certificates, which shares nothing with the rest, and whose choices are enclosed.
set -euo pipefail
cd "$1"
functions='exp|exp2|exp10|expm1|log|log1p|log2|log10|sin|cos|tan|sincos|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh'
functions+='|pow|cbrt|hypot|erf|erfc|tgamma|lgamma|lgamma_r|cexp|clog|cpow|csqrt|cabs|carg|csin|ccos|csinh|ccosh|ctanh'
status=0
for archive in $(find theory sim proofs_check -name '*.a' | grep -Ev '_(encoder|commands|checker|checker_arithmetic)\.a$'); do
  used=$(nm -u "$archive" 2>/dev/null | awk '{print $2}' | sort -u | grep -xE "$functions" | tr '\n' ' ' || true)
  if [ -n "${used// /}" ]; then
    echo "${archive##*/} calls the library's $used"
    status=1
  fi
done
exit $status
