# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is written about the program agrees with the program: manual, --help, completion, schema, NEWS, README.
#
# shellcheck disable=SC2154

load ../lib/source

setup() {
	tool=${FSLMC_VFIO:-${FSLMC_VFIO_BUILD:-build}/native/fslmc-vfio}
	[ -x "$tool" ]
}

verbs() { "$tool" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }

# The long options of a verb, or without one of the program, from its --help.
options() { "$tool" "$@" --help | grep -oP '^ {2,6}(-., |    )?\K--[a-z-]+'; }

# The part of the manual about a verb.
section() { awk -v verb="$1" '/^\.S[sh] / { inside = ($1 == ".Ss" && $2 == verb) } inside' man/fslmc-vfio.8; }

@test "there are verbs, and every one has its section in the manual, and no other has" {
	[ "$(verbs | wc -l)" -ge 8 ]
	diff <(verbs | sort) <(sed -n '/^\.Sh VERBS/,/^\.Sh /s/^\.Ss \([a-z]*\).*/\1/p' man/fslmc-vfio.8 | sort)
}

@test "every option of a verb is in the manual, in its section or with those that verbs share" {
	local verb option
	for verb in $(verbs); do
		for option in $(options "$verb"); do
			{ section "$verb"; sed -n '/^\.Sh OPTIONS/,/^\.Sh OUTPUT/p' man/fslmc-vfio.8; } |
				grep -qE "Fl -${option#--}( |$)" || {
				echo "$verb $option is not in the manual"
				return 1
			}
		done
	done
}

@test "the manual knows no option that no verb has" {
	local option all known
	all=$(options; for verb in $(verbs); do options "$verb"; done)
	mapfile -t known < <(grep -oP 'Fl -\K[a-z][a-z-]+' man/fslmc-vfio.8 | sort -u)
	((${#known[@]} > 20))
	for option in "${known[@]}"; do
		grep -qx -- "--$option" <<<"$all" || {
			echo "the manual has --$option"
			return 1
		}
	done
}

@test "the manual says of every verb what it writes" {
	diff <(verbs | sort) <(sed -n '/^\.Sh WRITES/,/^\.Sh /s/^\.It Cm //p' man/fslmc-vfio.8 | tr -d ' ' | tr ',' '\n' | sort)
}

@test "every manual has its sections, and the program's has all of them" {
	local section
	for section in NAME SYNOPSIS DESCRIPTION VERBS OPTIONS OUTPUT WRITES SIGNALS 'SYSTEM LOG' 'CONCURRENT RUNS' ENVIRONMENT FILES EXAMPLES \
		'SEE ALSO'; do
		grep -qx "\.Sh $section" man/fslmc-vfio.8
	done
	for section in NAME DESCRIPTION REASONS 'KERNEL DEFECTS' EXAMPLES 'SEE ALSO'; do
		grep -qx "\.Sh $section" man/fslmc-vfio-checks.7
	done
	for section in NAME DESCRIPTION EXAMPLES 'SEE ALSO'; do
		grep -qx "\.Sh $section" man/fslmc-vfio.json.5
		grep -qx "\.Sh $section" man/fslmc-vfio.d.5
	done
}

@test "the members that fslmc-vfio.d(5) explains are those of the schema of definitions" {
	diff <(jq -r '.properties | keys[]' schema/fslmc-vfio.d.schema.json | sort) \
		<(sed -n '/^\.It Li /s/^\.It Li //p' man/fslmc-vfio.d.5 | tr -d ' ' | tr ',' '\n' | sort)
}

@test "every command of the EXAMPLES is one that the program takes" {
	local verb options option n=0
	while read -r verb options; do
		n=$((n + 1))
		verbs | grep -qx "$verb"
		for option in $(grep -oE -- '--[a-z-]+' <<<"$options"); do
			options "$verb" | grep -qx -- "$option" || { echo "$verb $option"; return 1; }
		done
	done < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' man/fslmc-vfio.8 | sed -n 's/|.*//; s/)\\.*//; s/^\.Dl .*fslmc-vfio //p')
	((n > 5))
}

@test "the exit statuses of the manual are those of the code, word for word" {
	diff <("$tool" --help | sed -n '/^Exit status:/,/^$/s/^  \([0-9]\)  \(.*\)/\1 \2/p') \
		<(sed -n '/^\.Ss EXIT STATUS/,/^\.El/p' man/fslmc-vfio.8 |
			awk '/^\.It/ { number = $2; next } /^\./ { next } number != "" { print number, $0; number = "" }')
}

# The codes that a verb's --help lists, and those that the manual explains.
codes() {
	"$tool" "$1" --help | sed -n '/, explained in fslmc-vfio-checks(7)/,$p' | sed '/^Known defects/,$d' | sed 's/^\(Reasons\|Findings\)[^:]*://' |
		tr -s ' \n' '\n' | grep -v '^$'
}
# The section REASONS, and the codes that it explains.
reasons() { sed -n '/^\.Sh REASONS/,/^\.Sh KERNEL/p' man/fslmc-vfio-checks.7; }
explained() { reasons | sed -n 's/^\.It \([a-z0-9-]*\) Pq .*/\1/p'; }

@test "the reasons of check and doctor are those of the manual, in its order" {
	local verb
	for verb in check doctor; do
		[ "$(codes "$verb" | wc -l)" -gt 10 ]
		diff <(codes "$verb") <(explained | grep -xFf <(codes "$verb"))
	done
	diff <({ codes check; codes doctor; } | sort -u) <(explained | sort)
}

# weights FIELD: the weights that the table has in that field for any rule of $code, one a line.
weights() { awk -F '\t' -v code="$code" -v field="$1" '$1 == code { print $field }' <<<"$rules" | tr , '\n' | sort -u; }

@test "the manual has every rule of the table: its order, weights, text and remedy" {
	local rules code head entry text remedy word
	rules=$("${tool%/*}/tests/meta/rules_list")
	diff <(cut -f 1 <<<"$rules" | awk '!seen[$0]++') <(explained)
	while IFS=$'\t' read -r code _ _ _ _ _ _ text remedy; do
		entry=$(reasons | awk -v code="$code" '/^\.It [^ ]* Pq / { inside = $2 == code } inside' | sed 's/^\\&//')
		grep -qxF -- "${text^}." <<<"$entry" || { echo "$code: ${text^}."; return 1; }
		grep -qx '\.It Remedy' <<<"$entry"
		[[ $remedy == - ]] || grep -qxF -- "$remedy" <<<"$entry" || { echo "$code, remedy: $remedy"; return 1; }
		head=$(sed -n '1s/.* Pq //p' <<<"$entry")
		for word in refuse warn info; do
			[[ $(weights 2) != *$word* ]] || grep -q "\b$word\b" <<<"${head%%doctor:*}"
			[[ $(weights 3) != *$word* ]] || grep -q "doctor: .*\b$word\b" <<<"$head"
		done
		[[ $(weights 3) == *[a-z]* ]] || [[ $head != *doctor* ]]
		[[ $(weights 4) == *[a-z]* ]] && grep -q 'unbind: refuse' <<<"$head" || [[ $head != *unbind:* ]]
		[[ $(weights 5) == *[a-z]* ]] && grep -q 'destroy: refuse' <<<"$head" || [[ $head != *destroy:* ]]
		[[ $(weights 6) == *for* ]] && grep -q 'with Fl -for' <<<"$head" || [[ $head != *'with Fl -for'* ]]
		[[ $(weights 2) == *strict* ]] && grep -q 'refuse if strict' <<<"$head" || [[ $head != *strict* ]]
	done <<<"$rules"
}

@test "the defects of Linux in the manual are those of the code, with their versions" {
	local defects
	defects=$("$tool" doctor --help | sed -n '/^Known defects/,/^$/p' | sed 1d | awk '
		/^  / { if (line) print line; line = substr($0, 3); next } NF { line = line " " $0 } END { print line }')
	[ "$(wc -l <<<"$defects")" -ge 8 ]
	diff <(echo "$defects") <(sed -n '/^\.Sh KERNEL DEFECTS/,/^\.El/s/^\.It \([^ ]*\) Pq \(.*\)/\1: \2/p' man/fslmc-vfio-checks.7)
}

@test "NEWS and README speak of every verb" {
	local verb
	for verb in $(verbs); do
		grep -qw "$verb" NEWS
		grep -qw "$verb" README.md man/fslmc-vfio.8
	done
}

@test "README names no file and no verb that is not there" {
	local path
	for path in $(grep -oE '(tests|man|src|contrib|\.ci)/[a-z0-9./-]+' README.md | sed 's/[.,]$//' | sort -u); do
		[ -e "$path" ] || { echo "$path"; return 1; }
	done
	for verb in $(grep -oP '(?<!# )fslmc-vfio \K[a-z]+(?= )' README.md | sort -u); do
		[[ $verb == to || $verb == can || $verb == and ]] || verbs | grep -qx "$verb" || { echo "$verb"; return 1; }
	done
}

@test "--version is name, blank, version, and that is the version of the manual's tool and of NEWS" {
	run "$tool" --version
	[[ $output =~ ^fslmc-vfio\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	grep -q "^$output" NEWS
}

@test "--help of every verb fits 80 columns and ends well" {
	local verb
	for verb in '' $(verbs); do
		# shellcheck disable=SC2086
		run "$tool" $verb --help
		[ "$status" -eq 0 ]
		run awk 'length > 80 { print; found = 1 } END { exit found }' <<<"$output"
		[ "$status" -eq 0 ] || { echo "$verb: $output"; return 1; }
	done
}

@test "usage errors exit 2: an unknown verb, an unknown option, an abbreviated one, glibc's hidden ones" {
	for arguments in 'frobnicate' 'list --frobnicate' 'list --js' 'list --HANG=1' 'list --program-name=x' 'show'; do
		# shellcheck disable=SC2086
		run "$tool" $arguments
		[ "$status" -eq 2 ]
	done
}

@test "the differences that status tells are those of the schema and of the manual" {
	local kinds
	kinds=$(jq -r '."$defs".drift.properties.kind.enum[]' schema/fslmc-vfio.schema.json | sort)
	diff <(echo "$kinds") <(sed -nE 's/.*(drift_add\([^"]*|add_findings\([^"]*)"([a-z-]+)".*/\2/p' src/verbs/drift.c src/verbs/status.c | sort -u)
	diff <(echo "$kinds") <(section status | sed -n 's/^\.It \([a-z]\)/\1/p' | tr -d ' ' | tr ',' '\n' | sort)
}

# What a reader should not have to decode; new texts use the words of the field.
@test "manuals, help and messages are free of phrases that were replaced" {
	local verb phrases='(came|come|goes|went|back) to VFIO|\<with VFIO\>|gives? back|given back|asked back|parted (by|with)'
	phrases+='|\<anew\>|\<shall\>|\<be it\>|\<perhaps\>|\<lacks\>|which this kernel has not|, too[.;]?$|\<Refused is\>'
	phrases+='|\<still at it\>|it is gone|settled by|settles it|it vanished|put back|\<at work\>|the MC says|MC (tells|knows)|says the MC|doctor.? tells'
	phrases+='|\<is no (type|name|multiple|interface|DPAA2)\>|is none of'
	{
		sed 's/^/manual: /' man/*.[58]
		"$tool" --help
		for verb in $("$tool" --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do "$tool" "$verb" --help; done
		grep -rhoE '"([^"\\]|\\.)*"' src --include='*.c'
	} >"$BATS_TEST_TMPDIR/texts"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/texts")" -gt 3000 ]
	run ! grep -nE "$phrases" "$BATS_TEST_TMPDIR/texts"
}

@test "output that cannot be written is a failure" {
	for arguments in --help --version 'list --help' 'list --sysroot / --json' '--usage'; do
		# shellcheck disable=SC2086
		run bash -c '"$0" "$@" >/dev/full' "$tool" $arguments
		[ "$status" -ne 0 ]
	done
}

@test "a definition may allow what the manual says yields to --force" {
	diff <(reasons | sed -n 's/^\.It \([a-z-]*\) Pq .*yields to Fl -force.*/\1/p' | sort) \
		<(jq -r '.properties.allow.items.enum[]' schema/fslmc-vfio.d.schema.json | sort)
}
