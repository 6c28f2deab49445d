#!/usr/bin/env bash
# page-size.sh FOLDER: what a browser loads of a released page, as brotli; fails above the limit.
# Of the words it loads one language; English is the longer one.
set -euo pipefail
limit=$((350 * 1024))
[ -x end2end/node_modules/.bin/wasm-opt ] ||
  { echo "page size: wasm-opt is missing, so the size means nothing. Install it: npm ci --prefix end2end" >&2; exit 1; }
sum=0
for file in "$1"/assets/*.wasm.br "$1"/assets/*.js.br "$1"/assets/*.css.br "$1"/assets/words-en-*.br; do
  bytes=$(stat --format=%s "$file")
  sum=$((sum + bytes))
  printf 'page size: %7d bytes  %s\n' "$bytes" "${file##*/}"
done
printf 'page size: %7d bytes of brotli, limit %d\n' "$sum" "$limit"
[ "$sum" -le "$limit" ]
