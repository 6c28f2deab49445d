#!/usr/bin/env bash
# Every check, one stage after the other. A stage that fails does not stop those that do not need it.
# The last line is the sum over all stages; the exit code tells whether it is clean.
# Reads from the Makefile: FEATURES, LAKEGATE_PAGE_DEV, LAKEGATE_PAGE_RELEASE, LAKEGATE_BIN.
set -uo pipefail
cd "$(dirname "$0")/.."
logs=target/test
mkdir -p "$logs"
passed=0 failed=0 bad=()
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lakegate
read -ra features <<<"${FEATURES:-}"

# stage NAME COUNT COMMAND…: runs a command, adds what COUNT finds in its log; says the seconds.
stage() {
  local name=$1 count=$2 log=$logs/$1.log begun=$SECONDS result p f
  shift 2
  echo "── $name"
  "$@" 2>&1 | tee "$log"
  result=${PIPESTATUS[0]}
  read -r p f < <("count_$count" "$log" "$result")
  if [ "$result" != 0 ] && [ "$f" = 0 ]; then f=1; fi # it broke before it counted
  passed=$((passed + p)) failed=$((failed + f))
  if [ "$f" != 0 ]; then bad+=("$name"); fi
  echo "── $name: $p passed, $f failed, $((SECONDS - begun)) s"
  return "$result"
}
# Each count_… prints "passed failed".
count_one() { if [ "$2" = 0 ]; then echo "1 0"; else echo "0 1"; fi; }
count_nothing() { echo "0 0"; }
count_cargo() { awk '/^test result: /{ p += $4; f += $6 } END { print p + 0, f + 0 }' "$1"; }
count_playwright() {
  node -e '
    const { expected = 0, unexpected = 0, flaky = 0 } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).stats;
    console.log(expected, unexpected + flaky);
  ' "$logs/playwright.json" 2>/dev/null || echo "0 1"
}

start_postgres() {
  .ci/need.sh postgres || return
  postgres=$(mktemp -d /tmp/lakegate-postgres.XXXXXX)
  TEST_POSTGRES_URL=$(.ci/postgres.sh start "$postgres") && export TEST_POSTGRES_URL
}
stop_postgres() { [ -z "${postgres:-}" ] || .ci/postgres.sh stop "$postgres"; }
# start_source mariadb|mysql: a server that tables come from; it stays until the end.
sources=()
start_source() {
  local name=$1 folder url
  .ci/need.sh "$name" || return
  folder=$(mktemp -d "/tmp/lakegate-$name.XXXXXX")
  sources+=("$name $folder")
  url=$(".ci/$name.sh" start "$folder") && export "TEST_${name^^}_URL=$url"
}
stop_servers() {
  local source
  stop_postgres
  for source in "${sources[@]}"; do ".ci/${source% *}.sh" stop "${source#* }"; done
}
trap stop_servers EXIT

page() { cargo run -p page -- "$@"; }
types() { .ci/need.sh npm && (cd end2end && npx --no-install tsc --noEmit); }
browser() {
  .ci/need.sh npm chromium || return
  (cd end2end && PLAYWRIGHT_JSON_OUTPUT_NAME="../$logs/playwright.json" npx --no-install playwright test)
}

stage fmt one cargo fmt --all --check
stage types one types
stage page-dev nothing page --out "$LAKEGATE_PAGE_DEV"
page_dev=$?
# Server, rules, app and page builder apart: together they would ask for other features of the same libraries, and
# everything would be compiled once more.
server=(-p lakegate -p lake -p api -p doubles)
stage clippy one cargo clippy "${server[@]}" --all-targets "${features[@]}" -- -D warnings
stage clippy-rules one cargo clippy -p domain -p json -p json_derive --all-targets -- -D warnings
stage clippy-app one cargo clippy -p app -p view --all-targets -- -D warnings
stage clippy-page one cargo clippy -p page --all-targets -- -D warnings
stage unit cargo cargo test "${server[@]}" --lib --bins "${features[@]}"
stage unit-rules cargo cargo test -p domain -p json -p json_derive
stage unit-app cargo cargo test -p app -p view --tests
stage unit-page cargo cargo test -p page

postgres="" begun=$SECONDS
if start_postgres; then
  echo "── postgres: $TEST_POSTGRES_URL, $((SECONDS - begun)) s"
else
  echo "── postgres: cannot be started, its tests fail"
  failed=$((failed + 1)) bad+=(postgres)
fi
for source in mariadb mysql; do
  begun=$SECONDS address=TEST_${source^^}_URL
  if start_source "$source"; then
    echo "── $source: ${!address}, $((SECONDS - begun)) s"
  else
    echo "── $source: cannot be started, its tests fail"
    failed=$((failed + 1)) bad+=("$source")
  fi
done
if stage python nothing .ci/need.sh pypaimon; then export LAKEGATE_PYTHON=$cache/python/bin/python; fi
stage it cargo cargo test "${server[@]}" --test it "${features[@]}"
stop_postgres
postgres=""

.ci/need.sh binaryen
stage page-release nothing page --release --out "$LAKEGATE_PAGE_RELEASE" && stage page-size one .ci/page-size.sh "$LAKEGATE_PAGE_RELEASE"

if [ "$page_dev" = 0 ] && stage binary nothing cargo build -p lakegate "${features[@]}"; then
  rm -f "$logs/playwright.json"
  stage browser playwright browser
else
  echo "── browser: not run, there is no binary"
  failed=$((failed + 1)) bad+=(browser)
fi

if [ ${#bad[@]} != 0 ]; then echo "failed: ${bad[*]}"; fi
echo "all stages: $SECONDS s"
echo "lakegate: $passed passed, $failed failed" | tee "$logs/summary"
[ "$failed" = 0 ]
