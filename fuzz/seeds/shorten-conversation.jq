# Shortens the lists in a conversation: machines and CPU models to the first few and those that libvirt looks for, the
# properties of a CPU model to the first twelve, all other lists to the items with a name that libvirt looks for ($words).
# Of the schema it keeps the commands and events with such a name, and the types that they refer to.

INDEX($words[]; .) as $known |

def named: .name // .option // .capability // .case | tostring;
def known: map(select(type != "object" or $known[named]));

def referred: [.["arg-type", "ret-type", "element-type"], (.members, .variants | arrays | .[] | objects.type)] | map(strings);
def schema:
    map(if .members then .members |= (if (.[0] | objects | has("name")) then known else . end) else . end
        | if .variants then .variants |= known else . end)
    | INDEX(.name) as $types
    | map(select(.["meta-type"] | IN("command", "event"))) | known
    | reduce range(16) as $_ (.; . + (map(referred) | add | map($types[.])) | unique_by(.name));

foreach inputs as $line ({}; {line: $line, command: ($line.execute // .command)}; .)
| .command as $command | .line
| if (.return | type) == "array" then
    .return |= if $command == "query-machines" then .[:4] + (.[4:] | map(select(.["is-default"] or .alias)) | .[:2])
    elif $command == "query-cpu-definitions" then .[:4] + (.[4:] | map(select(.name | IN("max", "host"))))
    elif $command == "query-qmp-schema" then schema
    else known end
elif .return.model.props then
    .return.model.props |= (to_entries | .[:12] | from_entries)
else . end
