#!/bin/sh
# Installs the binary of a release of tilde for this machine, after comparing its SHA-256
# with that of the release.
#
#     sh install.sh                       the newest release, into ~/.local/bin
#     sh install.sh --version 0.1.0 --to /usr/local/bin
#
# TILDE_RELEASES is where releases are, if not at GitHub; an address as curl takes it.
set -eu

releases=${TILDE_RELEASES:-https://github.com/OWNER/tilde/releases}
version=latest
folder=${HOME:-}/.local/bin

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

usage() {
    sed -n 's/^# \{0,1\}//p' "$0" | sed -n '2,8p'
}

while [ $# -gt 0 ]; do
    case $1 in
    --version) version=${2:?--version needs a version} ; shift 2 ;;
    --to) folder=${2:?--to needs a folder} ; shift 2 ;;
    --help | -h) usage ; exit 0 ;;
    *) fail "what is $1? try --help" ;;
    esac
done

case $(uname -s) in
Linux) system=linux ;;
Darwin) system=macos ;;
*) fail "there is no binary for $(uname -s); cargo can build one: cargo install --path crates/cli" ;;
esac
case $(uname -m) in
x86_64 | amd64) machine=x86_64 ;;
aarch64 | arm64) machine=aarch64 ;;
*) fail "there is no binary for $(uname -m); cargo can build one: cargo install --path crates/cli" ;;
esac
# The static one, which needs no library of this machine.
name=tilde-$system-$machine
[ "$system" = linux ] && name=$name-musl

if [ "$version" = latest ]; then
    from=$releases/latest/download
else
    from=$releases/download/v${version#v}
fi

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
trap 'exit 1' HUP INT TERM

fetch() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --output "$temporary/$1" "$from/$1"
    elif command -v wget >/dev/null; then
        wget --quiet --output-document "$temporary/$1" "$from/$1"
    else
        fail 'curl or wget is needed'
    fi || fail "cannot fetch $from/$1"
}

sum() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    elif command -v shasum >/dev/null; then
        shasum -a 256 "$1"
    else
        fail 'sha256sum or shasum is needed'
    fi | cut -d ' ' -f 1
}

fetch SHA256SUMS
fetch "$name.tar.gz"
expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  $name\.tar\.gz\$/\1/p" "$temporary/SHA256SUMS")
[ -n "$expected" ] || fail "$from/SHA256SUMS says nothing of $name.tar.gz"
found=$(sum "$temporary/$name.tar.gz")
[ "$found" = "$expected" ] || fail "$name.tar.gz is not what the release says: SHA-256 $found, not $expected"

tar -xzf "$temporary/$name.tar.gz" -C "$temporary" tilde
"$temporary/tilde" --version >/dev/null || fail 'the binary does not run here'
mkdir -p "$folder"
# Beside its place first: whoever runs the old one goes on with it.
cp "$temporary/tilde" "$folder/.tilde.$$"
chmod 755 "$folder/.tilde.$$"
mv -f "$folder/.tilde.$$" "$folder/tilde"
echo "installed $("$folder/tilde" --version) in $folder"
case :$PATH: in
*:"$folder":*) ;;
*) echo "help: add it to the path: export PATH=\"$folder:\$PATH\"" ;;
esac
