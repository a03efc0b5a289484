#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# create and destroy on a board as it leaves the shop: what is made, and that the MC is as it was when it is gone,
# whatever failed or was killed in between.
#
# Of the faults and kills a sample is tried; FSLMC_VFIO_EVERY=N tries every Nth, FSLMC_VFIO_FAULTS=kind all faults of the
# first and the last command of each kind.  Each container takes two MC portals for good, so that a board is good for some
# 190 of them: run one test at a time (bats -f), and kills of destroy with N of 2 or more.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/mc_state

# As shipped, it has portals for a hundred containers; here, for two hundred at most.
setup_file() {
	[[ -z ${FSLMC_VFIO_EVERY:-}${FSLMC_VFIO_FAULTS:-} ]] || { board_start_with 400; return; }
	board_start lx2160a-rdb-shipped --cpus 2
}
teardown_file() { board_stop; }
teardown() { no_containers; }

# Nothing is in flight, nothing is recorded that is not there, and the bus hears of changes.
is_clean() {
	board_exec sh -c '! ls /run/fslmc-vfio/journal/*.json /run/fslmc-vfio/created/*.json 2>/dev/null
		[ "$(cat /sys/bus/fsl-mc/autorescan)" = 1 ]'
}

fast=(fslmc-vfio create --label=fast --for=dpdk --lcores=2 --port=dpmac.3 --port=dpmac.2)

@test "a container is made, checked, bound, unbound and destroyed, and the MC is as it was" {
	needs_virtual_board
	remember
	board "${fast[@]}" -n -r
	[ "$status" -eq 0 ]
	[ "$output" = "dprc.2 fast 8" ]
	board fslmc-vfio check --for=dpdk --lcores=2 -n -r -o SEVERITY dprc.2
	[ "$status" -eq 0 ]
	[[ $output != *refuse* && $output != *warn* ]]
	board fslmc-vfio list --ports -n -r -o PORT,CONTAINER
	[[ $output == *"dpmac.2 dprc.2"* && $output == *"dpmac.3 dprc.2"* ]]
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: bound to vfio-fsl-mc; run 'fslmc-vfio unbind dprc.2' first"* ]]
	board fslmc-vfio unbind dprc.2
	board fslmc-vfio destroy --dry-run dprc.2
	[ "$status" -eq 0 ]
	[[ $output == *"connect dpmac.2 to dpni.1"* ]]
	[[ $stderr == *"dprc.2: up to 2 MC portals, its own and those of its DPMCPs, stay taken until the board boots"* ]]
	board fslmc-vfio destroy -J LABEL=fast
	[ "$status" -eq 0 ]
	[ "$(jq -c '.dprcs[0] | [.name, .label, .object_count]' <<<"$output")" = '["dprc.2","fast",8]' ]
	as_before
	is_clean
}

@test "one rescan, and at most four commands to the MC for each object" {
	needs_virtual_board
	board_exec strace -f -y -o /tmp/trace -e trace=ioctl,write fslmc-vfio create --label=big --for=dpdk --lcores=16 \
		--port=dpmac.3 --port=dpmac.4 --add=dpcon:70 --add=dpbp:10 >/dev/null
	board sh -c 'grep -c "write(.*/bus/fsl-mc/rescan>" /tmp/trace; grep -c FSL_MC_SEND_MC_COMMAND /tmp/trace
		fslmc-vfio list --objects -n -r -o NAME dprc.2 | wc -l'
	echo "# rescans: ${lines[0]}, commands: ${lines[1]}, objects: ${lines[2]}" >&3
	[ "${lines[0]}" -eq 1 ]
	[ "${lines[1]}" -le $((4 * lines[2])) ]
}

@test "an address is set after the connection, which would overwrite it" {
	needs_virtual_board
	board fslmc-vfio create --label=fast --for=dpdk --port=dpmac.3,mac=02:00:00:00:00:05
	[ "$status" -eq 0 ]
	[ "$(firmware '{"do":"log","since":0}' | jq -c '[.log[] | select(.status == "ok") | .command |
		select(. == "connect" or . == "set_prim_mac")][-2:]')" = '["connect","set_prim_mac"]' ]
}

@test "what was made in the root for an interface of the host is destroyed with the container" {
	needs_virtual_board
	remember
	board sh -c 'name=$(fslmc-vfio create --label=exception --for=dpdk --port=kernel -n -r -o NAME) &&
		fslmc-vfio list --objects -n -r -o NAME,LABEL dprc.1 | grep -c " exception$"; echo "$name"'
	[ "${lines[0]}" -ge 4 ]
	[ "${lines[1]}" = dprc.2 ]
	board fslmc-vfio check --for=dpdk -n -r -o SEVERITY dprc.2
	[ "$status" -eq 0 ]
	[[ $output != *refuse* && $output != *warn* ]]
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 0 ]
	as_before
	is_clean
}

@test "all that are named are checked before the first is destroyed; what create did not make needs --foreign" {
	needs_virtual_board
	board "${fast[@]}"
	firmware '{"do":"create","parent":1,"id":9,"label":"other","icid":60}'
	firmware '{"do":"add","container":1,"type":"dpbp","id":40,"plugged":false}'
	firmware '{"do":"assign","object":"dpbp.40","container":9}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	remember
	board fslmc-vfio destroy dprc.2 dprc.9 dprc.1
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.9: there is no record that 'fslmc-vfio create' made it"*"--foreign"* ]]
	[[ $stderr == *"dprc.1: Linux manages the MC through the root DPRC; it is never destroyed"* ]]
	as_before
	board fslmc-vfio destroy --foreign dprc.9 dprc.2 -n -r -o NAME,ORPHANS
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "dprc.9 dpbp.40" ]
	[[ $stderr == *"dpbp.40: warning: created elsewhere, so it went to dprc.1, unplugged"* ]]
	firmware '{"do":"destroy","object":"dpbp.40"}'
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'
	is_clean
}

@test "an object in it that create did not make is named, and needs --foreign; so is a DPRC in it never destroyed" {
	needs_virtual_board
	board "${fast[@]}"
	firmware '{"do":"add","container":2,"type":"dpbp","id":41}'
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: 'fslmc-vfio create' did not make what is in it: dpbp.41; --foreign"* ]]
	firmware '{"do":"create","parent":2,"id":9,"icid":60}'
	board fslmc-vfio destroy --foreign dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"dprc.2: dprc.9 is in it; destroy that one first"* ]]
	firmware '{"do":"destroy","object":"dprc.9"}'
}

@test "an object for which nothing is left is named, with the pools that it takes, and all is undone" {
	needs_virtual_board
	remember
	firmware_fails create no_resource "" 3
	board "${fast[@]}"
	[ "$status" -eq 1 ]
	[ "$(faults_hit)" -eq 1 ]
	[[ $stderr == *"fast: cannot create dpio 2 of 4: the MC has no resource left"*"swp has 48 left"* ]]
	as_before
	is_clean
}

# settled STATUS GOAL WHAT: after a run that was disturbed, and recover where it says so, all is as before, or the container
# is there and can be destroyed.  One that succeeded has reached its goal.
settled() {
	local found=gone compare=as_before
	[[ $3 != 'open '*' never' ]] || compare=as_before_but_tokens
	n_tried=$((n_tried + 1))
	if [[ $1 -gt 6 ]]; then
		board fslmc-vfio recover --wait 20
		# Killed between the making of an object in the root and its label: it may be somebody else's.
		if [[ $status -eq 8 && $stderr =~ (dp[a-z]+\.[0-9]+):\ created\ in\ dprc\.1\ while ]]; then
			firmware "{\"do\":\"destroy\",\"object\":\"${BASH_REMATCH[1]}\"}" >/dev/null
			board fslmc-vfio recover
		fi
		n_recovered=$((n_recovered + 1))
	fi
	if board_exec fslmc-vfio list dprc.2 >/dev/null 2>&1; then
		found=there n_made=$((n_made + 1))
		board_exec fslmc-vfio destroy dprc.2 >/dev/null
	fi
	if [[ $1 -eq 0 && $found != "$2" ]] || ! "$compare" || ! is_clean; then
		echo "$3: exit $1, $found: $stderr"
		return 1
	fi
}

# faults_of COMMAND.  Of what Linux asks for every object when it looks at the bus, it awaits each answer for 15 s.
faults_of() {
	printf '%s\n' busy no_resource config_err late
	[[ $1 == get_obj ]] || printf 'never\n'
}

# faults_in FILE N|kind: "command ordinal fault", of the commands in FILE.
faults_in() {
	local command ordinal fault
	while read -r command ordinal; do
		for fault in $(faults_of "$command"); do
			printf '%s\n' "$command $ordinal $fault"
		done
	done <"$1" | if [[ $2 == kind ]]; then
		awk '{ kind[NR] = $1; at[NR] = $2; line[NR] = $0; last[$1] = $2 }
			END { for (i = 1; i <= NR; i++) if (!at[i] || at[i] == last[kind[i]]) print line[i] }'
	else
		awk -v every="$2" 'NR % every == 0'
	fi
}

@test "a command to the MC that fails in a create, in any way: it is made all the same, or all is undone" {
	needs_virtual_board
	local n_tried=0 n_made=0 n_recovered=0 n_hits=0 command ordinal fault commands=$BATS_TEST_TMPDIR/commands
	remember
	commands_of "${fast[@]}" >"$commands"
	board_exec fslmc-vfio destroy dprc.2 >/dev/null
	while read -r command ordinal fault <&9; do
		disturb "$fault" "$command" "$ordinal"
		board "${fast[@]}"
		n_hits=$((n_hits + $(faults_hit)))
		settled "$status" there "$command $ordinal $fault"
	done 9< <(faults_in "$commands" "${FSLMC_VFIO_FAULTS:-${FSLMC_VFIO_EVERY:-301}}")
	echo "# create: $n_tried faults in $(wc -l <"$commands") commands, $n_hits hit, $n_made made all the same, $n_recovered by recover" >&3
	((n_hits && n_made))
}

@test "a command to the MC that fails in a destroy, in any way, does not keep it from completing" {
	needs_virtual_board
	local n_tried=0 n_made=0 n_recovered=0 n_hits=0 command ordinal fault commands=$BATS_TEST_TMPDIR/commands
	remember
	board_exec "${fast[@]}" >/dev/null
	commands_of fslmc-vfio destroy dprc.2 >"$commands"
	while read -r command ordinal fault <&9; do
		board_exec "${fast[@]}" >/dev/null
		disturb "$fault" "$command" "$ordinal"
		board fslmc-vfio destroy dprc.2
		n_hits=$((n_hits + $(faults_hit)))
		settled "$status" gone "$command $ordinal $fault"
	done 9< <(faults_in "$commands" "${FSLMC_VFIO_FAULTS:-${FSLMC_VFIO_EVERY:-701}}")
	echo "# destroy: $n_tried faults in $(wc -l <"$commands") commands, $n_hits hit, $n_made destroyed at the second try, $n_recovered by recover" >&3
	((n_hits))
}

@test "a scan that fails because the MC is busy, of which the kernel says nothing, is repeated" {
	needs_virtual_board
	local scan
	# When it scans, Linux counts the objects of dprc.1 and then asks for each.
	scan_in() { awk '$1 == "get_obj_count" { at = $2 } $1 == "get_obj" { last = at } END { print last }'; }
	scan=$(commands_of "${fast[@]}" | scan_in)
	board_exec fslmc-vfio destroy dprc.2 >/dev/null
	firmware_fails get_obj_count busy "" "$scan"
	board "${fast[@]}" -n -r -o NAME
	[ "$status:$output" = 0:dprc.2 ]
	[ "$(faults_hit)" -eq 1 ]
	scan=$(commands_of fslmc-vfio destroy dprc.2 | scan_in)
	board_exec "${fast[@]}" >/dev/null
	firmware_fails get_obj_count busy "" "$scan"
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 0 ]
	[ "$(faults_hit)" -eq 1 ]
	[ "$(board_exec fslmc-vfio list -n -r -o NAME)" = dprc.1 ]
}

@test "plugged objects go too where the firmware does not take them along" {
	needs_virtual_board
	remember
	board_exec "${fast[@]}" >/dev/null
	firmware_fails destroy_container invalid_state
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 0 ]
	[ "$(faults_hit)" -eq 1 ]
	firmware '{"do":"log","since":0}' | jq -e '[.log[] | .command] | contains(["assign"])' >/dev/null
	as_before
}

@test "a signal while Linux looks for what was made destroys that again" {
	remember
	board_exec sh -c 'strace -f -o /dev/null -P "$(realpath /sys/bus/fsl-mc)/rescan" -P /sys/bus/fsl-mc/rescan \
			-e trace=write -e inject=write:delay_enter=6000000 \
			env --default-signal=TERM "$@" >/tmp/made 2>/tmp/said </dev/null & traced=$!
		until [ "$(cat /sys/bus/fsl-mc/autorescan)" = 0 ]; do sleep 0.05; done
		sleep 4; pkill -TERM -o -x fslmc-vfio
		wait "$traced"; echo "$?"; cat /tmp/made' sh "${fast[@]}" >"$BATS_TEST_TMPDIR/ended"
	[ "$(cat "$BATS_TEST_TMPDIR/ended")" = 1 ]
	[[ $(board_exec cat /tmp/said) == *"fast: stopped by SIGTERM"* ]]
	as_before
	is_clean
}

@test "a create that is killed leaves nothing or all, when recover is through" {
	needs_virtual_board
	local total at n_tried=0 n_made=0 n_recovered=0 both=("${fast[@]}" --port=kernel)
	remember
	total=$(calls_of "${both[@]}")
	board_exec fslmc-vfio destroy dprc.2 >/dev/null
	# A quarter of them only look.
	for ((at = total; at > total / 4; at -= ${FSLMC_VFIO_EVERY:-18})); do
		killed_at "$at" "${both[@]}"
		settled 137 - "killed at $at"
	done
	echo "# create: killed at $n_tried of $total calls, $n_made complete, the rest undone" >&3
}

@test "a command that is never answered is unknown: all is undone once the MC answers again" {
	needs_virtual_board
	remember
	firmware '{"do":"mute","command":"create","after":3}'
	board "${fast[@]}"
	firmware '{"do":"clear"}' >/dev/null
	[ "$status" -eq 1 ]
	[[ $stderr == *"MC status timeout"* ]]
	as_before
	is_clean
}

@test "a destroy that is killed is completed by recover" {
	needs_virtual_board
	local total at n_tried=0 n_made=0 n_recovered=0
	remember
	board_exec "${fast[@]}" >/dev/null
	total=$(calls_of fslmc-vfio destroy dprc.2)
	for ((at = total; at > total / 4; at -= ${FSLMC_VFIO_EVERY:-20})); do
		board_exec "${fast[@]}" >/dev/null
		killed_at "$at" fslmc-vfio destroy dprc.2
		settled 137 - "killed at $at"
	done
	echo "# destroy: killed at $n_tried of $total calls, $n_made not begun, the rest gone" >&3
	((n_made < n_tried))
}

@test "while one is unfinished, another is refused, and others are warned; it can be left as it is" {
	needs_virtual_board
	local total
	total=$(calls_of "${fast[@]}")
	board_exec fslmc-vfio destroy dprc.2 >/dev/null
	killed_at $((total - 30)) "${fast[@]}"
	sleep 1
	board fslmc-vfio create --label=other --for=dpdk
	[ "$status" -eq 4 ]
	[[ $stderr == *"fast: an earlier change was interrupted; run 'fslmc-vfio recover' first"* ]]
	board fslmc-vfio list
	[[ $stderr == *"fast: warning: an earlier change was interrupted"* ]]
	board fslmc-vfio recover -J
	[ "$status" -eq 0 ]
	[ "$(jq -c '.dprcs[0] | [.state, .label]' <<<"$output")" = '["original","fast"]' ]
	killed_at $((total - 30)) "${fast[@]}"
	sleep 1
	board fslmc-vfio recover --abandon=fast
	[ "$status" -eq 0 ]
	[[ $stderr == *"fast: warning: left as it is"* ]]
}

@test "without CAP_NET_ADMIN nothing is begun" {
	needs_virtual_board
	remember
	board_exec "${fast[@]}" >/dev/null
	board setpriv --bounding-set=-net_admin --inh-caps=-net_admin fslmc-vfio destroy dprc.2
	[ "$status" -eq 6 ]
	[[ $stderr == *"CAP_NET_ADMIN is missing"* ]]
	board fslmc-vfio destroy dprc.2
	[ "$status" -eq 0 ]
	as_before
}
