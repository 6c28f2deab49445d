# Sourced by mariadb.sh and mysql.sh: what both servers share.

. "$(dirname "$0")/port.sh"

# serve DIR COMMAND…: starts a server, waits until it listens, prints its URL.
serve() {
  local dir=$1 port i
  shift
  port=$(free_port)
  # A crash of the machine may lose the data of a test, so nothing waits for the disk.
  setsid "$@" --datadir="$dir/data" --port="$port" --bind-address=127.0.0.1 --socket="$dir/socket" \
    --pid-file="$dir/pid" --server-id=1 --max-connections=300 --max-allowed-packet=256M \
    --innodb-flush-log-at-trx-commit=0 --sync-binlog=0 \
    </dev/null >>"$dir.log" 2>&1 &
  echo $! >"$dir/started"
  for ((i = 0; i < 600; i++)); do
    if [ -s "$dir/pid" ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "mysql://root@127.0.0.1:$port"
      return
    fi
    kill -0 "$(cat "$dir/started")" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 30 "$dir.log" >&2
  return 1
}

# end DIR: stops the server and removes its folder.
end() {
  local dir=$1 pid i
  for pid in $(cat "$dir/pid" "$dir/started" 2>/dev/null); do
    kill -9 "$pid" 2>/dev/null || true
  done
  for ((i = 0; i < 50; i++)); do
    rm -rf "$dir" "$dir.log" 2>/dev/null && return
    sleep 0.1
  done
}
