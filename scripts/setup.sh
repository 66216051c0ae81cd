# shellcheck shell=sh disable=SC2034,SC2154 # root comes from the caller, lists go to it
# Shared by run and test; read with ".". Finds what the build needs, installs what is missing with apt,
# and runs steps with one line each. Progress goes to standard error, details to a log.
set -eu

log=$root/build/log/$(basename "$0").log

say() { printf 'perfscale: %s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

# step "words" command...: the command with its output in the log, shown when it fails.
step() {
    words=$1
    shift
    begin=$(date +%s)
    printf 'perfscale: %s ... ' "$words" >&2
    printf '\n== %s: %s\n' "$words" "$*" >>"$log"
    if "$@" >>"$log" 2>&1 </dev/null; then
        printf 'done, %d s\n' $(($(date +%s) - begin)) >&2
    else
        printf 'failed\n' >&2
        tail -n 80 "$log" >&2
        stop "\"$words\" failed. The whole log is $log"
    fi
}

# Debian package | command or header that shows it is there | what it is, for other systems
build_needs='gcc|cc|a C17 compiler, gcc or clang
libc6-dev|stdio.h|headers of the C library
cmake|cmake|CMake 3.25 or newer
ninja-build|ninja|Ninja
pkg-config|pkg-config|pkg-config
npm|npm|npm, to fetch the tree-sitter grammar
libncurses-dev|ncurses.h|ncursesw, with headers
libcjson-dev|cjson/cJSON.h|cJSON, with headers
libsqlite3-dev|sqlite3.h|SQLite 3, with headers
libexpat1-dev|expat.h|expat, with headers
zlib1g-dev|zlib.h|zlib, with headers
libcurl4-openssl-dev|curl/curl.h|libcurl, with headers
libssl-dev|openssl/evp.h|libcrypto of OpenSSL, with headers
libcmark-gfm-dev|cmark-gfm.h|cmark-gfm, with headers
libcmark-gfm-extensions-dev|cmark-gfm-core-extensions.h|the extensions of cmark-gfm, with headers
libtree-sitter-dev|tree_sitter/api.h|tree-sitter (the C library), with headers'
test_needs='libcmocka-dev|cmocka.h|cmocka, with headers
libvterm-dev|vterm.h|libvterm, with headers'

is_there() {
    case $1 in
    *.h) echo "#include <$1>" | cc -E -include stdarg.h -include stddef.h -include setjmp.h \
        -include stdint.h - >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# The rows of $1 that are not there, into $missing; their packages into $packages.
find_missing() {
    missing='' packages=''
    old_ifs=$IFS
    IFS='
'
    for row in $1; do
        package=${row%%|*}
        rest=${row#*|}
        if ! is_there "${rest%%|*}"; then
            missing="$missing    ${rest#*|}
"
            packages="$packages $package"
        fi
    done
    IFS=$old_ifs
}

say_by_hand() {
    say "$1 Install these and start again:"
    printf '%s' "$missing" >&2
    exit 1
}

install_missing() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say_by_hand "This system has no apt-get."
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            stop "As root, run: apt-get install --no-install-recommends$packages"
        as_root=sudo
        sudo -v || stop "As root, run: apt-get install --no-install-recommends$packages"
    fi
    say "missing:$packages"
    step "reading the package lists" $as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of names
    step "installing with apt" $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends $packages
}

# setup "rows": everything in them is there afterwards.
setup() {
    mkdir -p "$root/build/log"
    : >"$log"
    find_missing "$1"
    [ -z "$packages" ] && return
    install_missing
    find_missing "$1"
    [ -z "$packages" ] || say_by_hand "Still missing after apt:"
}

jobs=$(nproc 2>/dev/null || echo 2)

# configure PRESET: once; later changes are seen by the build itself.
configure() {
    [ -f "$root/build/$1/build.ninja" ] || [ -f "$root/build/$1/Makefile" ] ||
        step "configuring ($1)" cmake -S "$root" --preset "$1" -G Ninja
}
