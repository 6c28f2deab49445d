#!/usr/bin/env bash
# stack.sh start DIR: a MariaDB and a Flink with Paimon of our own in DIR, on free ports; prints where they are.
# stack.sh env DIR:   prints that again.
# stack.sh stop DIR:  stops them and removes DIR.
# stack.sh kill-jobmanager|start-jobmanager DIR: as when its machine dies and comes back.
# A second start changes nothing. The jars come from need.sh stack.
set -euo pipefail
[ $# = 2 ] || { echo "stack.sh start|env|stop|kill-jobmanager|start-jobmanager DIR" >&2; exit 2; }
what=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/port.sh"
jars=${XDG_CACHE_HOME:-$HOME/.cache}/lakegate/stack
mkdir -p "$2"
dir=$(cd "$2" && pwd)

say() { echo "stack: $*" >&2; }
# ours NAME: whether the process we started by that name lives; its number may be another's by now.
ours() {
  local pid
  pid=$(cat "$dir/$1.pid" 2>/dev/null) && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$dir/"
}

# java NAME MEGABYTES MAIN ARGUMENTS…: starts one part of Flink.
java_of() {
  local name=$1 heap=$2
  shift 2
  # It lives for minutes on a shared machine: the quick compiler and the small collector.
  FLINK_CONF_DIR=$dir/conf FLINK_PLUGINS_DIR=$dir/plugins setsid java @"$dir/java.args" -Xms128m "-Xmx${heap}m" \
    -XX:MaxMetaspaceSize=512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 \
    -Dlog.file="$dir/$name.log" -Dlog4j.configurationFile="file:$dir/conf/log4j.properties" -cp "$jars/*" \
    "$@" </dev/null >>"$dir/$name.out" 2>&1 &
  echo $! >"$dir/$name.pid"
}
# wait_for NAME TEXT: until Flink's overview says so.
wait_for() {
  local i
  for ((i = 0; i < 900; i++)); do
    curl -sf -m 2 "$(cat "$dir/flink")/overview" | grep -q -- "$2" && return
    ours "$1" || break
    sleep 0.1
  done
  say "the $1 did not come up; the end of its log:"
  tail -n 15 "$dir/$1.log" "$dir/$1.out" >&2
  return 1
}
start_jobmanager() {
  ours jobmanager || java_of jobmanager 512 org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
    --configDir "$dir/conf" --executionMode cluster
  wait_for jobmanager slots-total
}
# Without Flink's scripts a TaskManager must be told every part of its memory.
start_taskmanager() {
  local part
  local told=(-D taskmanager.cpu.cores=2)
  for part in framework.heap.size=128m framework.off-heap.size=128m task.heap.size=1408m task.off-heap.size=128m \
    network.min=192m network.max=192m managed.size=128m jvm-metaspace.size=512m jvm-overhead.min=192m jvm-overhead.max=192m; do
    told+=(-D "taskmanager.memory.$part")
  done
  ours taskmanager || java_of taskmanager 1536 org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$dir/conf" "${told[@]}"
  wait_for taskmanager '"taskmanagers":1'
}
# Openings that Flink 1.20 needs in Java 17: those of its own config.yaml.
java_args() {
  printf -- '--add-exports=%s=ALL-UNNAMED\n' java.rmi/sun.rmi.registry java.security.jgss/sun.security.krb5 \
    jdk.compiler/com.sun.tools.javac.{api,file,parser,tree,util}
  printf -- '--add-opens=java.base/%s=ALL-UNNAMED\n' sun.nio.ch \
    java.{lang,net,io,nio,lang.reflect,text,time,util,util.concurrent,util.concurrent.atomic,util.concurrent.locks}
}
# What a cluster must be told so that no job is lost: see server/docs/flink.md.
configuration() {
  cat <<C
jobmanager: { bind-host: 127.0.0.1, rpc: { address: 127.0.0.1, port: $(free_port) }, memory: { process: { size: 1200m } } }
taskmanager: { bind-host: 127.0.0.1, host: 127.0.0.1, numberOfTaskSlots: 8 }
rest: { address: 127.0.0.1, bind-address: 127.0.0.1, port: $1 }
web: { upload: { dir: $dir/upload }, refresh-interval: 100 } # else what is asked of a job may be 3 s old
cluster: { intercept-user-system-exit: THROW }
io: { tmp: { dirs: $dir/tmp } }
parallelism: { default: 1 }
execution:
  checkpointing:
    interval: 5s
    mode: EXACTLY_ONCE
    dir: file://$dir/checkpoints
    savepoint-dir: file://$dir/savepoints
    externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
    num-retained: 3
C
}
logging() {
  cat <<'C'
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
appender.file.name = file
appender.file.type = File
appender.file.fileName = ${sys:log.file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c - %m%n
C
}
prepare() {
  local port
  [ -f "$dir/flink" ] && return
  mkdir -p "$dir"/{conf,plugins,tmp,upload,warehouse,savepoints,checkpoints}
  port=$(free_port)
  configuration "$port" >"$dir/conf/config.yaml"
  logging >"$dir/conf/log4j.properties"
  java_args >"$dir/java.args"
  echo "http://127.0.0.1:$port" >"$dir/flink"
}
print_env() {
  [ -f "$dir/mariadb.url" ] && [ -f "$dir/flink" ] || { say "nothing was started in $dir"; return 1; }
  cat <<C
MARIADB_URL=$(cat "$dir/mariadb.url")
FLINK_URL=$(cat "$dir/flink")
WAREHOUSE=file://$dir/warehouse
SAVEPOINTS=file://$dir/savepoints
C
}
start() {
  "$here/need.sh" mariadb stack || { say "cannot start: see above for what is missing"; return 1; }
  [ -f "$dir/mariadb.url" ] || "$here/mariadb.sh" start "$dir/mariadb" >"$dir/mariadb.part"
  [ -f "$dir/mariadb.url" ] || mv "$dir/mariadb.part" "$dir/mariadb.url"
  prepare
  start_jobmanager
  start_taskmanager
  print_env
}
end_of() {
  local i
  if ours "$1"; then kill -9 "$(cat "$dir/$1.pid")" || true; fi
  for ((i = 0; i < 100; i++)); do ours "$1" || break; sleep 0.1; done
  rm -f "$dir/$1.pid"
}

case $what in
  start) start ;;
  env) print_env ;;
  stop)
    end_of taskmanager
    end_of jobmanager
    "$here/mariadb.sh" stop "$dir/mariadb"
    rm -rf "$dir"
    ;;
  kill-jobmanager) end_of jobmanager ;;
  start-jobmanager)
    start_jobmanager
    wait_for jobmanager '"taskmanagers":1' # the TaskManager comes back by itself
    ;;
  *)
    echo "stack.sh: no such verb: $what" >&2
    exit 2
    ;;
esac
