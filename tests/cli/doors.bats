#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is read comes from the tree that was named, from its files and nothing else, and costs little.
#
# shellcheck disable=SC2154

load ../lib/machine

setup() {
	machine_root small
	tree=$BATS_TEST_TMPDIR/tree
	cp -a "$root" "$tree"
	memory=400000
	# The address sanitizer reserves terabytes.
	! grep -q __asan_init "$fslmc_vfio" || memory=unlimited
}

# on_tree ARGS...: as machine, and for ten seconds at most, with no more memory than a healthy tree takes twice over.
on_tree() {
	run --separate-stderr bash -c 'ulimit -v "$0"; exec timeout 10 "$@"' "$memory" "$fslmc_vfio" --sysroot "$tree" "$@"
	[ "$status" -le 5 ]
}

@test "links that leave the tree lead nowhere, whoever asks" {
	local away=$BATS_TEST_TMPDIR/away link before
	rm -r "$tree/sys/module"
	on_tree doctor --json
	before=$output
	cp -a "$root/sys/module" "$away"
	for link in "$away" "../../../away"; do
		ln -sfn "$link" "$tree/sys/module"
		on_tree doctor --json
		[ "$output" = "$before" ] || { diff <(jq . <<<"$before") <(jq . <<<"$output"); return 1; }
	done
}

@test "a file without end costs no memory, and is unknown" {
	local release
	release=$(cat "$tree/proc/sys/kernel/osrelease")
	rm -rf "$tree/sys/module"
	mkdir -p "$tree/lib/modules/$release"
	truncate -s 3G "$tree/lib/modules/$release/modules.dep"
	cp "$tree/lib/modules/$release/modules.dep" "$tree/lib/modules/$release/modules.builtin" --sparse=always
	truncate -s 3G "$tree/dev/dprc.1"
	on_tree list --json
	[ "$(json .mc_firmware)" = null ]
	on_tree doctor --json
	valid_json <<<"$output"
}

@test "a transcript that is cut anywhere never passes for a whole one" {
	local whole=$root/dev/dprc.1 size n
	on_tree list --objects --json
	local before
	before=$(json 'del(.messages)')
	size=$(stat -c %s "$whole")
	for ((n = 0; n < size; n += size / 40)); do
		head -c "$n" "$whole" >"$tree/dev/dprc.1"
		on_tree list --objects --json
		[ "$(json 'del(.messages)')" != "$before" ] || { echo "$n of $size bytes"; return 1; }
		[ "$(json '.messages[0].level')" = warning ] || { echo "no warning at $n of $size bytes"; return 1; }
	done
}

@test "a transcript whose counts are wild costs no time" {
	local token
	# 60 DPRCs in the root, each of which says that it has 65,535 objects, and then knows none.
	{
		echo "8311 0000 - 00 0000 00000000010000000a"
		echo "8051 0000 01 00 0001 -"
		echo "0041 0001 - 00 0001 01000000010000000b0000000000000001"
		echo "1591 0001 - 00 0001 000000003c"
		for token in {2..61}; do
			printf '8051 0000 %02x 00 %04x -\n' "$token" "$token"
			printf '0041 %04x - 00 %04x %02x00000001\n' "$token" "$token" "$token"
			printf '1591 %04x - 00 %04x 00000000ffff\n' "$token" "$token"
			printf '15a1 0001 %s 00 0001 00000000%02x000000571900000300000000000000000000006470726300\n' \
				"$( ((token == 2)) && echo - || printf %02x $((token - 2)))" "$token"
		done
	} >"$tree/dev/dprc.1"
	on_tree list --objects --json
	valid_json <<<"$output"
}

@test "devices in a tree are not read" {
	[ "$EUID" -eq 0 ] || skip "only root can make devices"
	rm "$tree/dev/dprc.1" "$tree/proc/sys/kernel/osrelease"
	mknod "$tree/dev/dprc.1" c 1 5
	mknod "$tree/proc/sys/kernel/osrelease" c 1 5
	on_tree list --json
	[ "$(json .mc_firmware)" = null ]
}

@test "a /sys that is not sysfs and a /proc that is not procfs are refused" {
	unshare -m true 2>/dev/null || skip "this machine lets nobody mount"
	local decoy=$BATS_TEST_TMPDIR/decoy dir
	cp -a "$root/." "$decoy"
	for dir in sys proc; do
		# A sanitizer does not start without its /proc.
		[[ $dir != proc || $memory != unlimited ]] || continue
		run --separate-stderr unshare -m sh -c 'mount --bind "$1/$2" "/$2" && exec "$3" list' sh "$decoy" "$dir" "$fslmc_vfio"
		[ "$status" -eq 4 ]
		[[ $stderr == *"/sys is not sysfs or /proc is not procfs"* ]]
	done
}

# So on Linux before 5.6, and in a container whose runtime does not know the call.
@test "where openat2 cannot be called, that is said, and not that there is no bus" {
	for error in ENOSYS EPERM; do
		ASAN_OPTIONS=detect_leaks=0 run --separate-stderr strace -o /dev/null -e trace=openat2 -e inject=openat2:error="$error" \
			"$fslmc_vfio" --sysroot "$tree" list
		[ "$status" -eq 4 ]
		[[ $stderr == *"the system call openat2 fails: "*"($error); it takes Linux 5.9 and, in a container, a seccomp profile"* ]]
	done
}

@test "without a /sys undefine says so" {
	unshare -m true 2>/dev/null || skip "this machine lets nobody mount"
	run --separate-stderr unshare -m sh -c 'mount -t tmpfs none /sys && exec "$1" undefine nobody' sh "$fslmc_vfio"
	[ "$status" -eq 3 ]
	[[ $stderr == "fslmc-vfio: /sys: "* ]] || { echo "$stderr"; return 1; }
}
