#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The tarball of a release: whoever makes it from the same sources makes the same.
#
# shellcheck disable=SC2154

load ../lib/source

# make_tarball DIR UMASK: in a build directory of its own, for others use the one there is.
make_tarball() (
	local source_dir=$PWD
	umask "$2"
	mkdir "$BATS_TEST_TMPDIR/$1"
	cd "$BATS_TEST_TMPDIR/$1" || return 1
	"$source_dir/configure" --quiet
	make -s dist >/dev/null
)

@test "two builds of the tarball are identical, and nothing in it says who made it" {
	[ -x configure ] || skip "there is no configure; autoreconf --install makes it"
	make_tarball one 022
	make_tarball two 077
	cmp "$BATS_TEST_TMPDIR"/{one,two}/fslmc-vfio-*.tar.xz
	run tar --numeric-owner -tvf "$BATS_TEST_TMPDIR"/one/fslmc-vfio-*.tar.xz
	[ "$status" -eq 0 ]
	[ "$(awk '{ print $2, $4, $5 }' <<<"$output" | sort -u | wc -l)" -eq 1 ]
	[[ $output == *"0/0"*"/tests/fuzz/seeds"* ]]
}
