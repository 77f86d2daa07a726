# plant.awk: plants an edit of a table in libvirt's source or the judge's, and prints the changed source. The tables are
# fuzz/eval/mutants.tsv and bench/controls/*.tsv.
#
#     awk -v id=gic-or -f scripts/plant.awk fuzz/eval/mutants.tsv qemu_capabilities.c
#
# An edit names a function, a piece of its text, and which occurrence is replaced: "2/3" is the second of three. A piece
# that begins or ends with a letter matches whole words only. If the number of occurrences differs, the edit was made for
# another version of the source and is refused.
BEGIN { FS = "\t" }

function refuse(text) {
    print "plant: " id ": " text > "/dev/stderr"
    status = 1
    exit 1
}

# Returns the position of the piece in LINE at or after FROM, or 0.
function piece_at(line, from,    at, before, after) {
    while ((at = index(substr(line, from), piece)) > 0) {
        at += from - 1
        before = at > 1 ? substr(line, at - 1, 1) : ""
        after = substr(line, at + length(piece), 1)
        if (!(piece ~ /^[A-Za-z0-9_]/ && before ~ /[A-Za-z0-9_]/) && !(piece ~ /[A-Za-z0-9_]$/ && after ~ /[A-Za-z0-9_]/))
            return at
        from = at + 1
    }
    return 0
}

FNR == NR {
    if ($1 == id) {
        name = $2
        piece = $3
        split($4, which, "/")
        instead = $5
    }
    next
}

FNR == 1 && !name { refuse("unknown edit") }

{ line = $0 }

# Definitions begin with the name, because the return type has a line of its own, or with the type; so do declarations,
# which end with ";". Calls are indented.
line ~ "^([A-Za-z_].*[ *])?" name "\\(" { inside = 1 }
inside && /;$/ && !body { inside = 0 }
/^{/ && inside { body = 1 }
/^}/ { inside = body = 0 }

body {
    for (at = 1; (at = piece_at(line, at)) > 0; at += length(piece)) {
        if (++count == which[1]) {
            line = substr(line, 1, at - 1) instead substr(line, at + length(piece))
            at += length(instead) - length(piece)
        }
    }
}

{ print line }

END {
    if (status)
        exit status
    if (count != which[2])
        refuse("\"" piece "\" occurs " count + 0 " times in " name ", expected " which[2])
}
