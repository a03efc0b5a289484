# SPDX-License-Identifier: GPL-2.0-or-later
#
# --sysroot=FILE: a captured machine as one file, which may be anybody's.
#
# shellcheck disable=SC2154

load ../lib/machine

setup() {
	needs_tools jq python3
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir -p "$TMPDIR"
	capture=$BATS_TEST_TMPDIR/machine.tar
}

# What is unpacked is removed by a child, a moment after the end.
nothing_stays() {
	local i
	for ((i = 0; i < 100; i++)); do
		[[ -n $(ls -A "$TMPDIR") ]] || return 0
		sleep 0.1
	done
	ls -A "$TMPDIR"
	return 1
}

# hostile PYTHON: a capture of the small machine with members added by Python: tar is a TarFile, add(NAME, KEY=VALUE...)
# adds a member, with data if DATA= is given.
hostile() {
	machine_root small
	rm -f "$capture"
	"$fslmc_vfio" --sysroot "$root" capture "$capture" >/dev/null
	/usr/bin/python3 - "$capture" "$1" <<'EOF'
import io, sys, tarfile
tar = tarfile.open(sys.argv[1], "a", format=tarfile.GNU_FORMAT)
def add(name, data=b"", **keys):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in keys.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))
exec(sys.argv[2])
tar.close()
EOF
}

refused() {
	run --separate-stderr timeout 20 "$fslmc_vfio" "--sysroot=$capture" list
	[ "$status" -eq 4 ] || { echo "$status: $output$stderr"; return 1; }
	[ -z "$output" ]
	[[ $stderr == *"not a machine that 'fslmc-vfio capture' wrote, or damaged"* ]]
	nothing_stays
}

@test "a machine shows the same from the file as from its directory" {
	local name arguments
	for name in small plain shipped old untrusted stale empty; do
		machine_root "$name"
		rm -f "$capture"
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" capture "$capture"
		[ "$status" -eq 0 ]
		[ "$output" = "$capture" ]
		for arguments in list 'list --json' 'list -O --json' 'list --tree' 'list --ports' 'list --pools' \
			'check --json' 'doctor --json' 'status --json' 'create --dry-run --label=a --for=dpdk'; do
			# shellcheck disable=SC2086 # words
			diff <("$fslmc_vfio" --sysroot "$root" $arguments 2>&1; echo "$?") \
				<("$fslmc_vfio" "--sysroot=$capture" $arguments 2>&1; echo "$?") || { echo "$name: $arguments"; return 1; }
		done
	done
	nothing_stays
}

@test "what tar unpacked and packed again is a capture, too" {
	local format
	machine_root small
	"$fslmc_vfio" --sysroot "$root" capture "$capture"
	mkdir "$BATS_TEST_TMPDIR/unpacked"
	tar -xf "$capture" -C "$BATS_TEST_TMPDIR/unpacked"
	for format in gnu ustar; do
		tar -cf "$BATS_TEST_TMPDIR/$format.tar" --format="$format" -C "$BATS_TEST_TMPDIR/unpacked" .
		diff <("$fslmc_vfio" "--sysroot=$BATS_TEST_TMPDIR/$format.tar" list -O --json) <("$fslmc_vfio" "--sysroot=$capture" list -O --json)
	done
}

@test "a member that leads out of the machine, or is no file, directory or link, is refused" {
	local members=(
		'add("../outside", b"x")' 'add("a/../../outside", b"x")' 'add("/outside", b"x")' 'add("..", type=b"5")'
		'add("out", type=b"2", linkname="/tmp"); add("out/outside", b"x")'
		'add("out", type=b"2", linkname=".."); add("out/outside/x", type=b"5")'
		'add("hard", type=b"1", linkname="proc/cmdline")' 'add("null", type=b"3", devmajor=1, devminor=5)'
		'add("disk", type=b"4")' 'add("fifo", type=b"6")' 'add("sparse", type=b"S")'
		'add("twice", b"1"); add("twice", b"2")' 'add("link", type=b"2", linkname="")' 'add("a//b", b"x")'
		'add("/".join(["d"] * 100), b"x")' 'add("n" * 300, b"x")'
	)
	local member
	for member in "${members[@]}"; do
		hostile "$member"
		refused || { echo "$member"; return 1; }
	done
	[ ! -e /tmp/outside ]
	[ ! -e "$TMPDIR/outside" ]
}

@test "a link of the machine that leads out of it leads nowhere" {
	local away=$BATS_TEST_TMPDIR/away
	mkdir -p "$away"
	echo 6.99 >"$away/osrelease"
	hostile "add('elsewhere', type=b'2', linkname='$away')"
	run --separate-stderr "$fslmc_vfio" "--sysroot=$capture" list
	[ "$status" -eq 0 ]
	nothing_stays
}

@test "a file that is cut, changed, too large or none is refused" {
	local size n
	hostile ''
	size=$(stat -c %s "$capture")
	cp "$capture" "$BATS_TEST_TMPDIR/whole"
	for ((n = 0; n < size - 10240; n += size / 30)); do
		head -c "$n" "$BATS_TEST_TMPDIR/whole" >"$capture"
		refused || { echo "cut at $n"; return 1; }
	done
	# The first member's size: 8 GiB less one, then no octal number.
	for n in 77777777777 9; do
		cp "$BATS_TEST_TMPDIR/whole" "$capture"
		printf %s "$n" | dd of="$capture" bs=1 seek=124 conv=notrunc status=none
		refused
	done
	hostile 'add("large", bytes(17 << 20))'
	refused
	head -c 4096 /dev/urandom >"$capture"
	refused
	: >"$capture"
	refused
	rm "$capture"
	mkfifo "$capture"
	refused
	ln -sf /dev/zero "$capture"
	refused
}

@test "all holders of a captured machine are read, however many there are" {
	hostile 'add("captured/holders/dprc.2", b"complete\n" + b"".join(b"%d 0 1 /dev/vfio/devices/vfio0\n" % i for i in range(1, 152)))'
	run --separate-stderr "$fslmc_vfio" "--sysroot=$capture" show dprc.2 --json
	[ "$(json '.holders | length')" -eq 151 ]
	run --separate-stderr "$fslmc_vfio" "--sysroot=$capture" rebind --dry-run dprc.2
	[ "$status" -eq 5 ]
}

@test "what was unpacked is removed when the program is killed" {
	local pid i
	hostile ''
	"$fslmc_vfio" "--sysroot=$capture" list >/dev/full 2>/dev/null || true
	nothing_stays
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	"$fslmc_vfio" "--sysroot=$capture" list --json >"$BATS_TEST_TMPDIR/pipe" &
	pid=$!
	exec 7<>"$BATS_TEST_TMPDIR/pipe"
	kill -KILL "$pid" || true
	wait "$pid" || true
	exec 7>&-
	nothing_stays
}
