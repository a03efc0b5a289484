# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each change is one line in the system log, and no change waits for whoever reads that.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

setup_file() { board_start small --layer python; }
teardown_file() { board_stop; }
teardown() {
	[[ -n ${BOARD_MISSING:-} ]] || board_exec sh -c '[ ! -e /run/logger ] || kill "$(cat /run/logger)"
		rm -f /run/logger /run/log /dev/log; fslmc-vfio unbind dprc.2 dprc.3 >/dev/null 2>&1' || true
}

# logger_starts [full]: what is sent to /dev/log is in /run/log; full: nobody reads it, and there is no room for more.
logger_starts() {
	board_exec sh -c 'cat >/run/logger.py; setsid python3 /run/logger.py "$1" >/dev/null 2>&1 </dev/null &
		until [ -e /run/logger ]; do sleep 0.05; done' sh "${1:-}" <<-'PYTHON'
		import os, socket, sys
		log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		log.bind("/dev/log")
		sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		sender.setblocking(False)
		try:
		    while sys.argv[1]:
		        sender.sendto(b"full", "/dev/log")
		except BlockingIOError:
		    pass
		open("/run/logger", "w").write(str(os.getpid()))
		with open("/run/log", "ab", buffering=0) as file:
		    while True:
		        file.write((sys.argv[1] and sys.stdin.read() or log.recv(65536)) + b"\n")
	PYTHON
}

# logged: the lines so far, without their numbers of processes.
logged() { board_exec sed 's/\[[0-9]*\]/[PID]/' /run/log; }

@test "each change that is made or undone is a line: who, what, with which result; what changes nothing is none" {
	local by='by UID 0'
	logger_starts
	board_exec sh -c 'fslmc-vfio bind dprc.2 dprc.3 && fslmc-vfio bind dprc.2 && fslmc-vfio check dprc.2 &&
		fslmc-vfio unbind --dry-run dprc.2 && fslmc-vfio rebind dprc.2 && fslmc-vfio unbind dprc.2 dprc.3' >/dev/null
	board fslmc-vfio bind dprc.1
	[ "$status" -eq 4 ]
	board sh -c 'fslmc-vfio bind -J dprc.2 >/dev/full'
	[ "$status" -eq 1 ]
	killed_while_writing bind dprc.2 >/dev/null
	board_exec fslmc-vfio recover >/dev/null
	logged >"$BATS_TEST_TMPDIR/log"
	diff - "$BATS_TEST_TMPDIR/log" <<-TEXT
		<37>fslmc-vfio[PID]: bind dprc.2 dprc.3 $by: done
		<37>fslmc-vfio[PID]: rebind dprc.2 $by: done
		<37>fslmc-vfio[PID]: unbind dprc.2 dprc.3 $by: done
		<37>fslmc-vfio[PID]: bind dprc.2 $by: failure; original state restored
		<37>fslmc-vfio[PID]: recover dprc.2 $by: done
	TEXT
}

@test "who logged in is told, as the kernel knows it, not what the environment says" {
	logger_starts
	board sh -c 'echo 1000 >/proc/self/loginuid && SUDO_UID=7 fslmc-vfio bind dprc.2 && fslmc-vfio unbind dprc.2'
	[ "$status" -eq 0 ] || skip "this kernel does not keep who logged in"
	[[ $(logged) == *": bind dprc.2 by UID 0, login UID 1000: done"* ]]
	[[ $(logged) != *7:* ]]
}

@test "containers that are made and destroyed are lines, by their label" {
	needs_virtual_board
	logger_starts
	board_exec sh -c 'fslmc-vfio create --label=fast --for=dpdk && fslmc-vfio destroy "$(fslmc-vfio list -n -r -o NAME,LABEL | sed -n "s/ fast\$//p")"' >/dev/null
	[[ $(logged) == *": create fast by UID 0: done"*": destroy "*" by UID 0: done"* ]]
}

@test "a log that is full, or is not there, keeps nothing waiting" {
	logger_starts full
	board timeout 20 fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	board_exec sh -c 'kill -KILL "$(cat /run/logger)"; rm /run/logger'
	board timeout 20 fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	board_exec rm /dev/log
	board timeout 20 fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
}
