# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Whatever claims to be JSON is kept, and validated once, when all tests of a file are through.  The file that loads this
# has $tests_dir.

# keep_json COMMAND TEXT: keeps what claims to be JSON, a document or lines of events, for one call of the
# validator at the end of the file: it takes longer to start than most tests to run.
keep_json() {
	local kind=documents name
	[[ ${2:0:1} == '{' ]] || return 0
	# One that says which program it is of is a document, also in one line.
	[[ ${2:0:2} == $'{\n' || ${2:0:60} == *' "tool": '* ]] || kind=lines
	name="test $BATS_TEST_NUMBER: ${1:0:150}"
	mkdir -p "$BATS_FILE_TMPDIR/json/$kind"
	printf '%s\n' "$2" >"$(mktemp "$BATS_FILE_TMPDIR/json/$kind/${name//[$'/\n\t']/ } XXXX")"
}

validate_kept_json() {
	local kept=$BATS_FILE_TMPDIR/json status=0
	[[ ! -d $kept/documents ]] || (cd "$kept/documents" && "$tests_dir/validate-json" ./*) || status=1
	[[ ! -d $kept/lines ]] || (cd "$kept/lines" && "$tests_dir/validate-json" --lines ./*) || status=1
	rm -rf "$kept"
	return "$status"
}
