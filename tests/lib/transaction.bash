# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What tests of transactions share, after board.bash.  Dollars in single quotes are for the board's shell:
# shellcheck disable=SC2016

# same_state COMMAND...: as board, and the bus is as it was before, to the last attribute.
same_state() {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board "$@"
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

# put_record FILE: standard input, in its place.  It is read to its end first: of a session that begins while another one
# ends, Dropbear before 2024.86 may lose the exit status.
put_record() {
	local record
	record=$(cat)
	board_exec sh -c 'cd /run/fslmc-vfio && umask 077 && cat >new && mv new "$1"' sh "$1" <<<"$record"
}

has_no_journal() { board_exec sh -c '! ls /run/fslmc-vfio/journal/*.json 2>/dev/null'; }

# accesses_before_writing VERB DPRC...: a child is waited for after each access to an attribute that may block.  Of each
# DPRC two are read, and by a bind those of the objects inside, 64 at a time.
accesses_before_writing() {
	board_exec sh -c 'verb=$1; shift
		n=$((2 * $#))
		[ "$verb" != bind ] || for dprc; do
			n=$((n + ($(find "/sys/bus/fsl-mc/devices/$dprc/" -mindepth 2 -name driver_override | wc -l) + 63) / 64))
		done
		echo "$n"' sh "$@"
}

# killed_while_writing VERB DPRC...: a run that is killed when it has written the journal, autorescan and every
# override.
killed_while_writing() { killed_after_access $(($(accesses_before_writing "$@") + $#)) "$@"; }

killed_after_access() {
	board_exec sh -c 'nth=$1; shift
		strace -o /dev/null -e trace=wait4 -e inject=wait4:signal=KILL:when="$nth" \
			fslmc-vfio "$@" >/dev/null 2>&1; ls /run/fslmc-vfio/journal/*.json' sh "$@"
}

# halted VERB DPRC...: a run that has stopped before its third write ($before_write), until it may go on.  Were it the MC
# that is slow, the kernel would wait with interrupts off.  $signals is for env(1): a shell has SIGINT ignored in the
# background.
halted() {
	board_exec sh -c 'rm -f /tmp/halted.*; nth=$1 signals=$2; shift 2
		(env "$signals" strace -o /tmp/halted.trace -e trace=wait4 -e inject=wait4:signal=STOP:when="$nth" \
			fslmc-vfio "$@" 2>/tmp/halted.said; echo $? >/tmp/halted.status) >/dev/null 2>&1 </dev/null &
		until grep -qs "stopped by SIGSTOP" /tmp/halted.trace; do sleep 0.05; done' sh \
		$(($(accesses_before_writing "$@") + ${before_write:-3} - 1)) "${signals:---default-signal=INT}" "$@"
}

# goes_on: as board, of that run.
goes_on() {
	board sh -c 'pkill -CONT -x fslmc-vfio; until [ -s /tmp/halted.status ]; do sleep 0.05; done
		cat /tmp/halted.said >&2; exit "$(cat /tmp/halted.status)"'
}

# goes_on_soon: while another command waits for it.
goes_on_soon() { board_exec sh -c '(sleep 1; pkill -CONT -x fslmc-vfio) >/dev/null 2>&1 </dev/null &'; }

# meanwhile MC_COMMAND DPRC REQUEST... -- COMMAND...: as board, and the firmware gets the requests when COMMAND has looked at
# that DPRC and is about to look again, the last thing before it writes: when it has sent MC_COMMAND $after times (1).
meanwhile() {
	local requests=() mc_command=$1 dprc=$2
	shift 2
	while [[ $1 != -- ]]; do
		requests+=("$1")
		shift
	done
	firmware "{\"do\":\"mute\",\"command\":\"$mc_command\",\"object\":\"$dprc\",\"from\":\"dprc.1\",\"after\":${after:-1}}"
	change_meanwhile "${requests[@]}" >"$BATS_TEST_TMPDIR/meanwhile" 2>&1 3>&- &
	board "${@:2}"
	wait "$!" || { cat "$BATS_TEST_TMPDIR/meanwhile"; return 1; }
}

change_meanwhile() {
	local end=$((SECONDS + 60)) request
	until [[ $(firmware '{"do":"state"}' | jq -c .held) != '[]' ]]; do
		((SECONDS < end)) || return 1
		sleep 0.05
	done
	for request; do
		firmware "$request" || return 1
	done
	firmware '{"do":"unmute"}'
}

# hold_node_of DPRC: a process that has its node open and does nothing with it; prints its process id.
hold_node_of() {
	board_exec sh -c 'rm -f /run/holder
		setsid sh -c "exec 9<>$1; echo \$\$ >/run/holder; exec sleep 3600" >/dev/null 2>&1 </dev/null &
		until [ -s /run/holder ]; do sleep 0.05; done; cat /run/holder' sh "$(node_of "$1")"
}

let_go() { board_exec sh -c 'kill -CONT "$1"; kill -KILL "$1"; while [ -e "/proc/$1" ]; do sleep 0.05; done' sh "$1"; }
