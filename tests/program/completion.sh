#!/bin/bash
# The completions in their shells: completion.sh PROGRAM. A shell that is not there is skipped.
set -u
program=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

fail() {
    printf 'FAILED: %s\n' "$*"
    failed=1
}

# has WHAT "list of words" word... : each is one of the list.
has() {
    local what=$1 list=$2 word
    shift 2
    for word in "$@"; do
        grep -qxF -e "$word" <<<"$list" || fail "$what: \"$word\" is not in: ${list//$'\n'/ }"
    done
}

# hasnt WHAT "list of words" word...
hasnt() {
    local what=$1 list=$2 word
    shift 2
    for word in "$@"; do
        ! grep -qxF -e "$word" <<<"$list" || fail "$what: \"$word\" is in it"
    done
}

is_there() {
    command -v "$1" >/dev/null && return
    printf 'SKIPPED: %s is not installed\n' "$1"
    return 1
}

# Two stored runs would need results to judge; the shells only need their list.
ln -s "$program" "$tmp/real"
cat >"$tmp/perfscale" <<'END'
#!/bin/sh
case "$*" in
*runs*--ids*) printf '14 load, ok, 2026-11-02 14:11\n13 load, over limit, 2026-11-02 11:02\n' ;;
*) exec "$(dirname "$0")/real" "$@" ;;
esac
END
chmod +x "$tmp/perfscale"
PATH=$tmp:$PATH
mkdir "$tmp/work" "$tmp/work/orders api"
touch "$tmp/work/load.csv"
cd "$tmp/work" || exit 1
verbs='demo status plan check watch replay runs show compare note settle approve request-changes
withdraw waive pin report share completion manual help'

for shell in bash zsh fish; do
    perfscale completion $shell >"$tmp/completion.$shell" || fail "completion $shell"
    if is_there $shell; then
        $shell -n "$tmp/completion.$shell" || fail "$shell does not read its completion"
    fi
done

# --- bash ---

# shellcheck source=/dev/null
. "$tmp/completion.bash"
offers_bash() {
    COMP_WORDS=(perfscale "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _perfscale
    printf '%s\n' "${COMPREPLY[@]}"
}
# shellcheck disable=SC2086 # a list of words
has 'bash, first word' "$(offers_bash '')" $verbs 'orders api'
has 'bash, begun' "$(offers_bash re)" report replay request-changes
hasnt 'bash, begun' "$(offers_bash re)" show
has 'bash, options' "$(offers_bash report --)" --format --out --dir --help
has 'bash, a choice' "$(offers_bash report 14 --format '')" md html junit json
has 'bash, a choice behind =' "$(offers_bash report 14 --format =)" md html junit json
has 'bash, begun behind =' "$(offers_bash report 14 --format = h)" html
hasnt 'bash, begun behind =' "$(offers_bash report 14 --format = h)" md
has 'bash, a run' "$(offers_bash show '')" 14 13 last ref
has 'bash, a run behind an option' "$(offers_bash show --dir . '')" 14 13
has 'bash, the second run' "$(offers_bash compare 13 '')" 14
hasnt 'bash, no third one' "$(offers_bash compare 13 14 '')" 14 last
has 'bash, files' "$(offers_bash check load.csv '')" load.csv
has 'bash, directories' "$(offers_bash check --dir '')" 'orders api'
hasnt 'bash, directories' "$(offers_bash check --dir '')" load.csv
has 'bash, an operand that is a choice' "$(offers_bash completion '')" bash zsh fish
has 'bash, help' "$(offers_bash help no)" note
has 'bash, the dashboard' "$(offers_bash --)" --theme --ascii --version
hasnt 'bash, a figure' "$(offers_bash plan --rps '')" load.csv

# --- fish ---

if is_there fish; then
    offers_fish() { fish -N -c "source $tmp/completion.fish; complete -C '$1'" | cut -f 1; }
    # shellcheck disable=SC2086 # a list of words
    has 'fish, first word' "$(offers_fish 'perfscale ')" $verbs
    has 'fish, options' "$(offers_fish 'perfscale report 14 --')" --format --out --dir --help
    hasnt 'fish, options' "$(offers_fish 'perfscale report 14 --')" --rps --version
    has 'fish, a choice' "$(offers_fish 'perfscale report 14 --format ')" md html junit json
    has 'fish, a choice behind =' "$(offers_fish 'perfscale report 14 --format=')" --format=md
    has 'fish, a run' "$(offers_fish 'perfscale show --dir . ')" 14 13 last ref
    has 'fish, the second run' "$(offers_fish 'perfscale compare 13 ')" 14
    hasnt 'fish, no third one' "$(offers_fish 'perfscale compare 13 14 ')" 14
    has 'fish, files' "$(offers_fish 'perfscale check ')" load.csv
    hasnt 'fish, a figure' "$(offers_fish 'perfscale plan --rps ')" load.csv
    has 'fish, help' "$(offers_fish 'perfscale help no')" note
fi

# --- zsh: on a terminal of its own, because its completion works nowhere else ---

if is_there zsh; then
    cat >"$tmp/ask.zsh" <<'END'
zmodload zsh/zpty
zpty z zsh -f -i
typeset all piece
until_it_says() {
    all=''
    while [[ $all != *$1* ]]; do zpty -r z piece || return; all+=$piece; done
}
zpty -w z "PS1=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w z "bindkey '^I' complete-word; LISTMAX=1000; COLUMNS=300; echo rea''dy"
until_it_says ready
shift
# A line, and a word that is waited for: keys that come too early keep zsh from listing.
for line word; do
    zpty -w -n z $line$'\t'
    all=''
    for ((i = 0; i < 200; i++)); do
        while zpty -r -t z piece; do all+=$piece; done
        [[ $all == *$word* ]] && break
        sleep 0.05
    done
    sleep 0.1
    print -r -- "==$line"
    print -r -- $all
    zpty -w -n z $'\C-a'": '"$'\C-e'"'; echo do''ne"$'\n'
    until_it_says done
    print -r -- $all
done
END
    zsh_lines=('perfscale ' waive 'perfscale report 14 --format ' junit
        'perfscale report 14 --format=h' html 'perfscale report 14 --' --out
        'perfscale show ' last 'perfscale compare 13 ' last 'perfscale req' request-changes
        'perfscale check lo' load.csv)
    mkdir "$tmp/functions"
    cp "$tmp/completion.zsh" "$tmp/functions/_perfscale"
    timeout 120 zsh -f "$tmp/ask.zsh" "$tmp/functions" "${zsh_lines[@]}" |
        sed 's/\x1b\[[0-9;?]*[A-Za-z]//g' >"$tmp/zsh-said"
    # What the line has become, and what was listed below it, as words.
    offers_zsh() { awk -v at="==$1" '/^==/ { on = $0 == at; next } on' "$tmp/zsh-said" |
        tr -s " \r'" '\n'; }
    # shellcheck disable=SC2086 # a list of words
    has 'zsh, first word' "$(offers_zsh 'perfscale ')" $verbs
    has 'zsh, a choice' "$(offers_zsh 'perfscale report 14 --format ')" md html junit json
    has 'zsh, the only one' "$(offers_zsh 'perfscale report 14 --format=h')" --format=html
    has 'zsh, options' "$(offers_zsh 'perfscale report 14 --')" --format --out --dir
    has 'zsh, a run' "$(offers_zsh 'perfscale show ')" 14 13 last ref
    has 'zsh, the second run' "$(offers_zsh 'perfscale compare 13 ')" 14 last
    has 'zsh, the only verb' "$(offers_zsh 'perfscale req')" request-changes
    has 'zsh, files' "$(offers_zsh 'perfscale check lo')" load.csv
fi
exit $failed
