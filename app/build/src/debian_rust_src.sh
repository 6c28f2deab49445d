# Unpacks Debian's rust-src of exactly release $1 into $2/root. Reads the machine's mirror, writes only below $2:
# a private APT configuration, so nothing is installed and root is not needed. trixie-backports keeps older releases.
set -euo pipefail
release=$1
mkdir -p "$2"
work=$(cd "$2" && pwd)
command -v apt-get >/dev/null || { echo "page: this is no Debian, rust-src cannot come from there" >&2; exit 1; }
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m1 -E '/debian/?$' || true)
[ -n "$mirror" ] || { echo "page: APT names no Debian mirror here" >&2; exit 1; }

apt=$work/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/sources"
cat >"$apt/sources/src.sources" <<SOURCES
Types: deb
URIs: $mirror
Suites: trixie-backports sid
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
CONF
export APT_CONFIG=$apt/apt.conf
apt-get update -qq
version=$(apt-cache madison rust-src | awk -v want="$release+" '!found && index($3, want) == 1 { print $3; found = 1 }')
[ -n "$version" ] || { echo "page: Debian has no rust-src $release, it has:" >&2; apt-cache madison rust-src >&2; exit 1; }
cd "$work"
apt-get download -qq "rust-src=$version"
dpkg -x rust-src_*.deb "$work/root"
