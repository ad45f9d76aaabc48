# Sourced by proofs_check/run and tests/run: brings a Debian 12 machine to a configured build folder.
# Sets `root`. Installs what `more_packages` names, too. Silent about what is already there.

more_packages+=()
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

install_packages() {
  local missing=() package
  for package in g++ cmake ninja-build libboost-dev libboost-filesystem-dev libboost-iostreams-dev libboost-system-dev \
    libeigen3-dev libmpfi-dev libmpfr-dev libgmp-dev librandom123-dev libcli11-dev nlohmann-json3-dev libtbb-dev \
    libgnuplot-iostream-dev gnuplot-nox fonts-dejavu-core catch2 librapidcheck-dev libbenchmark-dev \
    libopenmpi-dev openmpi-bin coinor-libipopt-dev liblbfgs-dev libnlopt-dev libssl-dev graphviz libjs-katex dataset-fashion-mnist "${more_packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These Debian packages are missing, and neither root nor sudo is here to install them: ${missing[*]}" >&2
      exit 4
    fi
    as_root=(sudo)
  fi
  echo "Installing Debian packages${as_root:+ through sudo}: ${missing[*]}"
  run_apt update
  run_apt install -y --no-install-recommends "${missing[@]}"
}

# run_apt ARGUMENT ...: apt-get, as root. A machine that has just booted may be at its own updates: waits for them.
run_apt() {
  local log waited=0
  log=$(mktemp)
  until "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get "$@" >"$log" 2>&1; do
    if ! grep -Eq '(Could not get|Unable to) (acquire )?(the )?lock|is another process using it' "$log" || [ $waited -ge 600 ]; then
      tail -n 20 "$log" >&2
      rm -f "$log"
      echo "The packages could not be installed." >&2
      exit 4
    fi
    [ $waited -gt 0 ] || echo "Waiting for another program, which has apt's lock (up to 10 minutes)"
    sleep 5
    waited=$((waited + 5))
  done
  rm -f "$log"
}

# require_own FOLDER: ends in one line where this user cannot write to a build folder, or cannot make it.
require_own() {
  local path=$1
  while [ ! -e "$path" ]; do path=$(dirname "$path"); done
  local file
  for file in "$path" "$1/build.log" "$1/build.ninja" "$1/.ninja_log"; do
    [ -w "$file" ] || [ ! -e "$file" ] || {
      echo "$file belongs to $(stat -c %U "$file"), and $(id -un) cannot write to it: build in a copy of the sources of your own" >&2
      exit 4
    }
  done
}

# build_target FOLDER PRESET TARGET [CMAKE OPTION ...]: configures FOLDER once, by .ci/PRESET.cmake, and builds; shows the
# output only if it fails.
build_target() {
  local build=$1 preset=$2 target=$3 log
  shift 3
  require_own "$build"
  mkdir -p "$build"
  log=$build/build.log
  if ! { { [ -f "$build/build.ninja" ] && [ $# -eq 0 ]; } || cmake -C "$root/.ci/$preset.cmake" -S "$root" -B "$build" -G Ninja "$@"; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 4
  fi
  if ninja -C "$build" -n "$target" | grep -q 'no work to do'; then return 0; fi
  echo "Building in ${build#"$PWD"/} (from nothing: some 4 to 7 minutes on 2 cores)"
  if [ -t 1 ]; then
    ninja -C "$build" "$target" || exit 4
  elif ! ninja -C "$build" "$target" >"$log" 2>&1; then
    cat "$log" >&2
    exit 4
  fi
}

install_packages
