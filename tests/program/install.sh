#!/bin/sh
# cmake --install into a directory of its own: install.sh CMAKE BUILD. Everything is there, and what was
# made of the table of verbs names every verb and every option that help names.
cmake=$1 build=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
    echo "FAILED: $*"
    failed=1
}

DESTDIR=$tmp "$cmake" --install "$build" --prefix /usr >"$tmp/log" 2>&1 || {
    cat "$tmp/log"
    exit 1
}
program=$tmp/usr/bin/perfscale
share=$tmp/usr/share
manual=$(find "$share/man" -name 'perfscale.1*')
bash=$share/bash-completion/completions/perfscale
zsh=$share/zsh/vendor-completions/_perfscale
fish=$share/fish/vendor_completions.d/perfscale.fish
for file in "$program" "$manual" "$bash" "$zsh" "$fish" "$share/doc/perfscale/README.md" \
    "$share/perfscale/rules/metric-validation.md"; do
    [ -s "$file" ] || fail "$file is not there"
done
[ -z "$(find "$tmp/usr" -perm /022)" ] || fail "others could write: $(find "$tmp/usr" -perm /022)"

# The page, and without the escapes of roff.
plain=$tmp/plain page=$tmp/perfscale.1
case $manual in
*.gz) gzip -dc "$manual" >"$page" ;;
*) cp "$manual" "$page" ;;
esac
sed 's/\\-/-/g; s/\\f[BIR]//g' "$page" >"$plain"

names() {
    grep -qF -e "$2" "$1" || fail "$(basename "$1") does not name $3"
}

verbs=$("$program" --help | sed -n 's/^  perfscale \([a-z][a-z-]*\) .*/\1/p' | grep -v '^help$')
[ "$(echo "$verbs" | wc -l)" -ge 20 ] || fail "help names few verbs: $verbs"
for verb in $verbs; do
    names "$plain" ".SS perfscale $verb" "$verb"
    names "$bash" "    $verb)" "$verb"
    names "$zsh" "'$verb:" "$verb"
    names "$fish" " -a $verb -d" "$verb"
    for option in $("$program" help "$verb" | sed -n 's/^  \(--[a-z0-9-]*\).*/\1/p'); do
        # within the part of this verb
        sed -n "/^\.SS perfscale $verb\( \|\$\)/,/^\.S[SH] /p" "$plain" | grep -qx -e "$option.*" ||
            fail "the man page has no $option of $verb"
        sed -n "/^    $verb)\$/,/;;\$/p" "$bash" | grep -q -e " ${option}[ ']" ||
            fail "bash has no $option of $verb"
        sed -n "/^    $verb)\$/,/;;\$/p" "$zsh" | grep -q -e "'${option}[=[]" ||
            fail "zsh has no $option of $verb"
        grep -qF -e "'__perfscale_in \"$verb\"' -l ${option#--} " "$fish" ||
            fail "fish has no $option of $verb"
    done
done

# What roff complains about, where there is something to ask.
if command -v groff >/dev/null; then
    words=$(groff -man -ww -Tutf8 -Z "$page" 2>&1 >/dev/null | head -n 5)
    [ -z "$words" ] || fail "groff: $words"
else
    echo "SKIPPED: groff is not installed"
fi
if command -v mandoc >/dev/null; then
    words=$(mandoc -T lint -W warning "$page" | head -n 5)
    [ -z "$words" ] || fail "mandoc: $words"
else
    echo "SKIPPED: mandoc is not installed"
fi
exit $failed
