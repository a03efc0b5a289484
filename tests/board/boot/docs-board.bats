# SPDX-License-Identifier: GPL-2.0-or-later
#
# The terminal that README opens with is what a board prints.
#
# shellcheck disable=SC2154

load ../../lib/board

setup_file() { board_start small; }
teardown_file() { board_stop; }

# The console block of README, as it would be printed today.
replay() {
	local line
	while IFS= read -r line; do
		[[ $line == '# '* ]] || continue
		printf '%s\n' "$line"
		board_exec bash -c "${line#\# }" 2>&1 </dev/null || printf 'exit %d\n' $?
	done
}

@test "README's terminal holds, word for word" {
	sed -n '/^```console$/,/^```$/{/^```/d;p}' "$tests_dir/../README.md" >"$BATS_TEST_TMPDIR/readme"
	[ "$(grep -c '^# ' "$BATS_TEST_TMPDIR/readme")" -ge 4 ]
	replay <"$BATS_TEST_TMPDIR/readme" >"$BATS_TEST_TMPDIR/board"
	diff "$BATS_TEST_TMPDIR/readme" "$BATS_TEST_TMPDIR/board"
}
