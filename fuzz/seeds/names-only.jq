# Shortens the lists in a conversation further: of properties, types, commands, events and parameters only the names are kept,
# which is all that libvirt looks for in most of them. For versions of libvirt that ask with query-commands, which newer ones
# take from the schema, it adds that command.

def names: map(if type == "object" then with_entries(select(.key | IN("name", "meta-type", "capability"))) else . end);

def commands($schema): [$schema[] | select(.["meta-type"] == "command") | {name}];

foreach (inputs, null) as $line ({}; {line: $line, command: ($line.execute // .command), commands: .commands}
    | if .command == "query-qmp-schema" and (.line.return | type) == "array" then .commands = commands(.line.return) else . end; .)
| . as $state | .line
| if . == null then
    if $state.commands then {execute: "query-commands"}, {return: $state.commands} else empty end
elif (.return | type) != "array" then .
elif $state.command == "query-command-line-options" then .return |= map(.parameters |= names)
elif $state.command | IN("query-machines", "query-cpu-definitions") then .
else .return |= names end
