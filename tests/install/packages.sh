#!/usr/bin/env bash
# The .deb and the .tar.gz are made, unpacked anywhere, and run; the .tar.gz with libraries of its own.
#   tests/install/packages.sh BUILD_FOLDER [CPACK [ROOT]]
# With ROOT, the root folder of another distribution (debootstrap) with its /proc mounted, the .tar.gz runs there as well.
set -euo pipefail
trap 'echo "line $LINENO failed: $BASH_COMMAND"' ERR
build=$(realpath "$1") cpack=${2:-cpack} root=${3:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for kind in DEB TGZ; do
  "$cpack" --config "$build/CPackConfig.cmake" -G "$kind" -B "$folder/$kind" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
done
dpkg-deb -x "$folder"/DEB/*.deb "$folder/deb"
mkdir "$folder/a folder" && tar -xzf "$folder"/TGZ/*.tar.gz -C "$folder/a folder" --strip-components=1
for program in "$folder/deb/usr/bin/benign" "$folder/a folder/bin/benign"; do
  listed=$("$program" list)
  grep -q '^lemma.growth ' <<<"$listed" || { echo "$program: does not list its checks"; exit 1; }
  run=$("$program" simulate --steps 5 --n 4 --T 3 --d 20 --json)
  grep -q train_loss <<<"$run" || { echo "$program: does not run"; exit 1; }
  layouts=$(dirname "$program")/../share/benign/layouts
  "$program" simulate --steps 2 --n 4 --d 20 --layout "$layouts/two-tokens.toml" >/dev/null || { echo "$program: no layouts"; exit 1; }
done
# All but the C library and the loader come along.
foreign=$(ldd "$folder/a folder/bin/benign" | grep '=>' | grep -v "$folder" | grep -vE 'lib(c|m|dl|rt|pthread)\.so' || true)
[ -z "$foreign" ] || { echo "libraries from elsewhere: $foreign"; exit 1; }
[ -n "$(dpkg-deb -f "$folder"/DEB/*.deb Depends)" ] || { echo "the .deb names no libraries"; exit 1; }
if [ -n "$root" ]; then
  rm -rf "$root/opt/benign" && cp -r "$folder/a folder" "$root/opt/benign"
  chroot "$root" /opt/benign/bin/benign check --n 4 --T 3 --d 20 --steps 20 --only lemma
fi
