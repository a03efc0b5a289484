# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is bound is what was checked: a DPRC that became another one in between is left alone.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start tiny; }
teardown_file() { board_stop; }

setup() {
	board_needed
	needs_virtual_board
	firmware '{"do":"create","parent":1,"id":9,"icid":9,"label":"mine","plugged":true}'
	firmware '{"do":"add","container":9,"type":"dpbp","id":90}'
	rescan
}

teardown() {
	[[ -z ${BOARD_MISSING:-} ]] || return 0
	faults_hit >/dev/null
	board_exec sh -c "fslmc-vfio recover; fslmc-vfio unbind dprc.9" >/dev/null || true
	firmware '{"do":"destroy","object":"dprc.9"}' || true
	rescan
}

rescan() { board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan'; }

# get_obj of dprc.9 is sent when it is looked at in the root's list, of its one object, and of itself again: after=2.
refused_as_another() {
	[ "$status" -eq 1 ]
	[ "$stderr" = "fslmc-vfio: dprc.9: it is not the DPRC it was when it was looked at; nothing was written" ]
	has_no_journal
	[ "$(driver_of dprc.9)" = fsl_mc_dprc ]
	[ "$(override_of dprc.9)" = "(null)" ]
	[ "$(board_exec cat /sys/bus/fsl-mc/autorescan)" = 1 ]
}

@test "one that is still what it was is bound, though the MC takes its time" {
	after=2 meanwhile get_obj dprc.9 '{"do":"state"}' -- fslmc-vfio bind dprc.9
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.9)" = vfio-fsl-mc ]
}

@test "one with another label is left alone" {
	after=2 meanwhile get_obj dprc.9 '{"do":"label","object":"dprc.9","label":"yours"}' -- fslmc-vfio bind dprc.9
	refused_as_another
}

@test "one of the same number with another ICID is left alone" {
	after=2 meanwhile get_obj dprc.9 '{"do":"destroy","object":"dprc.9"}' \
		'{"do":"create","parent":1,"id":9,"icid":10,"label":"mine","plugged":true}' -- fslmc-vfio bind dprc.9
	refused_as_another
}

@test "one that is gone is left alone" {
	after=2 meanwhile get_obj dprc.9 '{"do":"destroy","object":"dprc.9"}' -- fslmc-vfio bind dprc.9
	refused_as_another
	firmware '{"do":"create","parent":1,"id":9,"icid":9}'
}

# The MC is asked for it again by its place, and the tool looks for it from the end.
@test "one in the middle of its parent's list is found there" {
	firmware '{"do":"add","container":1,"type":"dpbp","id":91}'
	firmware '{"do":"add","container":1,"type":"dpbp","id":92}'
	after=2 meanwhile get_obj dprc.9 '{"do":"label","object":"dprc.9","label":"yours"}' -- fslmc-vfio bind dprc.9
	refused_as_another
	board fslmc-vfio bind dprc.9
	[ "$status" -eq 0 ]
	[ "$(board_exec cat /run/fslmc-vfio/bound/dprc.9.json | jq .change.icid)" -eq 9 ]
	firmware '{"do":"destroy","object":"dpbp.91"}'
	firmware '{"do":"destroy","object":"dpbp.92"}'
}

# The MC says the same of both, but Linux has made a new device for the second.
@test "one that was made anew, equal in all, is left alone" {
	# Stopped where it blocks its signals, after two children whose start took two calls each: it has looked, and not yet
	# looked again.
	board_exec sh -c 'rm -f /tmp/trace; strace -o /tmp/trace -e trace=rt_sigprocmask -e inject=rt_sigprocmask:signal=STOP:when=5 \
			fslmc-vfio bind dprc.9 >/dev/null 2>/tmp/said </dev/null & strace=$!
		until grep -qs "stopped by SIGSTOP" /tmp/trace; do
			kill -0 "$strace" || exit 1
			sleep 0.05
		done'
	firmware '{"do":"destroy","object":"dprc.9"}'
	rescan
	firmware '{"do":"create","parent":1,"id":9,"icid":9,"label":"mine","plugged":true}'
	rescan
	board sh -c 'pkill -CONT -x fslmc-vfio || exit 2; while pgrep -x fslmc-vfio; do sleep 0.1; done >/dev/null; cat /tmp/said >&2; exit 1'
	refused_as_another
}
