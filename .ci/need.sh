#!/usr/bin/env bash
# need.sh NAME…: makes sure that what a make target needs is on this machine.
# Installs by package name where that is allowed, else names the command. Silent when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lakegate

has() { command -v "$1" >/dev/null 2>&1; }
say() { echo "need: $*" >&2; }
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; } # at_least HAVE WANTED

# apt WHY PACKAGE…: installs Debian packages, or says how.
apt() {
  local why=$1 command="apt-get install -y --no-install-recommends ${*:2}" root=""
  shift
  if [ "$(id -u)" != 0 ]; then
    if ! has sudo || ! sudo -n true 2>/dev/null; then
      say "missing: $* ($why). Install it: sudo $command"
      return 1
    fi
    root="sudo -n"
  fi
  has apt-get || { say "missing: $* ($why). This is no Debian; install its equivalent"; return 1; }
  say "installing $* ($why)"
  export DEBIAN_FRONTEND=noninteractive
  # The lists may be old: their files are then gone from the mirror.
  { $root apt-get update -qq && $root $command -qq >/dev/null; } || { say "cannot install $*; try: $command"; return 1; }
}

need_rust() {
  has rustc && has cargo || { say "missing: Rust 1.95 or newer. Install it with rustup: rustup toolchain install stable"; return 1; }
  local have
  have=$(rustc --version | cut -d' ' -f2)
  at_least "$have" 1.95 || { say "Rust $have is too old, 1.95 is needed. Update it: rustup update stable"; return 1; }
}
need_cc() { has cc || apt "a C compiler for SQLite, zstd and ring" build-essential; }
need_openssl() { # with its headers the build is minutes shorter; without them OpenSSL is compiled, which needs perl
  has pkg-config && pkg-config --exists openssl || has perl || apt "to compile OpenSSL" perl
}
need_xz() { has xz || apt "to unpack the sources of the standard library" xz-utils; }
need_node() {
  has node && has npm || { say "missing: Node 20 or newer (browser tests). Install it: apt-get install nodejs npm"; return 1; }
  local have
  have=$(node --version)
  at_least "${have#v}" 20 || { say "Node $have is too old, 20 is needed. Install a newer one: apt-get install nodejs npm"; return 1; }
}
need_chromium() {
  local missing=()
  [ -x /usr/bin/chromium ] || missing+=(chromium)
  [ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
  [ ${#missing[@]} = 0 ] || apt "the browser of the tests, and Chinese letters" "${missing[@]}"
}
need_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || has initdb || apt "the second database of the tests" postgresql; }
need_mariadb() { [ -x /usr/sbin/mariadbd ] && has my_print_defaults || apt "a source of the tests" mariadb-server-core mariadb-client-core; }
need_mariadb_dump() { has mariadb-dump || apt "what copies are measured beside" mariadb-client; }
need_mysql() { # of Debian's newest, in a folder of our own
  local folder=$cache/mysql
  [ -x "$folder/mysqld" ] && return
  say "MySQL into $folder (a source of the tests)"
  rm -rf "$folder" "$folder.part"
  .ci/get-mysql.sh "$folder.part" >&2 || { say "cannot get MySQL: see above"; return 1; }
  # Its folder stands in its start script.
  sed -i "s|$folder.part|$folder|g" "$folder.part/mysqld"
  mv "$folder.part" "$folder"
}
need_java() { has java || apt "Flink" default-jre-headless; }
need_maven() { has mvn || apt "to fetch Paimon and the MySQL reader" maven; }
need_stack() { # Flink with Paimon, as jars in a folder of our own
  local folder=$cache/stack want="flink 1.20.5, paimon 1.3.1, cdc 3.1.1"
  need_java
  has curl || apt "to ask Flink" curl
  [ "$(cat "$folder/versions" 2>/dev/null)" = "$want" ] && return
  need_maven
  need_pypaimon # for its pip
  say "Flink and Paimon into $folder (the real thing that the doubles stand for)"
  rm -rf "$folder" "$folder.part"
  LAKEGATE_PYTHON=$cache/python/bin/python .ci/get-stack.sh "$folder.part" || { say "cannot get Flink and Paimon: see above"; return 1; }
  echo "$want" >"$folder.part/versions"
  mv "$folder.part" "$folder"
}
need_binaryen() { need_npm; } # wasm-opt, which halves the page; Debian's is too old
need_npm() {
  need_node
  local lock=end2end/package-lock.json mark=end2end/node_modules/.lakegate
  cmp -s "$lock" "$mark" && return
  say "npm packages of the browser tests"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix end2end --no-audit --no-fund --loglevel=error >&2
  cp "$lock" "$mark"
}
need_pypaimon() { # an independent reader of what we write
  local want=2.1.0 venv=$cache/python
  [ -f "$venv/pypaimon-$want" ] && return
  has python3 || apt "an independent reader of the lake" python3 python3-venv
  say "pypaimon $want into $venv (an independent reader of the lake)"
  rm -rf "$venv"
  python3 -m venv "$venv" >/dev/null 2>&1 || { apt "an independent reader of the lake" python3-venv && python3 -m venv "$venv"; }
  "$venv/bin/pip" install --quiet --disable-pip-version-check "pypaimon==$want" >&2
  touch "$venv/pypaimon-$want"
}

for name; do "need_$name"; done
