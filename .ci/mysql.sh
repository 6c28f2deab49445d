#!/usr/bin/env bash
# mysql.sh start DIR: a MySQL of our own in DIR on a free port; prints its URL.
# mysql.sh stop DIR:  stops it and removes DIR.
# The server comes from need.sh mysql; nothing of it is installed on the machine.
set -euo pipefail
what=$1 dir=$2
. "$(dirname "$0")/mysql-like.sh"
mysqld=${XDG_CACHE_HOME:-$HOME/.cache}/lakegate/mysql/mysqld

case $what in
  start)
    mkdir -p "$dir"
    "$mysqld" --initialize-insecure --datadir="$dir/data" >"$dir.log" 2>&1 || { cat "$dir.log" >&2; exit 1; }
    serve "$dir" "$mysqld" --gtid-mode=ON --enforce-gtid-consistency=ON
    ;;
  stop) end "$dir" ;;
  *)
    echo "mysql.sh start|stop DIR" >&2
    exit 2
    ;;
esac
