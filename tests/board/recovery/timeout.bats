# SPDX-License-Identifier: GPL-2.0-or-later
#
# An MC that does not answer keeps the kernel waiting, and nobody else.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

# The kernel polls the MC with interrupts off, for 15 s: who sleeps on that CPU wakes up that much later.  The others
# need CPUs of their own.
late=15
setup_file() {
	board_start small --cpus 4
	warm_up
}
teardown_file() { board_stop; }

setup() {
	board_needed
	needs_virtual_board
}

teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || firmware '{"do":"clear"}' >/dev/null
}

# All on the board, in one go: the kernel may be polling on the CPU that serves the network.  The shell that takes
# the times has a CPU that none of the programs can use, and once the kernel polls on one of theirs they keep off
# that, too: whoever is put there waits with it, whatever he does.
hang_and_recover() {
	board taskset -c 3 sh -c '
		cpus=0,1,2
		in_ms() { # COMMAND...: how long it took, and its status
			begin=$(date +%s%N)
			taskset -c "$cpus" "$@" >/run/out 2>/run/err
			status=$?
			echo "$1 $2 status $status ms $(( ($(date +%s%N) - begin) / 1000000 ))"
			sed "s/^/  /" /run/out /run/err
		}
		list_often() { for i in $(seq "$1"); do in_ms fslmc-vfio list -n -r -o NAME dprc.3; done; }
		list_often 5
		in_ms fslmc-vfio bind --timeout 5 dprc.2
		polling=$(cut -d " " -f 39 "/proc/$(pgrep -n -x fslmc-vfio)/stat")
		cpus=$(echo "$cpus" | tr , "\n" | grep -vx "$polling" | paste -sd,)
		list_often 7
		in_ms fslmc-vfio recover
		exec cat /sys/bus/fsl-mc/autorescan'
}

# fastest_of LINES: the least of the milliseconds in them
fastest_of() { sed -n "$1" <<<"$lists" | sort -n | head -n 1; }

@test "a bind that the MC does not answer ends in time, list goes on, and recover resolves it" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	firmware '{"do":"mute","command":"get_obj_count","from":"dprc.2"}'
	hang_and_recover
	grep ' ms ' <<<"$output" | sed 's/^/# /' >&3
	[[ $output == *"fslmc-vfio bind status 7 ms "* ]]
	[[ $output == *"dprc.2: write of 'dprc.2' to /sys/bus/fsl-mc/drivers/"*" still pending in the kernel after 5 s; run 'fslmc-vfio recover'"* ]]
	local ms=${output#*bind status 7 ms } limit=${SECONDS_OF_A_LOADED_MACHINE:-7} lists
	((${ms%%$'\n'*} < (limit + late) * 1000))
	lists=$(sed -n 's/^fslmc-vfio list status 0 ms //p' <<<"$output")
	[ "$(wc -l <<<"$lists")" -eq 12 ]
	(($(fastest_of 6,12p) <= $(fastest_of 1,5p) + 100 * limit / 7))
	[[ $output == *"dprc.2: warning: an earlier change was interrupted"* ]]
	[[ $output == *"fslmc-vfio recover status 7 "* ]]
	[ "${output##*$'\n'}" = 1 ]
	firmware '{"do":"unmute"}'
	board fslmc-vfio recover --wait 60
	[ "$status" -eq 0 ]
	has_no_journal
	board_exec fslmc-vfio unbind dprc.2 >/dev/null
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

# bind, killed while the kernel polls, and recover; the last line says whether the kernel was still polling after that.
kill_and_recover() {
	firmware '{"do":"mute","command":"get_obj_count","from":"dprc.2"}'
	board taskset -c 3 sh -c '
		taskset -c 0,1,2 fslmc-vfio bind dprc.2 >/run/out 2>&1 &
		pid=$!
		until readlink /sys/bus/fsl-mc/devices/dprc.2/driver | grep -q vfio; do sleep 0.1; done
		# Whoever polls is not switched away any more.
		ran() { cut -d " " -f 3,39 "/proc/$writer/stat"; grep ctxt "/proc/$writer/status"; }
		until writer=$(pgrep -n -x fslmc-vfio) && before=$(ran) && sleep 0.5 && [ "$before" = "$(ran)" ] &&
			polling=${before#R } && [ "$polling" != "$before" ]; do :; done
		polling=$(echo "$polling" | head -n 1)
		kill -KILL "$pid"
		cat /sys/bus/fsl-mc/autorescan
		taskset -c "$(echo 0,1,2 | tr , "\n" | grep -vx "$polling" | paste -sd,)" fslmc-vfio recover -n
		echo "status $?"
		cat /sys/bus/fsl-mc/autorescan
		[ -e "/proc/$writer" ] && echo polling || echo done'
	echo "$output$stderr"
}

@test "a bind that hangs and was killed leaves autorescan to recover, long before the MC answers" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	# On a machine that is busy the 15 s may be over first.
	for _ in 1 2 3; do
		kill_and_recover
		[[ $output == *done ]] || break
		firmware '{"do":"clear"}'
		board_exec sh -c 'fslmc-vfio recover --wait 60; fslmc-vfio unbind dprc.2; true' >/dev/null
	done
	[ "$output" = $'0\nstatus 7\n1\npolling' ]
	[[ $stderr == *"dprc.2: a write by an earlier run is still pending in the kernel"* ]]
	firmware '{"do":"unmute"}'
	board fslmc-vfio recover --wait 60
	[ "$status" -eq 0 ]
	has_no_journal
	# If the kernel was done before recover looked, the bind is complete, and stays; otherwise all is as it was.
	if [ "$(driver_of dprc.2)" = vfio-fsl-mc ]; then
		board fslmc-vfio bind -n -r -o CHANGED dprc.2
		[ "$output" = no ]
		board_exec fslmc-vfio unbind dprc.2 >/dev/null
	fi
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "an MC that is silent altogether is not asked to change anything" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	firmware '{"do":"mute","command":"open","after":0,"times":0}'
	# Again and again, for now and then only the program sleeps where the kernel polls.
	for _ in 1 2 3; do
		board taskset -c 3 sh -c '
			begin=$(date +%s%N)
			taskset -c 0,1,2 fslmc-vfio bind dprc.2
			echo "status $? ms $(( ($(date +%s%N) - begin) / 1000000 ))"'
		echo "# $output" >&3
		[[ $output == "status 1 ms "* ]]
		[[ $stderr == *"the MC does not answer; nothing was written"* ]]
		((${output##* } < (${SECONDS_OF_A_LOADED_MACHINE:-7} + late) * 1000))
		while board_exec pgrep -x fslmc-vfio >/dev/null; do sleep 0.5; done
	done
	firmware '{"do":"clear"}'
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

# The first was killed between its two writes of drivers; the second before them, when its override was written: a bind
# of its own could wait for the CPU that polls.  It finds autorescan off and so writes one attribute less.
@test "a recovery that waits for a silent MC settles the others, and says that it is not done" {
	state_dump >"$BATS_TEST_TMPDIR/before"
	board_exec sh -c 'for run in "$1 dprc.2" "$2 dprc.3"; do
		strace -o /dev/null -e trace=wait4 -e inject=wait4:signal=KILL:when="${run% *}" fslmc-vfio bind "${run#* }"
	done >/dev/null 2>&1
	cd /sys/bus/fsl-mc/devices && test ! -e dprc.2/driver && grep -q vfio dprc.3/driver_override' sh \
		$(($(accesses_before_writing bind dprc.2) + 3)) $(($(accesses_before_writing bind dprc.3) + 1))
	firmware '{"do":"mute","command":"get_obj_count","from":"dprc.2"}'
	board taskset -c 3 sh -c 'taskset -c 0,1,2 fslmc-vfio recover -n -r --timeout 5
		status=$?
		ls /run/fslmc-vfio/journal
		exit "$status"'
	echo "$output$stderr"
	[ "$status" -eq 7 ]
	[[ $output == "dprc.3 original "*dprc.2.json ]]
	[[ $stderr == *"dprc.2: write of "* ]]
	firmware '{"do":"unmute"}'
	board_exec fslmc-vfio recover --wait 60 >/dev/null
	has_no_journal
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "no write begins when the time is over" {
	same_state strace -o /dev/null -e trace=wait4 -e \
		inject=wait4:delay_enter=3000000:when="$(($(accesses_before_writing bind dprc.3) + 2))" fslmc-vfio bind --timeout 2 dprc.3
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.3: 2 s were over before the write to /sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind"* ]]
	has_no_journal
}
