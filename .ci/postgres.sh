#!/usr/bin/env bash
# postgres.sh start DIR: a PostgreSQL of our own in DIR on a free port; prints its URL.
# postgres.sh stop DIR:  stops it and removes DIR.
# Never root: PostgreSQL refuses that, so root lends it to the user postgres.
set -euo pipefail
what=$1 dir=$2
. "$(dirname "$0")/port.sh"

bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
as_owner() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

case $what in
  start)
    mkdir -p "$dir"
    chmod 700 "$dir"
    if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; fi
    as_owner "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir.log"
    port=$(free_port)
    # A crash of the machine may lose the data of a test, so nothing waits for the disk.
    options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
    as_owner "$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/server.log" --options="$options" --wait --silent start >>"$dir.log"
    echo "postgres://postgres@127.0.0.1:$port/postgres"
    ;;
  stop)
    as_owner "$bin/pg_ctl" --pgdata="$dir/data" --mode=immediate --silent stop || true
    rm -rf "$dir" "$dir.log"
    ;;
  *)
    echo "postgres.sh start|stop DIR" >&2
    exit 2
    ;;
esac
