#!/usr/bin/env bash
# kill.sh PROGRAM KILLS [STEPS]: a sweep that kill -9 ends again and again has, once it is through, the bytes of one that
# was left alone. Every fourth kill waits for the merging of the records; the others come at any time. Where mpirun is
# installed, every third run is one of two ranks.
set -euo pipefail
program=$1 kills=$2 steps=${3:-4000}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
seed=${KILL_SEED:-$RANDOM}
RANDOM=$seed
echo "KILL_SEED=$seed"

work=$(mktemp -d)
sweep=("$program" phase --n 4 --T 3 --steps "$steps" --x d=20:220:21 --y mu=2:12:21 --seeds 2 --json)
units=$((21 * 21 * 2))
launcher=''
pids=()
stop() { [ -z "$launcher" ] || kill -9 "${pids[@]}" 2>/dev/null || true; }
trap 'stop; rm -rf "$work"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}
milliseconds() { echo $(($(date +%s%N) / 1000000)); }

begin=$(milliseconds)
"${sweep[@]}" --out "$work/A" >/dev/null
whole=$(($(milliseconds) - begin))
echo "unbroken: $whole ms"

compare() {
  cmp "$work/A/cells.jsonl" "$1/cells.jsonl"
  [ "$(wc -l <"$1/timings.jsonl")" = "$units" ] || fail "$1/timings.jsonl has not each unit once"
  [ "$(ls "$1")" = "$(ls "$work/A")" ] || fail "left behind in $1: $(ls "$1")"
}

folder=0 hits=0 merging=0 under_mpi=0 completed=0 runs=0
out=$work/B0
while [ "$hits" -lt "$kills" ]; do
  runs=$((runs + 1))
  [ "$runs" -lt $((kills * 5 + 10)) ] || fail "$runs runs, and only $hits were killed in time"
  prefix=()
  if [ $((runs % 3)) = 0 ] && command -v mpirun >/dev/null; then prefix=(mpirun --oversubscribe -np 2); fi
  "${prefix[@]}" "${sweep[@]}" --threads $((RANDOM % 3 + 1)) --out "$out" --resume >"$work/out" 2>"$work/err" &
  launcher=$!
  pids=("$launcher")
  at=any
  if [ $((runs % 4)) = 0 ]; then
    at=merging
    until compgen -G "$out/timings.jsonl*" >/dev/null || ! kill -0 "$launcher" 2>/dev/null; do :; done
  else
    sleep "$(printf '0.%03d' $((RANDOM % 900 * whole / 2000 % 1000)))"
  fi
  [ ${#prefix[@]} = 0 ] || mapfile -t -O 1 pids < <(pgrep -P "$launcher" || true)
  kill -9 "${pids[@]}" 2>/dev/null || true
  status=0
  wait "$launcher" 2>/dev/null || status=$?
  launcher=''
  [ ! -d "$out" ] || flock "$out" true  # until the ranks are gone, too
  case $status in
    137)
      hits=$((hits + 1))
      [ $at = any ] || merging=$((merging + 1))
      [ ${#prefix[@]} = 0 ] || under_mpi=$((under_mpi + 1))
      ;;
    0)
      completed=$((completed + 1))
      compare "$out"
      folder=$((folder + 1))
      out=$work/B$folder
      ;;
    *)
      cat "$work/err" >&2
      fail "status $status"
      ;;
  esac
done
"${sweep[@]}" --out "$out" --resume >/dev/null
compare "$out"
echo "$hits kills, $merging of them while merging, $under_mpi under mpirun; $completed runs ended before"
