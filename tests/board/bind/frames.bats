# SPDX-License-Identifier: GPL-2.0-or-later
#
# How far it is from main to a write, for whoever reads the code or a backtrace: counted in a build without inlining.
#
# shellcheck disable=SC2154,SC2016

load ../../lib/board

# The caller's environment chooses the build directory; a -O0 build beside the others is made once.
build_unoptimized() {
	(
		# shellcheck source=tests/vm/common.bash
		. "$tests_dir/vm/common.bash"
		# shellcheck source=tests/vm/cross.bash
		. "$tests_dir/vm/cross.bash"
		crossing configured "$build/arm64-O0" --host=aarch64-linux-gnu --prefix=/usr --sysconfdir=/etc \
			"CC=$cross_compiler" 'CFLAGS=-O0 -g1'
		make -s -C "$build/arm64-O0" -j"$(nproc)" fslmc-vfio
		$cross_compiler -D_GNU_SOURCE -O1 -shared -fPIC -o "$BATS_FILE_TMPDIR/backtrace.so" "$tests_dir/lib/backtrace.c"
	) >"$BATS_FILE_TMPDIR/build.log" 2>&1 3>&- || { cat "$BATS_FILE_TMPDIR/build.log" >&2; return 1; }
}

# with_names PROGRAM: frames of the program, "fslmc-vfio(+0x1)[0x2]", as names of functions; no others.
with_names() {
	local line
	while read -r line; do
		case $line in
		"write "*) printf '%s\n' "$line" ;;
		fslmc-vfio\(*) aarch64-linux-gnu-addr2line -f -e "$1" "$(grep -oP '\(\+\K0x[0-9a-f]+' <<<"$line")" | head -n 1 ;;
		esac
	done
}

setup_file() {
	[[ -z ${FSLMC_VFIO_BOARD:-} ]] || export BOARD_MISSING='it takes a build of its own'
	board_start small
	[[ -n ${BOARD_MISSING:-} ]] || build_unoptimized
}
teardown_file() { board_stop; }

@test "at most 10 frames from main to each write of bind, the helper included" {
	local program=${FSLMC_VFIO_BUILD:-$tests_dir/../build}/arm64-O0/fslmc-vfio most=10 name write='' n=0 chain='' writes=0
	"$board_script" copy "$BOARD_NAME" "$program" /tmp/fslmc-vfio
	"$board_script" copy "$BOARD_NAME" "$BATS_FILE_TMPDIR/backtrace.so" /tmp/backtrace.so
	board_exec chmod +x /tmp/fslmc-vfio
	board_exec env LD_PRELOAD=/tmp/backtrace.so BACKTRACE=/tmp/writes /tmp/fslmc-vfio bind dprc.2
	while read -r name; do
		case $name in
		"write "*) write=$name n=0 chain='' ;;
		*) ((++n)) && chain="$name $chain" ;;
		esac
		[[ $name == main ]] || continue
		((++writes))
		((n <= most)) || { echo "$n frames: $chain- $write"; return 1; }
	done < <(board_exec cat /tmp/writes | with_names "$program")
	# vfio-fsl-mc to driver_override, the name to unbind and to bind; autorescan off and on.
	((writes == 5)) || { board_exec cat /tmp/writes; return 1; }
}
