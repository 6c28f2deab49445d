#!/usr/bin/env bash
# get-stack.sh DIR: the jars of Flink, Paimon and the MySQL reader, by package name and version, into DIR (314 MB).
# Reads LAKEGATE_PYTHON, a python with pip. Flink's start scripts are in no registry; stack.sh does without.
set -euo pipefail
dir=$1
say() { echo "stack: $*" >&2; }
mkdir -p "$dir/flink"

say "Flink 1.20.5 (apache-flink-libraries of PyPI)"
"$LAKEGATE_PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$dir/flink" apache-flink-libraries==1.20.5 >&2 ||
  { say "PyPI does not give apache-flink-libraries 1.20.5"; exit 1; }
tar xzf "$dir"/flink/apache*1.20.5.tar.gz -C "$dir/flink" --wildcards '*/deps/lib/*.jar'
mv "$dir"/flink/*/deps/lib/*.jar "$dir"
rm -rf "$dir/flink"

for artifact in org.apache.paimon:paimon-flink-1.20:1.3.1 org.apache.flink:flink-sql-connector-mysql-cdc:3.1.1 \
  mysql:mysql-connector-java:8.0.27 org.apache.flink:flink-shaded-hadoop-2-uber:2.8.3-10.0; do
  say "$artifact (Maven)"
  mvn --quiet --batch-mode dependency:copy -Dartifact="$artifact" -DoutputDirectory="$dir" -Dmdep.useBaseVersion=true >&2 ||
    { say "Maven does not give $artifact"; exit 1; }
done
