#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The JSON Schema: a promise with a version, and a validator that notices.

load ../lib/machine

schema=${tests_dir:-.}/../schema

@test "the schema does not change without its version" {
	version=$(jq -r '."$defs".format_version.const' "$schema/fslmc-vfio.schema.json")
	hash=$(sha256sum <"$schema/fslmc-vfio.schema.json" | cut -d' ' -f1)
	# Changed it?  Raise format_version (minor: additions only) and add a line to schema/versions.
	[ "$(awk -v version="$version" '$1 == version { print $2 }' "$schema/versions")" = "$hash" ]
	machine small list --json
	[ "$(json .format_version)" = "$version" ]
}

@test "every member and key of the schema says what it means" {
	run jq -r '
		."$defs" | to_entries[] | .key as $record | .value.properties // {} | to_entries[]
		| select(.value | (.description // ."$ref" // .enum) == null) | "\($record).\(.key)"
	' "$schema/fslmc-vfio.schema.json"
	[ "$output" = "" ]
}

@test "the validator refuses what the schema does not know" {
	machine small list --json
	[ "$status" -eq 0 ]
	for change in '.dprcs[0].new_key = 1' '.dprcs[0].icid = "24"' '.dprcs[0].icid = 65536' '.status = "fine"' \
		'.objects[0].name = "../x"' 'del(.messages)' '.format_version = "2.0"' '.new = []'; do
		run "$tests_dir/validate-json" - <<<"$(json "$change")"
		[ "$status" -eq 1 ]
	done
}

@test "the validator refuses what is not strictly JSON" {
	for text in '{"a": 1, "a": 2}' '{"a": NaN}' $'{"a": "\xff"}' $'{"a": "\x01"}' '{} {}' ''; do
		run "$tests_dir/validate-json" - <<<"$text"
		[ "$status" -eq 1 ]
	done
}
