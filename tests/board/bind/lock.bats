# SPDX-License-Identifier: GPL-2.0-or-later
#
# bind --lock: what software in a container can do then, and what becomes of it when the MC does not do it, or only half.
#
# shellcheck disable=SC2154,SC2016,SC2034

load ../../lib/firmware
load ../../lib/board
load ../../lib/transaction
load ../../lib/lock

# An MC that is silent keeps a CPU.
setup_file() {
	board_start small --cpus 4
	warm_up
}
teardown_file() { board_stop; }

setup() {
	board_needed
	needs_virtual_board
	dir=$BATS_TEST_TMPDIR
}

teardown() {
	[[ -z ${BOARD_NAME:-} || -n ${BOARD_MISSING:-} ]] && return
	firmware '{"do":"clear"}' >/dev/null
	board_exec sh -c 'fslmc-vfio recover; fslmc-vfio unbind dprc.2 dprc.3' >/dev/null 2>&1
}

sent() { firmware "{\"do\":\"log\",\"since\":${1:-0}}" | jq -r '.log[] | select(.command == "set_locked") | .status'; }
sequence() { firmware '{"do":"log","since":0}' | jq '.log[-1].seq // 0'; }

@test "software in a locked container can neither create nor assign; unbind unlocks it" {
	state_dump >"$dir/before"
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	software_of dpmcp.10
	try
	# What it cannot disconnect has the wrong option, TOPOLOGY_CHANGES.
	[ "$tried" = "$OK $OK $NO_PRIVILEGE" ]
	[ "$(is_locked dprc.2)" = false ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	board fslmc-vfio bind --lock -n -r -o NAME,DRIVER,LOCKED dprc.2
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 vfio-fsl-mc yes" ]
	[ "$(is_locked dprc.2)" = true ]
	try
	[ "$tried" = "$NO_PRIVILEGE $NO_PRIVILEGE $NO_PRIVILEGE" ]
	[ "$(board_exec fslmc-vfio list -n -r -o NAME,LOCKED dprc.2)" = "dprc.2 yes" ]
	[[ $(board_exec fslmc-vfio show dprc.2) == *$'\nLOCKED     yes\n'* ]]
	board fslmc-vfio probe dprc.2
	[ "$status" -eq 0 ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	[ "$(is_locked dprc.2)" = false ]
	state_dump | diff "$dir/before" -
	board_exec sh -c '! ls /run/fslmc-vfio/locked/*.json 2>/dev/null'
}

@test "rebind unlocks for its work and locks again; bind adds a lock, and is then done" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board fslmc-vfio bind --lock --dry-run dprc.2
	[ "${lines[0]}" = "dprc.2: lock it in the MC" ]
	[[ $output == *"# MC: lock dprc.2"* ]]
	[ "$(is_locked dprc.2)" = false ]
	board fslmc-vfio bind --lock -n -r -o CHANGED dprc.2
	[ "$output" = yes ]
	[ "$(is_locked dprc.2)" = true ]
	board fslmc-vfio bind --lock -n -r -o CHANGED dprc.2
	[ "$output" = no ]
	# Who does not say it again takes nothing away.
	board fslmc-vfio bind -n -r -o CHANGED,LOCKED dprc.2
	[ "$output" = "no yes" ]
	since=$(sequence)
	board fslmc-vfio rebind dprc.2
	[ "$status" -eq 0 ]
	[ "$(sent "$since")" = $'ok\nok' ]
	[ "$(is_locked dprc.2)" = true ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	[ "$(is_locked dprc.2)" = false ]
}

@test "unbind unlocks what is on record, and nothing that somebody else has locked" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	since=$(sequence)
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	[ -z "$(sent "$since")" ]
	# By hand, without us: it stays locked, and is still on record.
	board_exec sh -c 'fslmc-vfio bind --lock dprc.2; cd /sys/bus/fsl-mc && echo >devices/dprc.2/driver_override &&
		echo dprc.2 >drivers/vfio-fsl-mc/unbind && echo dprc.2 >drivers/fsl_mc_dprc/bind' >/dev/null
	[ "$(is_locked dprc.2)" = true ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(is_locked dprc.2)" = false ]
}

@test "--dry-run shows the lock last, and on the way back first; JSON too" {
	board fslmc-vfio bind --lock --dry-run -J dprc.2
	[ "$(jq -c '.writes[-2]' <<<"$output")" = '{"text":"lock dprc.2","path":"/dev/dprc.1","command":"# MC: lock dprc.2"}' ]
	board fslmc-vfio bind --lock --dry-run dprc.2
	[ "${lines[0]}" = "dprc.2: bind to vfio-fsl-mc, and lock it in the MC" ]
	[ -z "$(sent)" ] || [ "$(is_locked dprc.2)" = false ]
	board_exec fslmc-vfio bind --lock dprc.2 >/dev/null
	board fslmc-vfio unbind --dry-run -J dprc.2
	[ "$(jq -r '.writes[1].text' <<<"$output")" = "unlock dprc.2" ]
	board fslmc-vfio rebind --dry-run -J dprc.2
	[ "$(jq -r '.writes[1, -2].text' <<<"$output")" = $'unlock dprc.2\nlock dprc.2' ]
}

@test "whatever the MC answers instead, bind is undone, and nothing is lost" {
	local answer
	for answer in busy no_resource config_err no_privilege invalid_state; do
		firmware_fails set_locked "$answer" '' 0 0
		same_state fslmc-vfio bind --lock dprc.2
		[ "$status" -eq 1 ]
		[[ $stderr == *"dprc.2: cannot lock it in the MC: $answer"* ]]
		[ "${#stderr_lines[@]}" -eq 2 ]
		[ "${stderr_lines[1]}" = "fslmc-vfio: dprc.2 is as it was" ]
		[ "$(faults_hit)" -gt 0 ]
		[ "$(is_locked dprc.2)" = false ]
		has_no_journal
		board_exec sh -c '! ls /run/fslmc-vfio/*/*.json 2>/dev/null'
	done
	# Busy for a moment is no failure.
	firmware_fails set_locked busy '' 0 3
	board fslmc-vfio bind --lock dprc.2
	[ "$status" -eq 0 ]
	[ "$(is_locked dprc.2)" = true ]
	# The lock is as it was, too, where only the rest of an unbind fails.
	firmware_fails get_obj_count busy dprc.2 0 2
	board fslmc-vfio unbind dprc.2
	[ "$(faults_hit)" -gt 0 ]
	[ "$(is_locked dprc.2)" = "$([ "$status" -eq 0 ] && echo false || echo true)" ]
}

@test "an unbind that cannot unlock is none" {
	board_exec fslmc-vfio bind --lock dprc.2 >/dev/null
	firmware_fails set_locked config_err '' 0 0
	same_state fslmc-vfio unbind dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: cannot unlock it in the MC: config_err"* ]]
	firmware '{"do":"clear"}'
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(is_locked dprc.2)" = false ]
}

@test "an answer that is late is waited for, and one that never comes is taken back" {
	# Later than the 5 s that a command has which only asks (TIMEOUT_MS).
	firmware '{"do":"delay","command":"set_locked","ms":7000}'
	board fslmc-vfio bind --lock dprc.2
	[ "$status" -eq 0 ]
	[ "$(is_locked dprc.2)" = true ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	firmware '{"do":"mute","command":"set_locked"}'
	same_state fslmc-vfio bind --lock dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: cannot lock it in the MC: timeout"* ]]
	# What it kept back is not done later: the unlock came by the same portal.
	firmware '{"do":"unmute"}'
	[ "$(is_locked dprc.2)" = false ]
	has_no_journal
}

# killed_at_lock VERB OPTION...: killed while the MC has the command that locks or unlocks, which it executes later.  As in
# recovery/timeout.bats the kernel polls meanwhile on a CPU that is not the shell's.
killed_at_lock() {
	firmware '{"do":"delay","command":"set_locked","ms":8000}'
	board taskset -c 3 sh -c 'taskset -c 0-2 fslmc-vfio "$@" >/dev/null 2>&1 & pid=$!
		until ls /run/fslmc-vfio/journal/*.json && [ -e /sys/bus/fsl-mc/drivers/vfio-fsl-mc/dprc.2 ]; do sleep 0.05; done >/dev/null 2>&1
		sleep 2
		kill -KILL "$pid"
		fslmc-vfio recover >/dev/null
		echo "$?"
		while pgrep -x fslmc-vfio; do sleep 0.1; done >/dev/null' sh "$@"
	# Its command was still in the kernel: nothing may overtake it.
	[ "$output" = 7 ]
	[ "$(faults_hit)" -eq 1 ]
}

@test "a bind that was killed at the lock is completed, an unbind undone" {
	killed_at_lock bind --lock dprc.2
	board fslmc-vfio recover -n -r -o NAME,STATE
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 requested" ]
	[ "$(is_locked dprc.2)" = true ]
	killed_at_lock unbind dprc.2
	[ "$(is_locked dprc.2)" = false ]
	board fslmc-vfio recover -n -r -o NAME,STATE
	[ "$output" = "dprc.2 original" ]
	[ "$(driver_of dprc.2) $(is_locked dprc.2)" = "vfio-fsl-mc true" ]
	killed_at_lock unbind dprc.2
	board fslmc-vfio recover --abandon dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: warning: whether it is locked is not known"* ]]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	[ "$(is_locked dprc.2)" = false ]
}

@test "a bind that was killed before the lock is undone" {
	state_dump >"$dir/before"
	# The record, autorescan, the override; see accesses_before_writing.
	killed_after_access $(($(accesses_before_writing bind dprc.2) + 1)) bind --lock dprc.2
	board fslmc-vfio recover -n -r
	[[ $output == "dprc.2 original "* ]]
	[ "$(is_locked dprc.2)" = false ]
	state_dump | diff "$dir/before" -
}

@test "without CAP_NET_ADMIN it is refused before anything is done" {
	same_state setpriv --bounding-set -net_admin --inh-caps -net_admin fslmc-vfio bind --lock dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *"dprc.2: to lock it in the MC takes CAP_NET_ADMIN"* ]]
	board_exec fslmc-vfio bind --lock dprc.2 >/dev/null
	same_state setpriv --bounding-set -net_admin --inh-caps -net_admin fslmc-vfio unbind dprc.2
	[ "$status" -eq 6 ]
	board setpriv --bounding-set -net_admin --inh-caps -net_admin fslmc-vfio bind --owner operator dprc.2
	[ "$status" -eq 0 ]
}

@test "--strict wants the lock, and believes what is on record" {
	board fslmc-vfio check --strict dprc.3
	[ "$status" -eq 4 ]
	[[ $output == *"contents-changeable"*"whether it is locked is unknown"*"fslmc-vfio bind --lock"* ]]
	board fslmc-vfio check --strict --lock dprc.3
	[ "$status" -eq 0 ]
	[[ $output != *contents-changeable* ]]
	same_state fslmc-vfio bind --strict dprc.3
	[ "$status" -eq 4 ]
	board fslmc-vfio bind --strict --lock dprc.3
	[ "$status" -eq 0 ]
	board fslmc-vfio check --strict dprc.3
	[ "$status" -eq 0 ]
	# The record is root's alone.
	board_as_operator fslmc-vfio check -n -r -o CODE dprc.3
	[[ $output == *mc-unknown* ]]
	[ "$(is_locked dprc.3)" = true ]
}

@test "a definition gets its DPRC locked, also where it is strict" {
	board_exec fslmc-vfio define --strict --as lan dprc.3 >/dev/null
	same_state fslmc-vfio apply
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.3: contents-changeable: "* ]]
	board_exec fslmc-vfio define --lock --replace --as lan dprc.3 >/dev/null
	board fslmc-vfio apply -n -r -o NAME,CHANGED,LOCKED
	[ "$output" = "dprc.3 yes yes" ]
	[ "$(is_locked dprc.3)" = true ]
	board fslmc-vfio apply -n -r -o CHANGED
	[ "$output" = no ]
	board fslmc-vfio status -n -r -o STATE lan
	[ "$output" = as-defined ]
	board_exec sh -c 'fslmc-vfio unbind dprc.3; fslmc-vfio bind dprc.3' >/dev/null
	board fslmc-vfio status -n -r -o STATE lan
	[ "$status" -eq 9 ]
	[ "$output" = lock ]
	board_exec fslmc-vfio undefine lan >/dev/null
}
