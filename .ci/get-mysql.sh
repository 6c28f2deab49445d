#!/usr/bin/env bash
# get-mysql.sh DIR: MySQL 9.7 from Debian's sid in a folder, with all libraries it needs; nothing is installed (44 MB).
set -euo pipefail
mkdir -p "$1"
dir=$(cd "$1" && pwd)
mkdir -p "$dir"/{apt/lists/partial,apt/cache/archives/partial,apt/etc,debs,root}
sed '/^$/q' /etc/apt/sources.list.d/debian.sources | sed 's/^Suites:.*/Suites: sid/;s/^Components:.*/Components: main/' >"$dir/apt/etc/sid.sources"
cat >"$dir/apt/apt.conf" <<C
Dir::Etc::sourcelist "/dev/null"; Dir::Etc::sourceparts "$dir/apt/etc";
Dir::State::lists "$dir/apt/lists"; Dir::Cache "$dir/apt/cache"; APT::Sandbox::User "$(id -un)";
C
export APT_CONFIG="$dir/apt/apt.conf"
apt-get update -qq
(cd "$dir/debs" && apt-get download -qq mysql-server-core libc6/sid libstdc++6/sid libgcc-s1/sid libssl3t64/sid libcurl4t64/sid \
  libicu78/sid libprotobuf32t64/sid libprotobuf-lite32t64/sid libaio1t64/sid libfido2-1/sid libgoogle-perftools4t64/sid \
  libtcmalloc-minimal4t64/sid liblz4-1/sid libmecab2/sid libnuma1/sid libtirpc3t64/sid libzstd1/sid zlib1g/sid libunwind8/sid liblzma5/sid libxxhash0/sid)
for deb in "$dir"/debs/*.deb; do dpkg -x "$deb" "$dir/root"; done
libraries="$dir/root/usr/lib/x86_64-linux-gnu"
cat >"$dir/mysqld" <<C
#!/bin/sh
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$dir/root/usr/sbin/mysqld" --no-defaults \\
  --user=\$(id -un) --basedir="$dir/root/usr" --lc-messages-dir="$dir/root/usr/share/mysql" --secure-file-priv= --mysqlx=0 "\$@"
C
chmod +x "$dir/mysqld"
"$dir/mysqld" --version >&2
rm -rf "$dir/debs" "$dir/apt"
