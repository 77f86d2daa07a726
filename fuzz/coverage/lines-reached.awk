# lines-reached.awk: reads an lcov export of llvm-cov. For each line of code in the functions that match `functions`, in the
# file whose path ends with `file`, prints: function, line counted from its opening brace, how often it was reached, line
# in the file, number of branches (two per condition), how many of these were taken.
/^SF:/ { inside = substr($0, length($0) - length(file) + 1) == file }
!inside { next }
/^FN:/ {
    split(substr($0, 4), field, ",")
    sub(/^.*:/, "", field[2])
    name_at[field[1]] = field[2]
}
/^BRDA:/ {
    split(substr($0, 6), field, ",")
    branches[field[1]]++
    taken[field[1]] += field[4] != "-" && field[4] > 0
}
/^DA:/ {
    split(substr($0, 4), field, ",")
    line[++n] = field[1]
    count[n] = field[2]
}
END {
    for (i = 1; i <= n; i++) {
        if (line[i] in name_at) {
            name = name_at[line[i]]
            brace = line[i]
        }
        if (name ~ functions)
            print name, line[i] - brace, count[i], line[i], branches[line[i]] + 0, taken[line[i]] + 0
    }
}
