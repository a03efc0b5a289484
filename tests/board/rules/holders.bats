# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who has a container open keeps it: an unbind would wait for them beyond SIGKILL.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board
load ../../lib/transaction

# What has a device open needs an IOMMU that Linux 7 lets it use without interrupt remapping.
setup_file() { board_start nested --layer python --append vfio_iommu_type1.allow_unsafe_interrupts=1; }
teardown_file() { board_stop; }

setup() {
	board_needed
	board_exec fslmc-vfio bind dprc.2 >/dev/null
}

teardown() {
	[[ -z ${holder:-} ]] || let_go "$holder"
	[[ -z ${stranger:-} ]] || let_go "$stranger"
	[[ -n ${BOARD_MISSING:-} ]] || board_exec fslmc-vfio unbind dprc.2 >/dev/null
}

@test "a container is in use when a DPRC in it is, for a dry run, too" {
	local verb
	holder=$(hold_node_of dprc.4)
	for verb in unbind 'unbind --dry-run' rebind 'rebind --dry-run'; do
		# shellcheck disable=SC2086 # a verb and its option
		same_state timeout 20 fslmc-vfio $verb dprc.2
		[ "$status" -eq 5 ]
		[ -z "$output" ]
		[[ $stderr == *"dprc."*"in use: process $holder (sleep) has $(node_of dprc.4); "* ]]
	done
}

# hold_device_of DPRC OBJECT [and-group]: its PID, of a program that kept the object's descriptor and no other, as
# DPDK's secondary processes do.
hold_device_of() {
	if ! has_vfio_groups; then
		hold_device_file_of "$2"
		return
	fi
	board_exec setsid python3 - "/dev/vfio/$(group_of "$1")" "$2" "${3:-}" <<'PYTHON'
import fcntl, os, sys, time
SET_CONTAINER, SET_IOMMU, GET_DEVICE_FD, TYPE1V2 = 0x3b68, 0x3b66, 0x3b6a, 3
container = os.open("/dev/vfio/vfio", os.O_RDWR)
group = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(group, SET_CONTAINER, container.to_bytes(4, "little"))
fcntl.ioctl(container, SET_IOMMU, TYPE1V2)
fcntl.ioctl(group, GET_DEVICE_FD, bytearray(sys.argv[2].encode() + b"\0"))
pid = os.fork()
if pid:
    print(pid, flush=True)
    os._exit(0)
if not sys.argv[3]:
    os.close(group)
    os.close(container)
for fd in range(3):
    os.close(fd)
# The unbind that waits for its end is not to come between what it lets go of: once on a loaded machine Linux 6.1 left the
# group without its default domain then (EBUSY for who comes next).
os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
time.sleep(600)
PYTHON
}

# The same through its device file; that file is the object's descriptor.
hold_device_file_of() {
	board_exec setsid python3 - "$(node_of "$1")" <<'PYTHON'
import array, fcntl, os, sys, time
BIND_IOMMUFD = 0x3b76
iommu = os.open("/dev/iommu", os.O_RDWR)
device = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(device, BIND_IOMMUFD, array.array("I", [16, 0, iommu, 0]))
pid = os.fork()
if pid:
    print(pid, flush=True)
    os._exit(0)
os.close(iommu)
for fd in range(3):
    os.close(fd)
time.sleep(600)
PYTHON
}

@test "a container is in use when a device of it is, though its group's file is closed" {
	holder=$(hold_device_of dprc.2 dpbp.10)
	[ "$(board_exec sh -c "ls -l /proc/$holder/fd" | grep -c vfio)" -eq 1 ]
	same_state timeout 20 fslmc-vfio unbind dprc.2
	[ "$status" -eq 5 ]
	[[ $stderr == *"dprc.2: "*"in use"*"process $holder (python3) has "*"; stop that program"* ]]
}

@test "where an unbind hangs already, no second one is begun" {
	holder=$(hold_device_of dprc.2 dpbp.10)
	board_exec sh -c '(echo dprc.2 >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind) >/dev/null 2>&1 </dev/null &
		while [ -e /sys/bus/fsl-mc/devices/dprc.2/driver ]; do sleep 0.05; done'
	board timeout 20 fslmc-vfio unbind dprc.2
	[ "$status" -eq 5 ]
	[[ $stderr == *"dprc.2: "*"unbind in progress or hung"* || $stderr == *"hangs in the kernel"* ]]
	let_go "$holder"
	holder=
	wait_for_unbind dprc.2
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = fsl_mc_dprc ]
}

# unbind_by_hand DPRC: until the kernel waits for whoever has it open; its driver's link is gone then.
unbind_by_hand() {
	board_exec sh -c '(echo "$1" >/sys/bus/fsl-mc/drivers/vfio-fsl-mc/unbind) >/dev/null 2>&1 </dev/null &
		while [ -e "/sys/bus/fsl-mc/devices/$1/driver" ]; do sleep 0.1; done' sh "$1"
}

# Once nobody holds it any more the kernel goes on.
# What is in it goes first; who reads driver_override waits for the device until all of it is done.
wait_for_unbind() {
	board_exec sh -c 'while ls -d "/sys/bus/fsl-mc/devices/$1/"dp* >/dev/null 2>&1; do sleep 0.1; done
		cat "/sys/bus/fsl-mc/devices/$1/driver_override"' sh "$1" >/dev/null
}

@test "who keeps an unbind waiting is named while it hangs" {
	local file pids
	# By then the device file is gone from /dev and sysfs, and before Linux 6.18 nothing says whose it was.
	has_vfio_groups && file=$(node_of dprc.2) || file="$(node_of dpbp.10) (deleted)"
	holder=$(hold_device_of dprc.2 dpbp.10 and-group)
	unbind_by_hand dprc.2
	has_vfio_groups || board_exec grep -q vfio-device-syspath "/proc/$holder/fdinfo/4" && pids="[$holder]" || pids=null
	board fslmc-vfio show -J dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dprc.driver, .dprc.holder_pids]' <<<"$output")" = "[\"\",$pids]" ]
	[ "$(jq -c '[.holders[].pid] | unique' <<<"$output")" = "[$holder]" ]
	[ "$(jq -r '.holders[0].file' <<<"$output")" = "$file" ]
	let_go "$holder"
	holder=
	wait_for_unbind dprc.2
	board fslmc-vfio show -J dprc.2
	[ "$(jq -c '[.dprc.holder_pids, .holders]' <<<"$output")" = '[[],[]]' ]
}

@test "a suspect is shown, and that it may be in use is not taken for unused" {
	holder=$(hold_device_of dprc.2 dpbp.10)
	board fslmc-vfio show -J dprc.2
	[ "$status" -eq 0 ]
	if [ "$(jq '.holders[0].is_sure' <<<"$output")" = false ]; then
		[ "$(jq '.dprc.holder_pids' <<<"$output")" = null ]
		board fslmc-vfio check -J dprc.2
		[[ $(jq -r '.findings[] | select(.code == "holders-unknown") | .evidence' <<<"$output") == "process $holder (python3) has "* ]]
	else
		# Since Linux 6.18 the kernel tells whose device it is.
		[ "$(jq -c '.dprc.holder_pids' <<<"$output")" = "[$holder]" ]
		board fslmc-vfio check -n -r -o CODE dprc.2
		[[ $output == *in-use* ]]
	fi
}

@test "where processes can hide, nobody to be seen is not nobody" {
	holder=$(hold_node_of dprc.2)
	board unshare --pid --fork --mount-proc fslmc-vfio show -J dprc.2
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dprc.holder_pids, .holders]' <<<"$output")" = '[null,[]]' ]
	[[ $stderr == *"there may be more holders"* ]]
	board_exec mount -o remount,hidepid=2 /proc
	board_as_operator fslmc-vfio show -J dprc.2
	board_exec mount -o remount,hidepid=0 /proc
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.dprc.holder_pids, .holders]' <<<"$output")" = '[null,[]]' ]
	board fslmc-vfio show -J dprc.2
	[ "$(jq -c '.dprc.holder_pids' <<<"$output")" = "[$holder]" ]
}

# map_often FILE N: its PID, of a user's process that has such a file of its own mapped that often.
map_often() {
	# shellcheck disable=SC2034 # board_exec uses it
	local board_options=(--user operator)
	board_exec setsid python3 - "$1" "$2" <<'PYTHON'
import ctypes, os, sys, time
mmap = ctypes.CDLL(None).mmap
mmap.restype = ctypes.c_void_p
mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
os.makedirs(os.path.dirname(sys.argv[1]), exist_ok=True)
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
os.ftruncate(fd, 4096)
for i in range(int(sys.argv[2])):
    # Permissions that alternate keep the kernel from merging them.
    if mmap(None, 4096, 3 if i % 2 else 1, 1, fd, 0) == 2**64 - 1:
        sys.exit("mapping %d failed" % i)
pid = os.fork()
if pid:
    print(pid, flush=True)
    os._exit(0)
for fd in range(3):
    os.close(fd)
time.sleep(600)
PYTHON
}

# cost COMMAND...: milliseconds and KiB of the quickest of five runs.
cost() {
	board_exec python3 - "$@" <<'PYTHON'
import os, sys, time
def run():
    begin = time.monotonic()
    null = (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)
    pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[null])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit("status %d" % status)
    return int(1000 * (time.monotonic() - begin)), usage.ru_maxrss
print(*min(run() for _ in range(5)))
PYTHON
}

# As in a container that was started before the bind.
@test "an unbind that cannot see the group's file, nor every process, is refused" {
	local container=(unshare --mount --pid --fork --mount-proc sh -c 'mount -t tmpfs none /dev/vfio; exec fslmc-vfio "$@"' sh)
	has_vfio_groups || skip "this kernel has no VFIO groups"
	holder=$(hold_node_of dprc.2)
	for verb in unbind rebind; do
		same_state "${container[@]}" "$verb" dprc.2
		[ "$status" -eq 5 ]
		[[ $stderr == *"dprc.2: cannot tell whether "*" is in use: /dev/vfio/"*" is missing here, and not every process can be examined; run this on the host"* ]]
	done
}

@test "65,000 mappings of a user cost check less than a second and 32 MB, and are not taken for none" {
	local ms kib hostile_ms hostile_kib
	# By turns, so that a slow minute of the machine is one for both.
	for _ in 1 2 3; do
		[[ -z ${stranger:-} ]] || let_go "$stranger"
		cost fslmc-vfio check dprc.2 >>"$BATS_TEST_TMPDIR/normal"
		stranger=$(map_often "/tmp/x$(node_of dprc.2)" 65000)
		[ "$(board_exec sh -c "wc -l </proc/$stranger/maps")" -gt 65000 ]
		cost fslmc-vfio check dprc.2 >>"$BATS_TEST_TMPDIR/hostile"
	done
	read -r ms kib < <(sort -n "$BATS_TEST_TMPDIR/normal")
	read -r hostile_ms hostile_kib < <(sort -n "$BATS_TEST_TMPDIR/hostile")
	echo "# check: $ms ms, $kib KiB; with 65,000 mappings $hostile_ms ms, $hostile_kib KiB" >&3
	[ $((hostile_ms - ms)) -lt 1000 ]
	[ $((hostile_kib - kib)) -lt 32768 ]
	board fslmc-vfio show -J dprc.2
	[ "$(jq -c '[.dprc.holder_pids, .holders]' <<<"$output")" = '[null,[]]' ]
	# Who has it open in truth is found all the same.
	holder=$(hold_node_of dprc.2)
	board fslmc-vfio show -J dprc.2
	[ "$(jq -c '.dprc.holder_pids' <<<"$output")" = "[$holder]" ]
}

# hold_as NAME: as hold_node_of dprc.2, by a process of that name.
hold_as() {
	board_exec setsid python3 - "$(node_of dprc.2)" "$1" <<'PYTHON'
import os, sys, time
node = os.open(sys.argv[1], os.O_RDWR)
pid = os.fork()
if not pid:
    with open("/proc/self/comm", "wb") as comm:
        comm.write(os.fsencode(sys.argv[2]))
    for fd in range(3):
        os.close(fd)
    time.sleep(600)
print(pid, flush=True)
PYTHON
}

@test "what a process calls itself and its files is not believed, and reaches no terminal as it is" {
	local name
	stranger=$(map_often "/tmp/x$(node_of dprc.2)" 2)
	for name in $'\e[31mX\b\r' $'\302\233m\377' '"], "x": ["' '%s%n'; do
		holder=$(hold_as "$name")
		board fslmc-vfio show -J dprc.2
		[ "$(jq -c '[.holders[].pid]' <<<"$output")" = "[$holder]" ]
		board fslmc-vfio unbind dprc.2
		[ "$status" -eq 5 ]
		[[ $stderr == *"process $holder ("*") has $(node_of dprc.2); stop that program first" ]]
		[ "$(tr -d '\n\040-\176\200-\377' <<<"$output$stderr" | wc -c)" -eq 0 ]
		[[ $output$stderr != *$'\302\233'* ]]
		let_go "$holder"
		holder=
	done
}

# again_as PID NAME: another process of that number, which has nothing open.
again_as() {
	board_exec setsid python3 - "$1" "$2" <<'PYTHON'
import ctypes, os, signal, sys, time
CLONE3 = 435
wanted = (ctypes.c_int * 1)(int(sys.argv[1]))
# struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup
arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, ctypes.addressof(wanted), 1, 0)
pid = ctypes.CDLL(None).syscall(CLONE3, ctypes.byref(arguments), ctypes.sizeof(arguments))
if pid < 0:
    sys.exit("no process %d" % wanted[0])
if not pid:
    with open("/proc/self/comm", "w") as comm:
        comm.write(sys.argv[2])
    for fd in range(3):
        os.close(fd)
    time.sleep(600)
PYTHON
}

@test "a process that ends while it is looked at, and whose number another gets, does not lend that one its files" {
	local begun=/tmp/looked-at
	holder=$(hold_node_of dprc.2)
	# It has found the file, and asks for the name of who has it.
	board_exec sh -c 'rm -f "$2"; strace -o "$2" -P comm -e trace=openat2 -e inject=openat2:delay_enter=8000000 \
		fslmc-vfio show -J dprc.2 >"$2.json" 2>/dev/null </dev/null &
		until [ -s "$2" ] || ! kill -0 $!; do sleep 0.1; done; sleep 1
		kill -KILL "$1"; while [ -e "/proc/$1" ]; do sleep 0.1; done' sh "$holder" "$begun"
	stranger=$holder holder=
	again_as "$stranger" innocent
	board sh -c 'while pgrep -x strace >/dev/null; do sleep 0.2; done; cat "$1.json"' sh "$begun"
	[ "$(board_exec cat "/proc/$stranger/comm")" = innocent ]
	[ "$(jq -c '[.holders[] | [.pid, .command]]' <<<"$output")" = "[[$stranger,\"\"]]" ]
	board fslmc-vfio show -J dprc.2
	[ "$(jq -c '[.dprc.holder_pids, .holders]' <<<"$output")" = '[[],[]]' ]
}
