#!/usr/bin/env bash
# Flags that change arithmetic are refused at configure, whatever variable they come in. Argument: the project's folder.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for setting in "-DCMAKE_CXX_FLAGS=-ffast-math" "-DCMAKE_CXX_FLAGS_RELEASE=-Ofast" "-DCMAKE_CXX_FLAGS=-O2 -fassociative-math" \
  "-DCMAKE_CXX_FLAGS=-mfma" "-DCMAKE_CXX_FLAGS_DEBUG=-ffp-contract=fast" "-DCMAKE_CXX_FLAGS=-funsafe-math-optimizations"; do
  if output=$(cmake -S "$1" -B "$folder" -G Ninja "$setting" 2>&1); then
    echo "accepted: $setting"
    exit 1
  fi
  grep -q "changes arithmetic" <<<"$output" || { echo "refused for another reason: $setting"; echo "$output"; exit 1; }
  rm -rf "$folder"/*
done
