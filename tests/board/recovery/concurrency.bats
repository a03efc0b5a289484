# SPDX-License-Identifier: GPL-2.0-or-later
#
# One writer at a time; signals between the writes.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start tiny; }
teardown_file() { board_stop; }
teardown() { [[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind --wait 60 dprc.2 dprc.3 dprc.4 >/dev/null; }

@test "a second writer is told at once, or waits" {
	halted bind dprc.2
	board fslmc-vfio bind dprc.3
	[ "$status" -eq 5 ]
	[[ $stderr =~ "another fslmc-vfio is running: bind of dprc.2, PID "[0-9]+", since 20"[0-9T:-]+"Z; --wait SECONDS waits for it" ]]
	[ "$(driver_of dprc.3)" = fsl_mc_dprc ]
	goes_on_soon
	board fslmc-vfio bind --wait 60 dprc.3
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
}

@test "while a change takes long, check and doctor say who is at it, and list and show that it is halfway" {
	local verb
	halted bind dprc.2
	for verb in 'check dprc.3' check doctor; do
		# shellcheck disable=SC2086 # a verb and its name
		board fslmc-vfio -J $verb
		[ "$status" -eq 5 ]
		[ "$(jq -c '[.status, (.messages | length)]' <<<"$output")" = '["busy",1]' ]
		[[ $stderr =~ "another fslmc-vfio is running: bind of dprc.2, PID "[0-9]+", since 20"[0-9T:-]+"Z; try again" ]]
	done
	# Whoever may not write may know.
	for verb in list 'show dprc.2'; do
		# shellcheck disable=SC2086
		board_as_operator fslmc-vfio -J $verb
		[ "$status" -eq 0 ]
		[ "$(jq -c '.in_progress | [.verb, .dprcs, (.pid > 1)]' <<<"$output")" = '["bind",["dprc.2"],true]' ]
		[[ $stderr == *"what is shown is halfway: a change was in progress: bind of dprc.2, PID "* ]]
	done
	goes_on
	[ "$status" -eq 0 ]
	board fslmc-vfio -J list
	[ "$(jq .in_progress <<<"$output")" = null ]
	[ -z "$stderr" ]
}

@test "a run that was killed is at work no more" {
	killed_while_writing bind dprc.2
	board fslmc-vfio check dprc.3
	[ "$status" -eq 0 ]
	[[ $stderr == *"an earlier change was interrupted"* ]]
	board_exec fslmc-vfio recover >/dev/null
}

@test "whoever reads at any moment of another's bind or unbind gets the true answer, or who is at it" {
	# shellcheck disable=SC2034 # board_exec reads it
	local board_options=(--deadline 600)
	board bash -c 'settled=$(fslmc-vfio list -r -n -o NAME,OBJECTS)
		fslmc-vfio doctor >/dev/null 2>&1; doctor=$?
		answer() {
			case $1 in
			check) fslmc-vfio check dprc.2 dprc.3 >/tmp/answer 2>&1 ;;
			doctor) fslmc-vfio doctor >/tmp/answer 2>&1 ;;
			list) fslmc-vfio list -r -n -o NAME,OBJECTS >/tmp/answer 2>/tmp/said ;;
			show) fslmc-vfio show dprc.2 >/tmp/answer 2>/tmp/said ;;
			esac
		}
		is_true() {
			case $1:$2 in
			check:5 | doctor:5) grep -q "another fslmc-vfio is running: .*bind of dprc.2, PID " /tmp/answer ;;
			check:0 | "doctor:$doctor" | show:0) ;;
			list:0) [ "$(cat /tmp/answer)" = "$settled" ] || grep -q "a change was in progress: .*bind of dprc.2" /tmp/said ;;
			*) false ;;
			esac
		}
		for i in $(seq 200); do
			verbs=(bind unbind) readers=(check list show doctor)
			fslmc-vfio "${verbs[i % 2]}" dprc.2 >/dev/null 2>/tmp/writer & writer=$!
			sleep "0.$((RANDOM % 6))$((RANDOM % 10))"
			reader=${readers[i / 2 % 4]}
			answer "$reader"; status=$?
			wait "$writer" || { echo "the writer: $(cat /tmp/writer)"; exit 1; }
			is_true "$reader" "$status" || { echo "$i, $reader exited $status:"; cat /tmp/answer; exit 1; }
			all+=" $reader:$status"
		done
		tr " " "\n" <<<"${all# }" | sort | uniq -c'
	printf '# %s\n' "${lines[@]}" >&3
	[ "$status" -eq 0 ]
}

@test "a signal during a write waits for it, and then all is put back" {
	local signal
	state_dump >"$BATS_TEST_TMPDIR/before"
	for signal in TERM INT HUP; do
		halted bind dprc.2
		board_exec pkill -"$signal" -x fslmc-vfio
		goes_on
		[ "$stderr" = "fslmc-vfio: stopping; restoring dprc.2
fslmc-vfio: stopped by SIG$signal
fslmc-vfio: dprc.2 is as it was" ]
		state_dump | diff "$BATS_TEST_TMPDIR/before" -
		has_no_journal
	done
}

@test "a signal is answered while the kernel is still at the write, and after the last one, too, all is put back" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	# The write that binds hangs in a child, so that it is the program that waits.
	board_exec sh -c 'strace -f -o /dev/null -P "$(realpath /sys/bus/fsl-mc/drivers/vfio-fsl-mc/bind)" \
			-e trace=write -e inject=write:delay_enter=8000000 \
			env --default-signal=INT fslmc-vfio bind dprc.2 2>/tmp/said >/dev/null </dev/null &
		until [ "$(cat /sys/bus/fsl-mc/devices/dprc.2/driver_override)" = vfio-fsl-mc ] &&
			[ ! -e /sys/bus/fsl-mc/devices/dprc.2/driver ]; do sleep 0.05; done
		sleep 0.5; pkill -INT -o -x fslmc-vfio; sleep 1; cp /tmp/said /tmp/soon
		while pgrep -x fslmc-vfio; do sleep 0.1; done' >/dev/null
	[ "$(board_exec cat /tmp/soon)" = "fslmc-vfio: stopping; restoring dprc.2" ]
	[ "$(board_exec tail -n 1 /tmp/said)" = "fslmc-vfio: dprc.2 is as it was" ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
	has_no_journal
}

@test "on a terminal a write that takes long shows how far it is, and leaves no trace" {
	needs_virtual_board
	local slow='strace -qq -f -o /dev/null -P "$(realpath /sys/bus/fsl-mc/drivers/vfio-fsl-mc/bind)" -e trace=write \
		-e inject=write:delay_enter=3000000 fslmc-vfio bind -n -r -o NAME dprc.2'
	"$board_script" ssh-config "$BOARD_NAME" >"$BATS_TEST_TMPDIR/ssh"
	run ssh -F "$BATS_TEST_TMPDIR/ssh" -tt "$BOARD_NAME" "TERM=xterm $slow" </dev/null
	[[ $output == *"binding dprc.2: 0 of "*" objects"* ]]
	[ "${output##*$'\r\e[K'}" = $'dprc.2\r' ]
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	run ssh -F "$BATS_TEST_TMPDIR/ssh" -tt "$BOARD_NAME" "TERM=dumb $slow" </dev/null
	[ "$output" = $'dprc.2\r' ]
}

@test "a signal that the caller ignores, as nohup does, stops nothing" {
	local signal
	for signal in HUP INT TERM; do
		signals=--ignore-signal=$signal halted bind dprc.2
		board_exec pkill -"$signal" -x fslmc-vfio
		goes_on
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
		board_exec fslmc-vfio unbind dprc.2 >/dev/null
	done
}

@test "apply --each waits as long as --wait says, also before it tells of the states" {
	board_exec sh -c 'fslmc-vfio define dprc.2 && fslmc-vfio apply' >/dev/null
	# It is stopped when it asks, for that, whether another is running, and goes on when one is.
	board_exec sh -c 'nth=$(strace -e trace=fcntl fslmc-vfio apply --each 2>&1 >/dev/null | grep -n GETLK | head -n 1 | cut -d: -f1)
		(strace -o /tmp/stopped -e trace=fcntl -e inject=fcntl:signal=STOP:when="$nth" \
			fslmc-vfio apply --each --wait 60 -n -r -o STATE >/tmp/each 2>&1; echo $? >>/tmp/each) >/dev/null 2>&1 </dev/null &
		until grep -q "stopped by SIGSTOP" /tmp/stopped; do sleep 0.05; done' 2>/dev/null
	halted bind dprc.3
	board_exec sh -c 'pkill -CONT -f "^fslmc-vfio apply"; sleep 1'
	goes_on
	board_exec sh -c 'while pgrep -x fslmc-vfio; do sleep 0.1; done; rm /etc/fslmc-vfio.d/*' >/dev/null
	[ "$(board_exec cat /tmp/each)" = $'as-defined\n0' ] || { board_exec cat /tmp/each; return 1; }
}

@test "a dry run beside another run exits as that run would" {
	halted bind dprc.2
	board fslmc-vfio bind --dry-run dprc.3
	[ "$status" -eq 5 ]
	[[ $stderr == *"another fslmc-vfio is running: bind of dprc.2, PID "* ]]
	goes_on_soon
	board fslmc-vfio bind --dry-run --wait 60 dprc.3
	[ "$status" -eq 0 ]
}

@test "of many at once, on three containers, every one ends with a true status" {
	board_exec tee /tmp/on-board <"$tests_dir/torture/on-board" >/dev/null
	# shellcheck disable=SC2034 # board_exec reads it
	board_options=(--deadline 600)
	board bash /tmp/on-board storm 4 12 dprc.2 dprc.3 dprc.4
	printf '# %s\n' "$output" >&3
	[ "$status" -eq 0 ]
}
