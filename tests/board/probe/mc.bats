#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The MC door on a board: what it costs, what it leaves behind, and what happens when the MC does not answer;
# capture and replay; monitor.

# $stderr and the like are of lib/board and bats; dollars in single quotes are for the board's shell.
# shellcheck disable=SC2154,SC2016
load ../../lib/board

setup_file() { board_start lx2160a-rdb; }
teardown_file() { board_stop; }

# Tokens that are open in the MC, the kernel's own included.
tokens() { firmware '{"do":"state"}' | jq -c '[.. | .tokens? // empty | .[] | .token] | sort'; }

# How many commands the MC has served.
served() { firmware '{"do":"counts"}' | jq .total; }

@test "list of DPRCs sends the MC no command unless a column asks" {
	needs_virtual_board
	before=$(served)
	board fslmc-vfio list
	[ "$status" -eq 0 ]
	board fslmc-vfio list --tree
	[ "$status" -eq 0 ]
	[ "$(served)" -eq "$before" ]
}

@test "what the MC knows of the DPRCs is the same in text and in JSON" {
	board fslmc-vfio list -n -r -o NAME,ICID,OPTIONS,LABEL
	[ "$status" -eq 0 ]
	of_dprcs=$output
	board fslmc-vfio list --json
	[ "$(jq -r '.dprcs[] | "\(.name) \(.icid) \(.options | join(",")) \((.label // "?") | gsub(" "; "\\x20"))"' <<<"$output")" = "$of_dprcs" ]
}

@test "list --json costs a command per object, one more per endpoint, three per port, two per pool, at most six per DPRC" {
	needs_virtual_board
	before=$(served)
	board fslmc-vfio list --json
	[ "$status" -eq 0 ]
	cost=$(($(served) - before))
	objects=$(jq '[.objects[] | select(.type != "dprc" or .container != "")] | length' <<<"$output")
	endpoints=$(jq '[.objects[] | select(.type | test("^(dpni|dpmac|dpsw|dpdmux|dpci)$"))] | length' <<<"$output")
	dprcs=$(jq '.dprcs | length' <<<"$output")
	[ "$objects" -gt 200 ]
	[ "$cost" -ge "$objects" ]
	ports=$(jq '.ports | length' <<<"$output") pools=$(jq '.pools | length' <<<"$output")
	[ "$cost" -le $((objects + endpoints + 6 * dprcs + 3 * ports + 2 * pools + 1)) ]
}

@test "no token stays open, whatever ends the program" {
	needs_virtual_board
	before=$(tokens)
	opened() { firmware '{"do":"counts"}' | jq .counts.open; }
	opened_before=$(opened)
	# Slow enough to be in the middle of it, once it has opened anything.
	firmware '{"do":"delay","command":"get_obj","ms":100,"times":0}'
	for signal in KILL TERM HUP INT; do
		opened_once=$(opened)
		# A shell has SIGINT ignored in the background.
		board_exec bash -c 'setsid env --default-signal=INT fslmc-vfio list --json >/dev/null 2>&1 </dev/null & echo "$!"' >"$BATS_TEST_TMPDIR/pid"
		for _ in {1..600}; do
			(($(opened) == opened_once)) || break
			sleep 0.1
		done
		board_exec bash -c 'kill -s "$1" "$2"; while [ -e "/proc/$2" ]; do sleep 0.1; done' _ "$signal" "$(<"$BATS_TEST_TMPDIR/pid")"
		for _ in {1..50}; do
			[ "$(tokens)" = "$before" ] && break
			sleep 0.2
		done
		[ "$(tokens)" = "$before" ]
	done
	firmware '{"do":"clear"}'
	[ "$(opened)" -ge $((opened_before + 4)) ]
}

@test "a DPRC the MC does not tell about is unknown, said once with the MC's word" {
	needs_virtual_board
	firmware '{"do":"fail","command":"get_attributes","status":"no_privilege","object":"dprc.3"}'
	board fslmc-vfio list --json
	firmware '{"do":"clear"}'
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dprcs[] | .icid != null]' <<<"$output")" = '[true,true,false]' ]
	[ "$(jq -r '.messages[].message' <<<"$output")" = "cannot query the MC about it: MC status no_privilege" ]
}

@test "an object that the MC does not tell makes its DPRC's list incomplete, not wrong" {
	needs_virtual_board
	# Whoever asks for less is told as well.
	firmware '{"do":"fail","command":"get_obj","status":"busy","object":"dprc.3","times":0}'
	board fslmc-vfio list -n -r -o NAME,ICID dprc.3
	firmware '{"do":"clear"}'
	[ "$output" = "dprc.3 ?" ]
	[[ $stderr == *"the MC did not tell all of its objects"* ]]
	firmware '{"do":"fail","command":"get_obj","status":"busy","object":"dpio.50","times":0}'
	board fslmc-vfio list --json
	firmware '{"do":"clear"}'
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dprcs[] | .mc_object_count]' <<<"$output")" = '[98,151,null]' ]
	[ "$(jq -c '.objects[] | select(.name == "dpio.50") | [.mc_container, .irq_count]' <<<"$output")" = '[null,null]' ]
	[[ $(jq -r '.messages[].message' <<<"$output") == "the MC did not tell all of its objects"* ]]
}

@test "an ordinary user gets what sysfs says, and is told what is missing" {
	board_as_operator fslmc-vfio list --json
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.mc_firmware, (.dprcs | length)]' <<<"$output")" = '[null,3]' ]
	[[ $stderr == *"no permission to open it"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "a second program holding the node does not matter while a DPMCP is free" {
	board bash -c 'exec 3</dev/dprc.1; fslmc-vfio list --output icid --noheadings'
	[ "$status" -eq 0 ]
	[[ $output != *"?"* ]]
}

@test "who has the last DPMCP for a moment is waited for" {
	board sh -c 'for i in $(seq 60); do sleep 1 </dev/dprc.1 & done 2>/dev/null; fslmc-vfio list --output icid --noheadings'
	[ "$status" -eq 0 ]
	[[ $output != *"?"* ]]
	[ -z "$stderr" ]
}

@test "who holds a group is named" {
	needs_virtual_board
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 0 ]
	board bash -c 'exec 3<>/dev/vfio/$(basename "$(readlink /sys/bus/fsl-mc/devices/dprc.3/iommu_group)"); echo $$; fslmc-vfio show dprc.3 --json; true'
	[ "$status" -eq 0 ]
	pid=${lines[0]}
	json=$(tail -n +2 <<<"$output")
	keep_json "show dprc.3 --json" "$json"
	[ "$(jq --argjson pid "$pid" '[.holders[] | select(.pid == $pid)][0] | [.command, .is_sure]' -c <<<"$json")" = '["bash",true]' ]
	[ "$(jq --argjson pid "$pid" '.dprc.holder_pids | index($pid) != null' <<<"$json")" = true ]
	board fslmc-vfio unbind dprc.3
	[ "$status" -eq 0 ]
}

listens='# The groups that a socket of the process listens to are in the fourth column; waits for it.
listens() {
	local socket
	for socket in $(ls -l "/proc/$1/fd" 2>/dev/null | sed -n "s/.*socket:.\([0-9]*\).*/\1/p"); do
		awk -v socket="$socket" "\$NF == socket && \$4 != \"00000000\" { found = 1 } END { exit !found }" \
			/proc/net/netlink && return
	done
	return 1
}
'

# What a DPRC that goes and comes back makes of it: itself and its 19 objects, each way.
@test "monitor writes a line per change and ends cleanly on a signal" {
	needs_virtual_board
	board bash -c "$listens"'
		fslmc-vfio monitor --json </dev/null >/tmp/events 2>/tmp/errors &
		until listens "$!"; do kill -0 "$!" || exit 1; sleep 0.1; done
		echo dprc.3 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind
		echo dprc.3 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind
		for i in $(seq 100); do ! grep "\"name\": \"dprc.3\"" /tmp/events | grep -q "\"bound\"" || break; sleep 0.1; done
		kill "$!"; wait "$!"; echo "$?" >&2; cat /tmp/events'
	[ "$stderr" = 0 ]
	[ "$(jq -rs '[.[] | select(.name == "dprc.3") | .event + ":" + (.driver // "?")] | join(" ")' <<<"$output")" = \
		"unbound: bound:fsl_mc_dprc" ]
	[ "$(jq -rs '[.[] | select(.event == "vanished")] | length' <<<"$output")" -eq 19 ]
	[ "$(jq -rs '[.[] | select(.event == "appeared" and .container == "dprc.3")] | length' <<<"$output")" -eq 19 ]
}

@test "monitor ends at a signal also while its reader has paused" {
	board bash -c "$listens"'
		mkfifo /tmp/paused && exec 7<>/tmp/paused
		timeout 1 dd if=/dev/zero of=/tmp/paused bs=4096 2>/dev/null
		for until in "" --until=vanished; do
			timeout -k 5 60 fslmc-vfio monitor --initial $until </dev/null >/tmp/paused & timed=$!
			until pid=$(pgrep -x fslmc-vfio) && listens "$pid"; do sleep 0.1; done
			sleep 2; kill "$timed"; wait "$timed"; echo "$?"
		done; rm /tmp/paused'
	[ "$output" = $'0\n1' ] || { echo "$output"; return 1; }
	[ "$stderr" = "fslmc-vfio: a signal ended it before the event 'vanished'" ]
}

@test "monitor begins with what is there, keeps to what is named, and ends with an event" {
	board fslmc-vfio monitor --initial --until=appeared dprc.3 -o EVENT,NAME,CONTAINER
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -gt 2 ] || { echo "$output"; return 1; }
	[ "$(cut -d' ' -f1 <<<"$output" | sort -u)" = present ]
	[[ ${lines[-1]} =~ ^present\ +dprc.3\ +dprc.1$ ]]
	board fslmc-vfio monitor LABEL=nobody
	[ "$status" -eq 3 ]
	needs_virtual_board
	board bash -c "$listens"'
		fslmc-vfio monitor --until=bound -o EVENT,NAME LABEL=vpp </dev/null >/tmp/events 2>/tmp/errors &
		until listens "$!"; do kill -0 "$!" || exit 1; sleep 0.1; done
		echo dprc.2 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind
		echo dprc.2 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind
		echo dprc.3 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind
		echo dprc.3 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind
		wait "$!"; echo "$?"; cat /tmp/errors >&2; sed -n "1p;\$p" /tmp/events | tr -s " "; grep -c dprc.2 /tmp/events'
	[ -z "$stderr" ]
	[ "${lines[0]}" = 0 ]
	[[ ${lines[2]} =~ ^bound\ dprc.3 ]] || { echo "$output"; return 1; }
	[ "${lines[3]}" = 0 ]
	board bash -c "$listens"'
		fslmc-vfio monitor --until=bound dprc.7 </dev/null &
		until listens "$!"; do kill -0 "$!" || exit 1; sleep 0.1; done
		kill "$!"; wait "$!"'
	[ "$status" -eq 1 ]
	[[ $stderr == *"a signal ended it before the event 'bound'"* ]]
}
