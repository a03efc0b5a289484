# SPDX-License-Identifier: GPL-2.0-or-later
#
# The Debian package: builds for this machine and for the board, is what lintian and "make install" agree with,
# and works on the board.
#
# shellcheck disable=SC2154,SC2016

load ../lib/board
load ../lib/source

setup_file() {
	export SOURCE=$BATS_FILE_TMPDIR/source/fslmc-vfio
	mkdir -p "$SOURCE" "$BATS_FILE_TMPDIR/board"
	git_files . | xargs cp --parents -at "$SOURCE"
	cp -a "$SOURCE" "$BATS_FILE_TMPDIR/board"
	# Nothing of ours is on the board but what dpkg installs.
	board_install=/nonexistent board_start small
}
teardown_file() { board_stop; }

# In a directory of its own, with a log that is shown when it fails.
build() {
	"$@" >"$BATS_TEST_TMPDIR/log" 2>&1 </dev/null || { tail -n 60 "$BATS_TEST_TMPDIR/log"; return 1; }
}

package() { printf '%s\n' "$BATS_FILE_TMPDIR/$1/fslmc-vfio_"*"_$2.deb"; }

# known_to_dpkg: the board's packages were only unpacked; tells its dpkg which, for dependencies to be checked.
known_to_dpkg() {
	# shellcheck source=tests/vm/common.bash
	(. "$tests_dir/vm/common.bash" && cat "$(tree_dir userland)/versions") | awk '{
		printf "Package: %s\nStatus: install ok installed\nMaintainer: none\nArchitecture: arm64\nVersion: %s\nDescription: unpacked\n\n", $1, $2
	}' | board_exec sh -c 'mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates && cat >/var/lib/dpkg/status'
}

@test "the source package builds for this machine, and lintian has nothing to say" {
	cd "$SOURCE"
	build dpkg-buildpackage --no-sign
	# Each Debian's lintian knows a newer edition of the policy than the one before; the package names that of Debian 12.
	run lintian --allow-root --fail-on error,warning,info --display-info --suppress-tags out-of-date-standards-version \
		"$BATS_FILE_TMPDIR"/source/*.changes
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "two builds of the package, in directories of different names, are identical" {
	local other=$BATS_FILE_TMPDIR/elsewhere/fslmc-vfio-again
	mkdir -p "${other%/*}"
	cp -a "$SOURCE" "$other"
	cd "$other"
	build env CCACHE_DISABLE=1 DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage --no-sign --build=binary
	cmp "$BATS_FILE_TMPDIR"/{source,elsewhere}/fslmc-vfio_*.deb
}

@test "it builds for the board, too" {
	build "$tests_dir/vm/cross-package" "$BATS_FILE_TMPDIR/board/fslmc-vfio"
	[ "$(dpkg-deb --field "$(package board arm64)" Architecture)" = arm64 ]
	local depends
	depends=$(dpkg-deb --field "$(package board arm64)" Depends)
	[[ $depends == *"libc6 (>= "*"libjson-c5 (>= "*"libudev1 (>= "* ]]
	run lintian --allow-root --fail-on error,warning "$(package board arm64)"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "make install gives the same files as the package, byte for byte" {
	local deb=$BATS_TEST_TMPDIR/deb made=${FSLMC_VFIO_BUILD:-$tests_dir/../build}/install file
	dpkg-deb -x "$(package board arm64)" "$deb"
	# Debian 13 takes nothing below /lib.
	[ ! -e "$deb/lib" ]
	# Debian's own: what every package has, and manuals packed.
	for file in NEWS.gz README.md.gz examples/ansible/assign.yml; do
		[ -s "$deb/usr/share/doc/fslmc-vfio/$file" ]
	done
	rm -r "${deb:?}/usr/share/doc"
	gunzip "$deb"/usr/share/man/*/*.gz
	diff <(cd "$deb" && find . ! -type d | sort) <(cd "$made" && find . ! -type d | sort)
	(cd "$deb" && find . ! -type d) | while read -r file; do
		[[ $file == ./usr/bin/fslmc-vfio ]] || cmp "$deb/$file" "$made/$file"
	done
	for file in lib/systemd/system/fslmc-vfio@.service lib/systemd/system/fslmc-vfio-container@.service lib/systemd/system/fslmc-vfio-create@.service \
		lib/udev/rules.d/60-fslmc-vfio.rules share/man/man8/fslmc-vfio.8 share/man/man7/fslmc-vfio-checks.7 share/man/man5/fslmc-vfio.json.5 \
		share/man/man5/fslmc-vfio.d.5 share/fslmc-vfio/fslmc-vfio.schema.json \
		share/fslmc-vfio/fslmc-vfio.d.schema.json share/bash-completion/completions/fslmc-vfio \
		share/zsh/site-functions/_fslmc-vfio share/fish/vendor_completions.d/fslmc-vfio.fish; do
		[ -s "$deb/usr/$file" ]
	done
}

@test "dpkg installs it on the board, its dependencies being there, and it works" {
	known_to_dpkg
	board_exec sh -c 'cat >/tmp/it.deb' <"$(package board arm64)"
	# The board has no ldconfig, and the package no library.
	board dpkg --force-bad-path --install /tmp/it.deb
	echo "$output$stderr"
	[ "$status" -eq 0 ]
	board fslmc-vfio list -n -r -o NAME
	[ "$output" = $'dprc.1\ndprc.2\ndprc.3' ]
	board fslmc-vfio check dprc.2
	[ "$status" -eq 0 ]
	state_dump >"$BATS_TEST_TMPDIR/before"
	board fslmc-vfio bind dprc.2
	[ "$status" -eq 0 ]
	[ "$(driver_of dprc.2)" = vfio-fsl-mc ]
	board fslmc-vfio unbind dprc.2
	[ "$status" -eq 0 ]
	state_dump | diff "$BATS_TEST_TMPDIR/before" -
}

@test "dpkg removes it, and leaves nothing behind" {
	board dpkg --force-bad-path --purge fslmc-vfio
	[ "$status" -eq 0 ]
	board sh -c 'find /usr /etc /var/lib -name "*fslmc-vfio*"'
	[ -z "$output" ]
}
