# Prints the tables of docs/matrix.md from build/matrix.json. To be run by scripts/matrix.

def column: "libvirt \(.libvirt // "?"), QEMU \(.emulator // "?")\(if .target == "embed" then "" else ", " + .target end)";
# A column in a few words.
def short: "\(.libvirt // "?")\(if .target == "embed" then "" else ", " + .target end)";
def cell: if .from == "page" then "*\(.outcome)*" else .outcome end;
def escaped: gsub("\\|"; "\\|") | gsub("[\\x00-\\x1f]"; " ");
def row: "| \(join(" | ")) |";

.columns as $columns |
(["defect", "kind"] + ($columns | map(column)) | row),
(["---", "---"] + ($columns | map("---")) | row),
(.rows[] | ["[\(.id)](../corpus/bugs/\(.id)/about.md)", .kind] + (.cells | map(cell)) | row),
(["time taken", ""] + ($columns | map("\(.seconds | round) s")) | row),
"",
"Carried out \(if .root then "as root" else "as an ordinary user" end), on these trees: \($columns | map("`\(.tree)`") | unique | join(", ")).",
($columns[] | select(.build) | "\(.target): libvirt is from the build `\(.build)`."),
"",
"## Reasons",
"",
"| defect | column | cell | reason |",
"|---|---|---|---|",
(.rows[] | .id as $id | .cells | to_entries[] | select(.value.reason) |
    [$id, ($columns[.key] | short), .value.outcome, (.value.reason | escaped)] | row),
"",
"## The same as JSON",
"",
"`build/matrix.json` is one object:",
"",
"| member | meaning |",
"|---|---|",
(["`format`, `version`", "`capprobe-matrix`, 1"],
 ["`root`", "whether it was run as root"],
 ["`columns[]`", "`tree`; `target`; `build`, the folder that libvirt is from, null if from the tree; `libvirt` and `emulator`, their versions, null if nothing could be tested; `seconds`, the sum of the cells"],
 ["`rows[]`", "`id`, `kind` and `symptom` of the defect; `cells[]`, one per column"],
 ["`cells[].from`", "`run`, or `page` if it was not run; then it has only `outcome`"],
 ["`cells[].outcome`", "the words of the table"],
 ["`cells[].reason`", "why, or null"],
 ["`cells[].seconds`", "time taken, attempts that were too slow included"],
 ["`cells[].contradiction`", "how the page contradicts this, or null"] | row)
