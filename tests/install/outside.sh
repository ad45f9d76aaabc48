#!/usr/bin/env bash
# A project from outside builds against the installed package, and against the build tree: its check is in its program.
#   tests/install/outside.sh BUILD_FOLDER [CMAKE]
set -euo pipefail
trap 'echo "line $LINENO failed: $BASH_COMMAND"' ERR
build=$(realpath "$1") cmake=${2:-cmake}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
page=$(realpath "$here/../..")/proofs_check/THEOREM_2_CHECK.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$cmake" --install "$build" --prefix "$folder/prefix" >/dev/null
for file in bin/benign share/man/man1/benign.1 share/bash-completion/completions/benign; do
  [ -s "$folder/prefix/$file" ] || { echo "$file is not installed"; exit 1; }
done
for package in "$folder/prefix" "$build"; do
  mkdir "$folder/outside"
  "$cmake" -S "$here/outside" -B "$folder/outside" -G Ninja -DCMAKE_PREFIX_PATH="$package" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
  "$cmake" --build "$folder/outside" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
  program=$folder/outside/benign
  listed=$("$program" list)
  found=$("$program" check --n 8 --T 4 --d 400 --mu 10 --lr-unit tau0 --lr 0.1 --steps 200 --only mine 2>&1) || { echo "$package: status $?: $found"; exit 1; }
  grep -q '^mine.rises ' <<<"$listed" || { echo "$package: the program does not list the check"; exit 1; }
  grep -q '^lemma.growth ' <<<"$listed" || { echo "$package: the program has lost the checks of its own"; exit 1; }
  grep -q '^holds *mine.rises ' <<<"$found" || { echo "$package: the check does not hold: $found"; exit 1; }
  grep -q '^holds *mine.arrives ' <<<"$found" || { echo "$package: the check does not hold: $found"; exit 1; }
  # Where its hypothesis is unmet the claim is false: the fall that prove has proved (proofs_check/THEOREM_1_RECORDS.md).
  found=$("$program" check --n 8 --T 4 --d 60 --mu 30 --eta 0.25 --seed 1 --lr-unit tau0 --lr 0.05 --steps 130 --only mine.rises 2>&1) || true
  grep -q '^vacuous *mine.rises *-' <<<"$found" || { echo "$package: not vacuous with a negative margin: $found"; exit 1; }
  if [ "$package" != "$build" ]; then rm -rf "$folder/outside"; continue; fi
  # The commands of the page that shows the project, once.
  while IFS= read -r line; do
    [[ $line =~ exit\ status\ ([0-9]) ]] && allowed=${BASH_REMATCH[1]} || allowed=0
    words=${line%%#*} status=0
    (cd "$folder" && bash -c "$program ${words#mine/build/benign }") >"$folder/log" 2>&1 || status=$?
    [ "$status" = "$allowed" ] || { echo "$package: $line: status $status"; cat "$folder/log"; exit 1; }
  done < <(grep '^mine/build/benign ' "$page")
  rm -rf "$folder/outside"
done
# The completion completes, for who has bash.
words=$(bash -c "source '$folder/prefix/share/bash-completion/completions/benign'; COMP_WORDS=(benign phase --bord); COMP_CWORD=2; _benign; echo \${COMPREPLY[*]}")
[ "$words" = --border ] || { echo "completion of --bord: $words"; exit 1; }
