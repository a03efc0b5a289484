# SPDX-License-Identifier: GPL-2.0-or-later
#
# What stands in /run/fslmc-vfio is root's own and of this boot, or it is not believed.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start tiny; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c 'cd /run && { [ ! -e genuine ] || { rm -rf fslmc-vfio && mv genuine fslmc-vfio; }; }
		fslmc-vfio recover; fslmc-vfio unbind dprc.2; echo >/sys/bus/fsl-mc/devices/dprc.2/driver_override' >/dev/null
}

# refuses_instead COMMAND: with what that makes in the place of /run/fslmc-vfio, nothing is changed and nothing written.
refuses_instead() {
	local verb
	board_exec sh -c 'fslmc-vfio bind -n dprc.2 && fslmc-vfio unbind -n dprc.2 && cd /run && mv fslmc-vfio genuine' >/dev/null
	board_exec sh -ec "cd /run && mkdir -p elsewhere/journal elsewhere/bound && chmod 700 elsewhere elsewhere/* && $1"
	board_exec sh -c 'cd /run && find fslmc-vfio elsewhere -printf "%p %y %m %U %T@ %l\n" 2>/dev/null | sort' >"$BATS_TEST_TMPDIR/records"
	for verb in bind unbind; do
		same_state fslmc-vfio "$verb" dprc.2
		[ "$status" -eq 4 ]
		[[ $stderr == *"/run/fslmc-vfio is not a directory of root's alone"* ]]
	done
	board_exec sh -c 'cd /run && find fslmc-vfio elsewhere -printf "%p %y %m %U %T@ %l\n" 2>/dev/null | sort' | diff "$BATS_TEST_TMPDIR/records" -
	# Whoever only looks does so, and believes nothing of it.
	board fslmc-vfio list
	[ "$status" -eq 0 ]
	board_exec sh -c 'cd /run && rm -rf elsewhere fslmc-vfio && mv genuine fslmc-vfio'
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
}

@test "a link in its place is not followed" { refuses_instead 'ln -s elsewhere fslmc-vfio'; }
@test "a directory of somebody else's is not used" { refuses_instead 'mv elsewhere fslmc-vfio && chown operator fslmc-vfio'; }
@test "a directory that others can write is not used" { refuses_instead 'mv elsewhere fslmc-vfio && chmod 777 fslmc-vfio'; }
@test "a directory that others can read is not used" { refuses_instead 'mv elsewhere fslmc-vfio && chmod 750 fslmc-vfio'; }
@test "a file in its place is not used" { refuses_instead 'rm -r elsewhere && touch fslmc-vfio && chmod 600 fslmc-vfio'; }
@test "a link in place of the journals is not followed" { refuses_instead 'mkdir -m 700 fslmc-vfio && ln -s ../elsewhere/journal fslmc-vfio/journal'; }
@test "records of what was bound that are somebody else's are not used" { refuses_instead 'mv elsewhere fslmc-vfio && chown operator fslmc-vfio/bound'; }

# another_boot FILE: as if it had survived one.
another_boot() {
	board_exec sh -ec 'grep -q boot_id "$1" && sed -i "s/\(\"boot_id\": *\"\)[^\"]*/\100000000-0000-4000-8000-000000000000/" "$1"
		! grep -q "$(cat /proc/sys/kernel/random/boot_id)" "$1"' sh "/run/fslmc-vfio/$1"
}

@test "a journal of an earlier boot is discarded, and nothing undone" {
	killed_while_writing bind dprc.2 >/dev/null
	board_exec cp -p /run/fslmc-vfio/journal/dprc.2.json /run/kept
	board_exec fslmc-vfio recover >/dev/null
	# What an undo would take for a change of its own.
	board_exec sh -c 'mv /run/kept /run/fslmc-vfio/journal/dprc.2.json
		echo vfio-fsl-mc >/sys/bus/fsl-mc/devices/dprc.2/driver_override'
	another_boot journal/dprc.2.json
	same_state fslmc-vfio recover -n -r
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$stderr" = "fslmc-vfio: dprc.2: warning: its journal is of an earlier boot; removed" ]
	has_no_journal
}

@test "a record of what was bound in an earlier boot is no record" {
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dprc.2 >drivers/fsl_mc_dprc/unbind && echo stale >devices/dprc.2/driver_override'
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	another_boot bound/dprc.2.json
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: original driver not recorded; binding to fsl_mc_dprc"* ]]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = "(null)" ]
}

# damaged FILE: with standard input as that record, unbind changes nothing and keeps it.
damaged() {
	put_record bound/dprc.2.json
	board_exec cat /run/fslmc-vfio/bound/dprc.2.json >"$BATS_TEST_TMPDIR/damaged"
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 4 ]
	[[ $stderr == *"/run/fslmc-vfio/bound/dprc.2.json, is damaged"* ]]
	board_exec cat /run/fslmc-vfio/bound/dprc.2.json | cmp "$BATS_TEST_TMPDIR/damaged"
}

@test "a record is what was written, or it is damaged" {
	local record filter
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	record=$(board_exec cat /run/fslmc-vfio/bound/dprc.2.json)
	state_dump >"$BATS_TEST_TMPDIR/before"
	for filter in '.format = 4' 'del(.format)' '.format = "3"' 'del(.boot_id)' 'del(.objects)' 'del(.losses)' '.losses = ["../x"]' \
		'.change.before.driver = "../x"' '.change.before.driver = ".."' '.change.before.driver = ""' '.change.before = null' \
		'.change.before.driver = 1' 'del(.change.icid)' '.overrides = {"dpbp.77": "x"}' '.overrides = []'; do
		jq "$filter" <<<"$record" | damaged
	done
	printf '%s\n# that was it\n' "$record" | damaged
	printf '%s\n{}\n' "$record" | damaged
	printf '%s /* is it? */ }\n' "${record%\}}" | damaged
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	printf '%s\n' "$record" | put_record bound/dprc.2.json
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a large record is read as a small one" {
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	board_exec cat /run/fslmc-vfio/bound/dprc.2.json | jq '.padding = "x" * 2000000' | put_record bound/dprc.2.json
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a journal that says nothing, or that a newer version wrote, stops every change, and stays" {
	local text
	for text in '{}' '{"format": 99, "boot_id": "x", "changes": [{"name": "dprc.2"}]}'; do
		put_record journal/dprc.2.json <<<"$text"
		for verb in "bind dprc.2" "unbind dprc.2"; do
			# shellcheck disable=SC2086 # a verb and its DPRC
			same_state fslmc-vfio $verb
			[ "$status" -eq 4 ]
			[[ $stderr == *"/run/fslmc-vfio/journal/dprc.2.json, cannot be read"*"--abandon"* ]]
		done
		[ "$(board_exec cat /run/fslmc-vfio/journal/dprc.2.json)" = "$text" ]
	done
	board fslmc-vfio recover
	[ "$status" -eq 8 ]
	board_exec rm /run/fslmc-vfio/journal/dprc.2.json
}

@test "what an earlier bind found is on record until it is back, though another bind fails" {
	needs_virtual_board
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo stale >devices/dprc.2/driver_override && fslmc-vfio bind dprc.2 >/dev/null &&
		echo dprc.2 >drivers/vfio-fsl-mc/unbind'
	firmware '{"do":"fail","command":"get_obj","status":"busy","from":"dprc.2"}'
	board fslmc-vfio bind dprc.2
	[ "$(faults_hit)" -eq 1 ]
	[ "$status" -eq 1 ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = stale ]
}

@test "unbind does not take a DPRC from the host by a record of the past" {
	board_exec sh -c 'cd /sys/bus/fsl-mc && echo dprc.2 >drivers/fsl_mc_dprc/unbind && fslmc-vfio bind dprc.2 >/dev/null &&
		echo dprc.2 >drivers/vfio-fsl-mc/unbind && echo >devices/dprc.2/driver_override &&
		echo dprc.2 >drivers/fsl_mc_dprc/bind && echo vfio-fsl-mc >devices/dprc.2/driver_override'
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
	[ "$(override_of dprc.2)" = "(null)" ]
}

# The root goes, and takes the devices of all DPRCs with it; what comes with it again are others.
@test "records of devices that are no more go" {
	needs_virtual_board
	renew() {
		board_exec sh -c 'cd /sys/bus/fsl-mc/drivers/fsl_mc_dprc && echo dprc.1 >unbind && echo dprc.1 >bind
			until [ -e dprc.2 ]; do sleep 0.1; done'
	}
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	renew
	same_state fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ -z "$(board_exec ls /run/fslmc-vfio/bound)" ]
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	renew
	same_state fslmc-vfio recover -n
	[ "$status" -eq 0 ]
	[[ $stderr == *"dprc.2: warning: the record of what bind found is of a device that is no more; removed"* ]]
	[ -z "$(board_exec ls /run/fslmc-vfio/bound)" ]
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
}
