#!/usr/bin/env bash
# mariadb.sh start DIR: a MariaDB of our own in DIR on a free port; prints its URL.
# mariadb.sh stop DIR:  stops it and removes DIR.
set -euo pipefail
what=$1 dir=$2
. "$(dirname "$0")/mysql-like.sh"
PATH=$PATH:/usr/sbin

case $what in
  start)
    mkdir -p "$dir"
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$dir/data" --auth-root-authentication-method=normal \
      --skip-test-db >"$dir.log" 2>&1 || { cat "$dir.log" >&2; exit 1; }
    serve "$dir" mariadbd --no-defaults --user="$(id -un)" --binlog-format=ROW --binlog-row-image=FULL \
      --log-bin="$dir/data/binlog" --character-set-server=utf8mb4 --default-time-zone=+08:00
    ;;
  stop) end "$dir" ;;
  *)
    echo "mariadb.sh start|stop DIR" >&2
    exit 2
    ;;
esac
