#!/usr/bin/env bash
# A model of one's own in a project from outside: its run, its claims, its diagram and its figure (sim/models/OUTSIDE.md).
#   tests/install/outside_model.sh BUILD_FOLDER [CMAKE]
set -euo pipefail
trap 'echo "line $LINENO failed: $BASH_COMMAND"' ERR
build=$(realpath "$1") cmake=${2:-cmake}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
page=$(realpath "$here/../..")/sim/models/OUTSIDE.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$cmake" --install "$build" --prefix "$folder/prefix" >/dev/null
"$cmake" -S "$here/outside_model" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/prefix" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
"$cmake" --build "$folder/build" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
program=$folder/build/benign
grep -q '^mean-of-tokens ' <<<"$("$program" list --models)" || { echo "the model is not listed"; exit 1; }
# Its closed system is its own training in d dimensions.
losses=()
for route in direct coefficients; do
  losses+=("$("$program" simulate --model mean-of-tokens --n 8 --T 4 --d 300 --mu 6 --steps 40 --lr 0.01 --precision mp50 --route $route | grep '^train loss')")
done
[ "${losses[0]}" = "${losses[1]}" ] || { echo "the routes differ: ${losses[*]}"; exit 1; }
# The commands of the page.
while IFS= read -r line; do
  words=${line%%#*}
  (cd "$folder" && bash -c "$program ${words#own/build/benign }") >"$folder/log" 2>&1 || { echo "$line:"; cat "$folder/log"; exit 1; }
done < <(grep '^own/build/benign ' "$page")
[ -s "$folder/mean/phase.svg" ] || { echo "there is no figure"; exit 1; }
lines=$(cat "$here"/outside_model/* | wc -l)
[ "$lines" -le 150 ] || { echo "the project has $lines lines"; exit 1; }
