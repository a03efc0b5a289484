#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# contrib/release: what it refuses, and what it makes.  Its tests are left out here.
#
# shellcheck disable=SC2154,SC2016

load ../lib/source

# A clone of what is there, committed, as version 9.9.9 but for NEWS.
setup() {
	clone=$BATS_TEST_TMPDIR/clone
	mkdir "$clone"
	git_files . | xargs cp --parents -at "$clone"
	cd "$clone" || return 1
	export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@localhost GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@localhost
	sed -i 's/^AC_INIT(\[fslmc-vfio\], \[[^]]*\]/AC_INIT([fslmc-vfio], [9.9.9]/' configure.ac
	sed -i '1 s/([^)]*)/(9.9.9)/' debian/changelog
	sed -i 's/ tests\/\(run\|matrix\|fresh .*\)$/ echo "3 passed"/; s/ make -C .*/ echo "4 survived"/' contrib/release
	git init -q
	git add -A
	git commit -qm all
}

@test "a version that NEWS does not date, or that is not committed, is refused" {
	run contrib/release "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 1 ]
	[[ $output == *"NEWS: no section 'fslmc-vfio 9.9.9 (YYYY-MM-DD)'"* ]]
	sed -i '3 s/.*/fslmc-vfio 9.9.9 (2026-11-30)/' NEWS
	run contrib/release "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq 1 ]
	[[ $output == *"not all is committed"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/out" ]
	run contrib/release
	[ "$status" -eq 2 ]
}

@test "it makes the tarball, the source package, the notes and their checksums; after a failure it goes on" {
	local out=$BATS_TEST_TMPDIR/out
	sed -i '3 s/.*/fslmc-vfio 9.9.9 (2026-11-30)/' NEWS
	sed -i 's/^\t\ttorture .*/\t\ttorture echo tried >>..\/torture; [ "$(wc -l <..\/torture)" -gt 1 ]/' contrib/release
	git commit -qam released
	run contrib/release "$out"
	[ "$status" -eq 1 ]
	[[ $output == *"torture failed; see $out/torture.log"* ]]
	run contrib/release "$out"
	[ "$status" -eq 0 ]
	[[ $output != *"tarball:"* ]]
	(cd "$out" && sha256sum --quiet -c SHA256SUMS)
	[ "$(awk '{ print $2 }' "$out/SHA256SUMS" | tr '\n' ' ')" = \
		"fslmc-vfio-9.9.9.tar.xz fslmc-vfio_9.9.9.dsc fslmc-vfio_9.9.9.tar.xz " ]
	run ! grep -E '((configure|config.status)$|/\.git/)' <(tar -tf "$out/fslmc-vfio_9.9.9.tar.xz")
	[ "$(grep -cx '\* echo "3 passed": 3 passed' "$out/notes")" -eq 4 ]
	[ "$(head -n 1 "$out/notes")" = "fslmc-vfio 9.9.9 (2026-11-30)" ]
	[ -z "$(git tag)" ]
}

@test "where the tarball could not be made it is tried again, too" {
	local out=$BATS_TEST_TMPDIR/out
	sed -i '3 s/.*/fslmc-vfio 9.9.9 (2026-11-30)/' NEWS
	# It fails once, where it has its directory already.
	sed -i 's/ && make -s dist / \&\& echo tried >>..\/tarball-tried \&\& [ "$(wc -l <..\/tarball-tried)" -gt 1 ] \&\& make -s dist /' contrib/release
	git commit -qam released
	run contrib/release "$out"
	[ "$status" -eq 1 ]
	[[ $output == *"tarball failed; see $out/tarball.log"* ]]
	run contrib/release "$out"
	[ "$status" -eq 0 ]
	[ -s "$out/fslmc-vfio-9.9.9.tar.xz" ]
}
