# Shortens a cache document: it keeps the first few machines and CPU models of each accelerator, and properties of the CPU.
BEGIN { FS = "'" }
/^  <(cpu|machine) / { dropped = ++n[$1 $2] > 4 }
/^  <hostCPU / { properties = 0 }
/^    <property / && ++properties > 12 { next }
!dropped
dropped && (/^  <.*\/>$/ || /^  <\/cpu>$/) { dropped = 0 }
