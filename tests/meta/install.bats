# SPDX-License-Identifier: GPL-2.0-or-later
#
# What "make install" puts where.
#
# shellcheck disable=SC2154,SC2016
bats_require_minimum_version 1.5.0

load ../lib/source

source_dir=$PWD

# configured ARGS...: a build directory of its own, without the time that compiling takes.
configured() {
	mkdir "$BATS_TEST_TMPDIR/build"
	cd "$BATS_TEST_TMPDIR/build" || return
	"$source_dir/configure" --quiet "$@"
	make -s install-data DESTDIR="$BATS_TEST_TMPDIR/installed" >/dev/null
	installed=$BATS_TEST_TMPDIR/installed
}

@test "configured as the README says, units and rule look where the program does" {
	local line arguments
	line=$(grep -o '\./configure [^&]*' "$source_dir/README.md")
	read -ra arguments <<<"${line#./configure }"
	configured "${arguments[@]}"
	local settings file
	settings=$(sed -n 's/^#define SETTINGS_PATH "\(.*\)"/\1/p' "$source_dir/src/settings/directory.h")
	[ -n "$settings" ]
	cd "$installed/usr/lib"
	for file in systemd/system/fslmc-vfio@.service systemd/system/fslmc-vfio-container@.service \
		systemd/system/fslmc-vfio-create@.service udev/rules.d/60-fslmc-vfio.rules; do
		[ "$(grep -o '[^ ="]*/fslmc-vfio\.d' "$file" | sort -u)" = "$settings" ]
		run grep '@[a-z]*@' "$file"
		[ "$status" -eq 1 ]
	done
	grep -q '^ExecStart=/usr/bin/fslmc-vfio ' systemd/system/fslmc-vfio@.service
}

@test "what is not wanted is not installed, and 'yes' is the default" {
	configured --prefix=/usr --without-systemdsystemunitdir --without-udevrulesdir --with-bash-completion-dir
	cd "$installed"
	run find "$installed"* -name '*.service' -o -name '*.rules' -o -name no -o -name yes
	[ -z "$output" ]
	[ -f "$installed"/usr/share/bash-completion/completions/fslmc-vfio ]
}
