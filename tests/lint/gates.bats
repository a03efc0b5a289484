# SPDX-License-Identifier: GPL-2.0-or-later
#
# The static gates, one make target each.
#
# Runs beside those alone: it needs no board, may take its time, and leaves the processors to whoever wants them.

load ../lib/source

setup() { cd "${FSLMC_VFIO_BUILD:-build}/native" || return 1; }

# made_for TOOL VERSION...: each version of such a tool finds other things in the same code; skips by name those that
# nobody has gone through.  .ci/run runs where all are those it was made for, and there a skip is a failure.
made_for() {
	local tool=$1 version
	shift
	version=$("$tool" --version | grep -oEm1 '[0-9]+(\.[0-9]+)+')
	[[ " $* " == *" ${version%%.*} "* ]] ||
		skip "$tool is version $version; its findings were gone through for version $*"
}

@test "the code has the project's format" {
	made_for clang-format 14
	make -s check-format
}
@test "shellcheck accepts every script" { make -s check-shell; }
@test "mandoc accepts every manual" { make -s check-man; }
@test "codespell finds no typing error" { make -s check-spelling; }
@test "clang builds it without a warning" { make -s -j"$(nproc)" check-clang; }
@test "gcc's analyzer finds nothing" {
	made_for gcc 12
	make -s -j"$(nproc)" check-analyzer
}
@test "clang-tidy finds nothing" {
	made_for clang-tidy 14
	make -s check-tidy
}
@test "clang-tidy is asked for checks by name, so that every version is asked the same" {
	run ! grep -nF '*' <(grep -v -e '^#' -e '^  -\*,$' "$OLDPWD/.clang-tidy")
}
