# Holds every #include of src/ to tests/layers.txt: awk -f layers.awk layers.txt SOURCE...
# A folder may include itself, core/base and what its row names; a header in <> that has a row may be
# included only by the folders of that row. Paths begin behind the last "src/".
function folder(path) { sub(/.*\/src\//, "", path); sub(/^src\//, "", path); sub(/\/?[^\/]*$/, "", path); return path }
function row_of(path) { # the longest folder of the table that holds path
    for (; path != "" && !(path in allowed); sub(/\/?[^\/]*$/, "", path)) {}
    return path
}
function bad(why) { printf "%s:%d: %s\n", FILENAME, FNR, why; faults++ }
FILENAME == ARGV[1] {
    if ($0 ~ /^#/ || NF == 0) next
    row = $1; $1 = ""
    if (row ~ /^</) fence[row] = $0 " "; else allowed[row] = $0 " core/base " row " "
    next
}
FNR == 1 { from = row_of(folder(FILENAME)); files++; if (from == "") bad("its folder has no row in layers.txt") }
/^[ \t]*#[ \t]*include[ \t]*</ {
    header = $0; sub(/^[^<]*/, "", header); sub(/>.*/, ">", header)
    if (header in fence && index(fence[header], " " from " ") == 0) bad(header " is not for " from)
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    header = $0; sub(/^[^"]*"/, "", header); sub(/".*/, "", header)
    to = header !~ /\// ? from : row_of(folder(header))
    if (to == "") to = row_of("core/" folder(header))
    if (to == "") bad("\"" header "\" belongs to no folder of layers.txt")
    else if (index(" " allowed[from], " " to " ") == 0) bad(from " may not include \"" header "\" (" to ")")
}
END {
    if (!files) { print "no source was read"; exit 1 }
    printf "%d files, %d wrong includes\n", files, faults; exit faults > 0
}
