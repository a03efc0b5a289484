# SPDX-License-Identifier: GPL-2.0-or-later
#
# fslmc-vfio.json(5) and fslmc-vfio.d(5) against the schemas that define the formats.
#
# shellcheck disable=SC2154

load ../lib/source
load ../lib/tools

setup() { needs_tools jq; }

keys_of_page() { sed -n 's/^\.It Li //p' "man/$1" | tr -d ' ' | tr ',' '\n' | sort -u; }

@test "fslmc-vfio.json(5) has every member of every record, and no other" {
	[ "$(keys_of_page fslmc-vfio.json.5)" = "$(jq -r '."$defs"[].properties // {} | keys[]' schema/fslmc-vfio.schema.json | sort -u)" ]
}

@test "fslmc-vfio.json(5) has every record" {
	local record
	for record in $(jq -r '."$defs" | to_entries[] | select(.value.properties and .key != "document") | .key' schema/fslmc-vfio.schema.json); do
		grep -qx "\.Ss $record" man/fslmc-vfio.json.5
	done
}

@test "fslmc-vfio.d(5) has every member of a definition, and no other" {
	[ "$(keys_of_page fslmc-vfio.d.5)" = "$(jq -r '.properties | keys[]' schema/fslmc-vfio.d.schema.json | sort -u)" ]
}

@test "the parser of definitions knows the members of the schema, and no other" {
	[ "$(sed -n '/} members\[\]/,/^};/s/^\t{ "\([^"]*\)".*/\1/p' src/settings/definition.c | sort)" = "$(jq -r '.properties | keys[]' schema/fslmc-vfio.d.schema.json | sort)" ]
}
