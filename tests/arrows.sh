#!/usr/bin/env bash
# Includes go with the arrows theory <- sim <- plots <- proofs_check and never against them, and every #include "..."
# names a file of the project by its path from the top.
set -euo pipefail
cd "$1"
status=0
forbid() { # FOLDER PATTERN
  if grep -rnE "#include \"($2)/" "$1" --include='*.hpp' --include='*.cpp'; then status=1; fi
}
forbid theory 'sim|plots|proofs_check|tests'
forbid sim 'plots|proofs_check|tests'
forbid plots 'proofs_check|tests'
forbid proofs_check 'tests'
while IFS=: read -r file _ line; do
  [[ $line =~ \"([^\"]+)\" ]]
  path=${BASH_REMATCH[1]}
  if [ ! -f "$path" ] && [ ! -f "${file%/*}/$path" ]; then echo "$file includes $path, which is not there"; status=1; fi
done < <(grep -rn '#include "' theory sim plots proofs_check --include='*.hpp' --include='*.cpp')
# The checker of certificates shares with the prover the drawing of data and the reading of options, and nothing else:
# whatever its files include, directly or through other headers, is its own or on this list.
shared='theory/(decimal|parameters|real)\.hpp
sim/(brought|config_json|data|data_hash|initial_weights|instance|random|route_kind|run_config|token_files|train)\.hpp
proofs_check/(options|usage_error)\.hpp
proofs_check/checker/[a-z_]+\.hpp'
todo=(proofs_check/checker/*.cpp proofs_check/checker/*.hpp)
declare -A seen
while [ ${#todo[@]} -gt 0 ]; do
  file=${todo[0]} todo=("${todo[@]:1}")
  [ -z "${seen[$file]:-}" ] || continue
  seen[$file]=1
  while read -r header; do
    if ! grep -qxE "$shared" <<<"$header"; then echo "the checker's $file includes $header"; status=1; fi
    if [ -f "$header" ]; then todo+=("$header"); fi
  done < <(sed -nE 's/^ *#include "([^"]+)".*/\1/p' "$file")
  if grep -nE '#include <mpfi|"theory/enclosure' "$file" /dev/null; then echo "the checker's intervals are its own"; status=1; fi
done
exit $status
