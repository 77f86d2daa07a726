# plant.awk: plants one of the defects of mutants.tsv in libvirt's source; prints the source with it.
#
#     awk -v id=gic-or -f plant.awk mutants.tsv qemu_capabilities.c
#
# An edit names a function, a piece of its text, and which of how many: "2/3" is the second of three. A piece that begins
# or ends with a letter stands for whole words. Where the source has another number of them, it is not the source that
# the edit was made for, and is refused.
BEGIN { FS = "\t" }

function refuse(text) {
    print "plant: " id ": " text > "/dev/stderr"
    status = 1
    exit 1
}

# The position of the piece in LINE from position FROM on; 0 where there is none.
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

FNR == 1 && !name { refuse("there is no such mutant") }

{ line = $0 }

# The return type stands on a line of its own, so a definition begins its line; a declaration does, too.
index(line, name "(") == 1 { inside = 1 }
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
        refuse("the source has \"" piece "\" " count + 0 " times in " name ", not " which[2] " times")
}
