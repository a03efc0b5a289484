# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whoever starts the program chooses its environment, its limits and its descriptors, not what is true.
#
# shellcheck disable=SC2154

load ../lib/machine

setup() {
	needs_tools jq python3 strace
	machine_root small
	tree=$BATS_TEST_TMPDIR/tree
	cp -a "$root" "$tree"
}

readonly verbs=('list --objects' 'list --json' 'show dprc.2' 'check' 'doctor --json')

# each_verb COMMAND...: after that command each verb says what it says otherwise, and ends as it does otherwise.
each_verb() {
	local verb words want
	for verb in "${verbs[@]}"; do
		read -ra words <<<"--sysroot $tree $verb"
		run --separate-stderr env -i LC_ALL=C.UTF-8 "$fslmc_vfio" "${words[@]}"
		want="$status:$output:$stderr"
		run --separate-stderr "$@" "$fslmc_vfio" "${words[@]}"
		[ "$status:$output:$stderr" = "$want" ] || { diff <(echo "$want") <(echo "$status:$output:$stderr"); return 1; }
	done
}

@test "variables of a hostile environment change no word" {
	local locale=$BATS_TEST_TMPDIR/locale/xx.UTF-8
	mkdir -p "$locale"
	head -c 4096 /dev/urandom >"$locale/LC_CTYPE"
	each_verb env -i LC_ALL=C.UTF-8 LOCPATH="$BATS_TEST_TMPDIR/locale" TMPDIR=/nonexistent HOME=/nonexistent PATH= \
		TZ=:/dev/zero POSIXLY_CORRECT=1 ARGP_HELP_FMT=rmargin=1,x COLUMNS=1 LINES=1 TERM=$'\e[31m' LANGUAGE=../../../x \
		IFS=/ MALLOC_PERTURB_=165 MALLOC_CHECK_=3 SYSTEMD_LOG_LEVEL=debug UDEV_LOG=debug SYSTEMD_DEVICE_VERIFY_SYSFS=0 \
		NOTIFY_SOCKET=/nonexistent SUDO_UID=-1 SUDO_USER=../x
	# A locale that is damaged, and one that is not there: then it is C, whose text is of the same bytes.
	for name in xx.UTF-8 ../../../dev/zero nowhere "$(printf 'x%.0s' {1..4096})"; do
		each_verb env -i LOCPATH="$BATS_TEST_TMPDIR/locale" LC_ALL="$name" LANG="$name"
	done
}

@test "masks and ignored signals change no word" {
	each_verb bash -c 'umask 777; exec "$@"' bash
	each_verb bash -c 'umask 0; exec "$@"' bash
	each_verb env --ignore-signal
	each_verb env --block-signal
}

@test "with too few descriptors nothing is said to be missing: it fails, or has what it needs" {
	local n
	# Some that are left open by whoever starts it, up to the limit.
	each_verb bash -c 'ulimit -Sn 16; for fd in {3..11}; do eval "exec $fd</dev/null"; done; exec "$@"' bash
	for n in 6 16 64 200; do
		run --separate-stderr bash -c 'ulimit -n "$0"; exec "$@"' "$n" "$fslmc_vfio" --sysroot "$tree" list --json
		[ "$status" -eq 1 ]
		valid_json <<<"$output"
		[ "$(json '.status, .dprcs')" = $'failed\nnull' ]
		[[ $stderr == "fslmc-vfio: $n open files are permitted, "*" needed; raise the limit with 'ulimit -n'" ]]
	done
}

# with_memory KIB ARGS...
with_memory() { run --separate-stderr bash -c 'ulimit -v "$0"; exec "$@"' "$1" "$fslmc_vfio" --sysroot "$tree" "${@:2}"; }

@test "with too little memory it fails, and says no half of the truth" {
	local verb words least=2000 kib want n_failed=0
	# More than what was left when the program was started.
	{ cat "$tests_dir/machines/small.manifest"; seq -f 'object dprc.1/dpbp.%.0f' 1000 3000; } >"$BATS_TEST_TMPDIR/manifest"
	rm -r "$tree"
	"$tests_dir/make-root" "$BATS_TEST_TMPDIR/manifest" "$tree"
	# What the program takes to be started at all.
	until bash -c 'ulimit -v "$0"; exec "$@"' "$least" "$fslmc_vfio" --version >/dev/null 2>&1; do
		least=$((least + 50))
	done
	for verb in "${verbs[@]}"; do
		read -ra words <<<"$verb"
		with_memory unlimited "${words[@]}"
		want="$status:$output"
		for ((kib = least; kib <= least + 400; kib += 16)); do
			with_memory "$kib" "${words[@]}"
			[ "$status:$output" != "$want" ] || continue
			n_failed=$((n_failed + 1))
			[ "$status:$output:$stderr" = '1::fslmc-vfio: out of memory' ] || { echo "$verb, $kib: $status"; return 1; }
		done
	done
	[ "$n_failed" -gt 0 ]
}

@test "standard descriptors that are closed are taken by no file" {
	each_verb bash -c 'exec <&-; exec "$@"' bash
	find "$tree" -type f -exec sha256sum {} + | sort >"$BATS_TEST_TMPDIR/before"
	for closed in '>&-' '2>&-' '<&- >&- 2>&-'; do
		run bash -c "exec $closed"'; "$@"' bash "$fslmc_vfio" --sysroot "$tree" show dprc.77
		[ "$status" -eq 3 ]
		run bash -c "exec $closed"'; "$@"' bash "$fslmc_vfio" --sysroot "$tree" list
		# What cannot be written is no success.
		[ "$status" -eq "$([[ $closed == *' >'* || $closed == '>'* ]] && echo 1 || echo 0)" ]
	done
	find "$tree" -type f -exec sha256sum {} + | sort | diff "$BATS_TEST_TMPDIR/before" -
	# In a chroot that has no /dev/null there may be descriptors enough.
	ASAN_OPTIONS=detect_leaks=0 each_verb strace -f -o /dev/null -P /dev/null -e trace=openat -e inject=openat:error=ENOENT
}
