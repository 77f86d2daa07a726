# lines-left.awk: compares the output of lines-reached.awk with the entries of unreachable.txt for `version` and `target`.
# Prints a table of functions, then the lines that are still to be reached, counted from the opening brace. Fails if a line
# was reached that is listed as unreachable, and if `complete` is true and a line is left.
#
#     awk -v version=9.0.0 -v target=caps-load -f lines-left.awk unreachable.txt lines

# Ends the current range of lines, and begins another at LINE of function NAME.
function add_left(name, line) {
    if (last)
        left = left sprintf("    %s %s\n", last, from == to ? from : from "-" to)
    last = name
    from = to = line
}

function print_row(name, lines, missed, branches, not_taken) {
    printf "%-38s %4d lines, %4d not reached; %4d branches, %4d not taken\n", name, lines, missed, branches, not_taken
}

FNR == NR {
    if ($1 == version && index("," $2 ",", "," target ",")) {
        split($4, range, "-")
        for (i = range[1]; i <= (2 in range ? range[2] : range[1]); i++)
            listed[$3, i]
    }
    next
}

!($1 in lines) { order[++functions] = $1 }

{
    lines[$1]++
    branches[$1] += $5
    not_taken[$1] += $5 - $6
}

$3 && ($1, $2) in listed { stale = stale sprintf("%s %d is listed as unreachable, but was reached\n", $1, $2) }

!$3 {
    missed[$1]++
    if (!(($1, $2) in listed)) {
        count++
        if ($1 == last && $2 == to + 1)
            to = $2
        else
            add_left($1, $2)
    }
}

END {
    if (!functions) {
        print "no function of the loader was found" > "/dev/stderr"
        exit 255
    }
    for (i = 1; i <= functions; i++) {
        name = order[i]
        print_row(name, lines[name], missed[name], branches[name], not_taken[name])
        all += lines[name]
        all_missed += missed[name]
        all_branches += branches[name]
        all_not_taken += not_taken[name]
    }
    print_row("all", all, all_missed, all_branches, all_not_taken)
    printf "%.1f %% of the lines, %.1f %% of the branches\n", 100 * (all - all_missed) / all,
        all_branches ? 100 * (all_branches - all_not_taken) / all_branches : 100
    add_left("", 0)
    printf "%d lines not reached, %d unreachable as listed, %d left\n%s", all_missed, all_missed - count, count, left
    printf "%s", stale
    if (stale || (complete && count))
        exit 1
}
