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
exit $status
