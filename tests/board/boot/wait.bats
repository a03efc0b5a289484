# SPDX-License-Identifier: GPL-2.0-or-later
#
# wait: what the bus does is seen at once, also if it is so already, or undone.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] ||
		board_exec sh -c 'fslmc-vfio unbind -n dprc.2 dprc.3; rm -rf /etc/fslmc-vfio.d' >/dev/null
}

@test "what is so already is not waited for, by name, by label and by definition" {
	board_exec fslmc-vfio define dprc.2 >/dev/null
	for target in dprc.2 LABEL=child child; do
		for state in present complete; do
			board fslmc-vfio wait --until=$state -n -r -o NAME,STATE "$target"
			[ "$status" -eq 0 ]
			[ "$output" = "dprc.2 $state" ]
		done
	done
	board fslmc-vfio wait --until=unused --json dprc.2
	[ "$(jq -c .awaited <<<"$output")" = '[{"name":"dprc.2","state":"unused"}]' ]
}

@test "wait --until=bound ends with the bind, and misses none of 4" {
	# The time between the end of bind and that of the wait, which began before it.
	board_exec bash -c 'for ((i = 0; i < 4; i++)); do
			fslmc-vfio wait --until=bound --timeout=20 dprc.2 >/dev/null &
			sleep 0.2
			fslmc-vfio bind dprc.2 >/dev/null
			before=${EPOCHREALTIME/./}
			wait $! || exit 1
			echo $((${EPOCHREALTIME/./} - before))
			fslmc-vfio unbind dprc.2 >/dev/null
		done' >"$BATS_TEST_TMPDIR/times"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/times")" -eq 4 ]
}

@test "that it is bound is told by the kernel, and the MC not asked again" {
	board_exec bash -c 'cd /sys/bus/fsl-mc
		strace -f -e trace=ioctl,ppoll -o /tmp/asked fslmc-vfio wait --until=bound --timeout=60 dprc.2 >/dev/null &
		# It has looked, and listens.
		until grep -qs "ppoll.*tv_sec=1," /tmp/asked; do sleep 0.1; done
		echo vfio-fsl-mc >devices/dprc.2/driver_override
		echo dprc.2 >drivers/fsl_mc_dprc/unbind
		echo dprc.2 >drivers/vfio-fsl-mc/bind
		wait $!'
	board sh -c 'grep -c FSL_MC_SEND_MC_COMMAND /tmp/asked'
	[ "$output" = 0 ]
	board_exec sh -c 'cd /sys/bus/fsl-mc
		echo dprc.2 >drivers/vfio-fsl-mc/unbind
		echo >devices/dprc.2/driver_override
		echo dprc.2 >drivers/fsl_mc_dprc/bind'
}

@test "what the bus would not probe is complete, but not ready, unless it is bound already" {
	board_exec sh -c 'fslmc-vfio bind -n dprc.3 && echo 0 >/sys/bus/fsl-mc/drivers_autoprobe' >/dev/null
	board fslmc-vfio wait -n -r -o STATE --until=complete --timeout=5 dprc.2
	[ "$status:$output" = 0:complete ]
	board fslmc-vfio wait --until=ready --timeout=1 dprc.2
	[ "$status" -eq 1 ]
	board fslmc-vfio wait -n -r -o STATE --until=ready --timeout=1 dprc.3
	[ "$status:$output" = 0:ready ]
	board_exec sh -c '(sleep 2; echo 1 >/sys/bus/fsl-mc/drivers_autoprobe) >/dev/null 2>&1 </dev/null &'
	board fslmc-vfio wait -n -r -o STATE --until=ready --timeout=60 dprc.2
	[ "$status:$output" = 0:ready ]
}

@test "a definition is ready when it has what that says, scanned or not, and when apply creates it" {
	board_exec sh -c 'fslmc-vfio define dprc.3 --as=three >/dev/null
		echo "{\"format_version\": \"1.1\", \"label\": \"none\", \"profile\": \"dpdk\", \"layout\": {}}" >/etc/fslmc-vfio.d/none.json
		sed "s/\"dpni\":1/\"dpni\":2/" /etc/fslmc-vfio.d/three.json >/etc/fslmc-vfio.d/other.json
		echo dprc.3 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/unbind'
	board fslmc-vfio wait --until=complete --timeout=1 three
	[ "$status" -eq 1 ]
	board fslmc-vfio wait -n -r -o NAME --until=ready --timeout=1 three
	[ "$status:$output" = 0:dprc.3 ]
	board fslmc-vfio wait --until=ready --timeout=1 none
	[ "$status" -eq 0 ]
	[[ $output == *"'fslmc-vfio apply' creates it"* ]]
	board fslmc-vfio wait --until=ready --timeout=1 other
	[ "$status" -eq 1 ]
	board_exec sh -c 'echo dprc.3 >/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind'
}

@test "a definition that is named like a DPRC is waited for by the name of its file" {
	board_exec fslmc-vfio define dprc.3 --as=dprc.9 >/dev/null
	board fslmc-vfio wait -n -r -o NAME --until=ready --timeout=1 dprc.9.json
	[ "$status:$output" = 0:dprc.3 ]
	board fslmc-vfio wait --timeout=1 dprc.9
	[ "$status" -eq 1 ]
}

@test "what does not come is not waited for any longer than was asked, and said" {
	board fslmc-vfio wait LABEL=
	[ "$status" -eq 2 ]
	for target in dprc.9 LABEL=none; do
		board fslmc-vfio wait --timeout=1 "$target"
		[ "$status" -eq 1 ]
		[[ $stderr == *"$target: not present after 1 s; nothing was changed"* ]]
	done
	board fslmc-vfio wait --until=bound --timeout=1 dprc.2
	[ "$status" -eq 1 ]
	[[ $stderr == *"dprc.2: not bound after 1 s"* ]]
	board fslmc-vfio wait none
	[ "$status" -eq 3 ]
	board fslmc-vfio wait dpni.1
	[ "$status" -eq 2 ]
}

@test "a DPRC that is made later is present, and one that a program lets go is unused" {
	board_exec sh -c 'fslmc-vfio wait --timeout=30 -n -r -o NAME LABEL=late >/tmp/late 2>&1 &'
	firmware '{"do":"create","parent":1,"type":"dprc","id":9,"label":"late"}' >/dev/null
	board_exec sh -c 'echo 1 >/sys/bus/fsl-mc/rescan; until [ -s /tmp/late ]; do sleep 0.1; done; cat /tmp/late' >"$BATS_TEST_TMPDIR/late"
	[ "$(cat "$BATS_TEST_TMPDIR/late")" = dprc.9 ]
	board_exec fslmc-vfio bind dprc.2 >/dev/null
	holder=$(hold_node_of dprc.2)
	board fslmc-vfio wait --until=unused --timeout=1 dprc.2
	[ "$status" -eq 1 ]
	board_exec sh -c 'fslmc-vfio wait --until=unused --timeout=30 dprc.2 >/tmp/unused 2>&1 &'
	let_go "$holder"
	board_exec sh -c 'until [ -s /tmp/unused ]; do sleep 0.1; done'
}

# What is read goes to a full pipe: the bind is made, and undone when nobody reads that pipe any more.
@test "a bind that begins and is undone while it is looked at is none" {
	board_exec fslmc-vfio recover >/dev/null
	board bash -c 'mkfifo /tmp/full; exec 7<>/tmp/full
		timeout 1 dd if=/dev/zero of=/tmp/full bs=4096 2>/dev/null
		strace -o /tmp/opens -P activity -e trace=openat -e inject=openat:signal=STOP:when=1+ \
			fslmc-vfio wait --until=bound --timeout=8 dprc.2 </dev/null 7>&- & traced=$!
		stopped() { [ "$(grep -cs "stopped by SIGSTOP" /tmp/opens)" -gt "$n" ]; }
		for ((n = 0; ; n++)); do
			until stopped || ! kill -0 "$traced" 2>/dev/null; do sleep 0.05; done
			stopped || break
			# After the first look at who runs; in the last, the two in between being about the journal.
			case $n in
			0) (exec 7>&-; exec fslmc-vfio bind dprc.2 >/tmp/full 2>/dev/null </dev/null) & binding=$!
				until grep -qs pipe_write "/proc/$binding/wchan"; do sleep 0.1; done ;;
			3) exec 7>&-; wait "$binding"; echo "bind: $?" ;;
			esac
			pkill -CONT -x fslmc-vfio
		done
		rm /tmp/full
		wait "$traced"; echo "wait: $?"'
	[ "$output" = $'bind: 1\nwait: 1' ] || { echo "$output $stderr"; return 1; }
}
