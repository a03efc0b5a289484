# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is said of arguments that are wrong: to people, and in JSON to those who asked for it, wherever.
#
# shellcheck disable=SC2154

load ../lib/machine

# One a line.
wrong_arguments() {
	cat <<-'LINES'
		nonsense
		--nonsense
		list --nonsense
		list -x
		list -o
		list -o NONE
		show
		show dprc.2 dprc.3
		show dprc
		bind
		bind --wait=x dprc.2
		bind --timeout=-1 dprc.2
		probe --irq-watch=0 dprc.2
		probe --interface=x dprc.2
		check --lcores=1025 --for=dpdk
		check --lcores=2
		define --as=../x dprc.2
		export dprc.2
		export --for=nobody dprc.2
		undefine ../x
		monitor dprc.2
	LINES
}

@test "with --json, wrong arguments give a document that says what is wrong, and no other words to people" {
	local line words said_to_people
	machine_root small
	while read -r line; do
		read -ra words <<<"--sysroot $root $line"
		run --separate-stderr "$fslmc_vfio" "${words[@]}"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		said_to_people=$stderr
		run --separate-stderr "$fslmc_vfio" --json "${words[@]}"
		[ "$status" -eq 2 ]
		[ "$stderr" = "$said_to_people" ]
		valid_json <<<"$output"
		# One line, for who reads every line of monitor as a document.
		[ "${#lines[@]}" -eq 1 ]
		json -e '.status == "usage" and (.messages | length) == 1 and .messages[0].errno == "EINVAL"' >/dev/null || {
			echo "$line: $output"
			return 1
		}
		# What getopt says is its own; of all else the document has the words.
		[[ $line == *" -"[xo] ]] || [[ $said_to_people == *"$(json .messages[0].message)"* ]]
	done < <(wrong_arguments)
}

@test "every usage error says, the same way, which --help to read" {
	local arguments verb
	for arguments in ': frobnicate' ': --frobnicate' ' bind: bind' ' list: list --frobnicate' ' list: list --lo' \
		' probe: probe --timeout x dprc.2' ' define: define dprc.2 --allow=group-shared' \
		' define: define dprc.2 --allow=netdev-in-use,'; do
		verb=${arguments%%:*}
		# shellcheck disable=SC2086 # several words
		run --separate-stderr "$fslmc_vfio" ${arguments#*: }
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[ "${stderr##*$'\n'}" = "Try 'fslmc-vfio$verb --help' for more information." ] || { echo "$arguments: $stderr"; return 1; }
	done
}

@test "--json is looked for among all arguments, before and behind what is wrong" {
	local arguments
	for arguments in '--json nonsense' 'nonsense -J' 'list -x --json' 'list --nonsense -nJ' 'bind --json'; do
		# shellcheck disable=SC2086
		run --separate-stderr "$fslmc_vfio" $arguments
		[ "$status" -eq 2 ]
		valid_json <<<"$output"
	done
	run --separate-stderr "$fslmc_vfio" nonsense -- --json
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	# A letter of a value is no option.
	for arguments in 'list -oOBJECTS --nonsense' 'list -nroOBJECTS --nonsense' 'doctor -uJ --nonsense'; do
		# shellcheck disable=SC2086
		run --separate-stderr "$fslmc_vfio" $arguments
		[ "$status" -eq 2 ]
		[ -z "$output" ] || { echo "$arguments: $output"; return 1; }
	done
}

@test "help and version are no usage errors, with --json either" {
	local option
	for option in --help --usage --version; do
		run --separate-stderr "$fslmc_vfio" --json "$option"
		[ "$status" -eq 0 ]
		[[ $output != '{'* ]]
	done
	run --separate-stderr "$fslmc_vfio" list --json --help
	[ "$status" -eq 0 ]
	[[ $output != *'"status"'* ]]
}

@test "the exit status is that of a usage error though the document cannot be written" {
	run bash -c '"$1" nonsense --json >/dev/full' bash "$fslmc_vfio"
	[ "$status" -eq 2 ]
	run bash -c '"$1" list --json -x >/dev/full' bash "$fslmc_vfio"
	[ "$status" -eq 2 ]
}

@test "the command line, a definition and its schema have one limit for threads" {
	local most count=lcores
	most=$(sed -n 's/^#define WORKLOAD_MAX \([0-9]*\).*/\1/p' "$tests_dir/../src/rules/needs.h")
	[ "$(jq ".properties.$count.maximum" "$tests_dir/../schema/fslmc-vfio.d.schema.json")" = "$most" ]
	machine small check --for=dpdk "--$count=$((most + 1))" dprc.2
	[ "$status" -eq 2 ]
	[[ $stderr == *"from 1 to $most"* ]]
	variant
	mkdir -p "$root/etc/fslmc-vfio.d"
	echo "{\"format_version\": \"1.0\", \"contents\": {\"dpni\": 1}, \"profile\": \"dpdk\", \"$count\": $((most + 1))}" \
		>"$root/etc/fslmc-vfio.d/it.json"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run
	[ "$status" -eq 4 ]
	[[ $stderr == *"is not a number from 1 to $most"* ]]
}

@test "a definition of 0.1.0 that counts processes is read as a list of lcores" {
	variant
	mkdir -p "$root/etc/fslmc-vfio.d"
	echo '{"format_version": "1.0", "contents": {"dpbp": 1, "dpio": 3, "dpmcp": 1, "dpni": 1},
		"profile": "dpdk", "lcores": 2, "processes": 3}' >"$root/etc/fslmc-vfio.d/it.json"
	run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run
	[[ $stderr == *"9 required, "* ]]
}

@test "--lcores of several processes: a number each, here and in a definition" {
	local arguments
	machine small check --for=dpdk --lcores=2,1 dprc.2
	[[ $output == *"5 required, "* ]]
	for arguments in "--lcores=2," "--lcores=,2" --lcores=2,0 "--lcores=$(printf '1,%.0s' {1..64})1"; do
		# shellcheck disable=SC2086
		machine small check --for=dpdk $arguments dprc.2
		[ "$status" -eq 2 ]
	done
	machine small check --for=vpp --lcores=2,1 dprc.2
	[ "$status" -eq 2 ]
	variant
	mkdir -p "$root/etc/fslmc-vfio.d"
	for lcores in '[2, 1]/5 required, 3 available' '[2, 0]/is not a number' '[]/does not have 1 to 64 numbers'; do
		echo '{"format_version": "1.0", "contents": {"dpbp": 1, "dpio": 3, "dpmcp": 1, "dpni": 1}, "profile": "dpdk",
			"lcores": '"${lcores%%/*}}" >"$root/etc/fslmc-vfio.d/it.json"
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" apply --dry-run
		[ "$status" -eq 4 ]
		[[ $stderr == *"${lcores#*/}"* ]]
	done
}

@test "what was typed reaches no terminal and no log as it is, whoever refuses it" {
	local bad template
	for bad in $'\e[31m' $'\302\233m' $'\177' $'\377' $'\342\200\256' $'\342\200\250' $'\357\273\277' $'x\nfslmc-vfio: all is well'; do
		for template in '%s' '--%s' '--%s=1' '-%s' '-n%s' 'list %s' 'list --%s' 'list -%s' 'list -o %s' 'list -T%s' \
			'bind --timeout=%s dprc.2' 'bind --owner=%s dprc.2' 'export --for=%s dprc.2' 'define --as=%s dprc.2' \
			'probe --interface=%s dprc.2' 'check --for=%s dprc.2' 'undefine %s' '--sysroot=%s list'; do
			mapfile -t words < <(tr ' ' '\n' <<<"$template")
			run --separate-stderr "$fslmc_vfio" "${words[@]//'%s'/$bad}"
			[ "$status" -ne 0 ]
			[ -n "$stderr" ]
			[[ $stderr != *"$bad"* && $stderr != *$'\nfslmc-vfio: all is well'* ]] || { echo "$template: $stderr"; return 1; }
			[ "$(tr -d '\n\040-\176' <<<"$stderr" | wc -c)" -eq 0 ] || { echo "$template: $stderr"; return 1; }
			run --separate-stderr "$fslmc_vfio" --json "${words[@]//'%s'/$bad}"
			[[ $template == '%s' || ${output:0:1} == '{' ]] || continue
			valid_json <<<"$output"
			[[ $output != *"$bad"* ]] || { echo "$template: $output"; return 1; }
		done
	done
}

@test "what is nearly right is asked for: verbs, options, columns; help is --help, and nothing at all is list" {
	machine_root small
	asks() {
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" "${@:2}"
		[ "$status" -eq 2 ]
		[[ $stderr == *"; did you mean '$1'?"* ]] || { echo "$stderr"; return 1; }
	}
	asks bind bnid dprc.2
	asks rebind rebnd dprc.2
	asks --json list --jsno
	asks --force bind --forse dprc.2
	asks NAME list -o NAEM
	run --separate-stderr "$fslmc_vfio" frobnicate
	[[ $stderr != *"did you mean"* ]]
	diff <("$fslmc_vfio" help) <("$fslmc_vfio" --help)
	diff <("$fslmc_vfio" help bind) <("$fslmc_vfio" bind --help)
	diff <("$fslmc_vfio" --sysroot "$root") <("$fslmc_vfio" --sysroot "$root" list)
}
