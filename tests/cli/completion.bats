# SPDX-License-Identifier: GPL-2.0-or-later
#
# What each shell offers; and that the helper behind it is cheap, silent, and tells what the tables have.
#
# shellcheck disable=SC2154,SC2016

load ../lib/machine

setup() {
	needs_tools jq python3
	machine_root small
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	ln -s "$(realpath "$fslmc_vfio")" "$BATS_TEST_TMPDIR/bin/fslmc-vfio"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	completions=$tests_dir/../completions
}

# candidates WORD...: what the helper offers, without the meanings.
candidates() { fslmc-vfio __complete "$@" | cut -f1 | LC_ALL=C sort | paste -sd' '; }

in_bash() {
	bash -c '. "$1"; shift; COMP_WORDS=(fslmc-vfio "$@"); COMP_CWORD=$#
		compopt() { [[ $* != "-o nospace" ]] || COMPREPLY=("${COMPREPLY[@]/%/, no blank}"); }
		_fslmc_vfio fslmc-vfio; printf "%s\n" "${COMPREPLY[@]}"' bash "$completions/fslmc-vfio" "$@" 2>&1 |
		LC_ALL=C sort | paste -sd' '
}

in_zsh() {
	zsh -fc 'autoload -Uz compinit && compinit -u -D; file=$1; shift; words=(fslmc-vfio "$@") CURRENT=$(($# + 1))
		compadd() { print -rl -- $candidates }
		source $file' zsh "$completions/_fslmc-vfio" "$@" | LC_ALL=C sort | paste -sd' '
}

in_fish() {
	fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$completions/fslmc-vfio.fish" "fslmc-vfio $*" |
		cut -f1 | LC_ALL=C sort | paste -sd' '
}

every_shell() {
	local shell expected=$1
	shift
	for shell in bash zsh fish; do
		needs_tools "$shell"
		[ "$("in_$shell" "$@")" = "$expected" ] || {
			echo "$shell offers '$("in_$shell" "$@")' for '$*'"
			return 1
		}
	done
}

@test "every shell offers the verbs that --help lists" {
	every_shell "$(fslmc-vfio --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z]*\) .*/\1/p' | LC_ALL=C sort | paste -sd' ')" ''
}

@test "every shell offers the DPRCs of the machine" {
	every_shell "$(fslmc-vfio --sysroot "$root" list -n -r -o NAME | LC_ALL=C sort | paste -sd' ')" "--sysroot=$root" show ''
}

@test "the root DPRC is not offered where it is always refused" {
	local verb
	for verb in bind unbind rebind define destroy probe export 'apply --container'; do
		# shellcheck disable=SC2086 # a verb and its option
		[ "$(candidates "--sysroot=$root" $verb '')" = "dprc.2 dprc.3" ] || { echo "$verb"; return 1; }
	done
	for verb in show check list; do
		[ "$(candidates "--sysroot=$root" "$verb" '')" = "dprc.1 dprc.2 dprc.3" ] || { echo "$verb"; return 1; }
	done
}

@test "the codes offered for define --allow and bind --allow are those a definition may allow, also after a comma" {
	[ "$(candidates bind --allow '')" = "$(candidates define --allow '')" ]
	[ "$(candidates define --allow '')" = "$(jq -r '.properties.allow.items.enum[]' "$tests_dir/../schema/fslmc-vfio.d.schema.json" | LC_ALL=C sort | paste -sd' ')" ]
	[ "$(candidates define --allow=netdev-in-use,host-c)" = "--allow=netdev-in-use,host-crypto" ]
	[ "$(candidates list --color '')" = "always auto never" ]
}

@test "the states offered for wait --until are those of its help" {
	[ "$(candidates wait --until '')" = "bound complete present ready unused" ]
	[[ $(fslmc-vfio wait --help | tr -s ' \n' ' ') == *'present (default), complete, ready, bound or unused'* ]]
}

@test "every shell completes a verb, an option and the value of an option" {
	every_shell unbind unb
	every_shell --dry-run bind --dr
	every_shell podman-cdi export --for p
}

@test "zsh and fish complete the path of --sysroot, as readline does by itself, in one word and in two" {
	local words
	mkdir -p "$BATS_TEST_TMPDIR/path/only"
	# shellcheck disable=SC2086 # one word or two
	for words in "--sysroot=$BATS_TEST_TMPDIR/path/on" "--sysroot $BATS_TEST_TMPDIR/path/on"; do
		needs_tools fish
		[ "$(in_fish "$words")" = "${words#--sysroot }ly/" ]
		needs_tools zsh
		[ "$(zsh -fc 'autoload -Uz compinit && compinit -u -D; file=$1; shift; words=(fslmc-vfio "$@") CURRENT=$(($# + 1))
			_files() { print files }
			compset() { [[ ${words[CURRENT]} == "$2"* ]] }
			source $file' zsh "$completions/_fslmc-vfio" $words)" = files ]
	done
}

@test "in bash a colon parts no word: no DPRC is offered for a group, nor is the group taken for a DPRC" {
	[ -z "$(in_bash "--sysroot=$root" bind --owner = root : dp)" ]
	[ -z "$(in_bash "--sysroot=$root" bind --owner root : dp)" ]
	[ "$(in_bash "--sysroot=$root" define --owner = root : root '')" = "dprc.2 dprc.3" ]
	[ "$(in_bash create --add = dpb)" = "dpbp:, no blank" ]
}

@test "verbs that take one DPRC are not offered a second, and after help only a verb is" {
	local verb
	for verb in define export probe show wait; do
		[[ $(candidates "--sysroot=$root" "$verb" '') == *dprc.2* ]]
		[ -z "$(candidates "--sysroot=$root" "$verb" dprc.2 '')" ] || { echo "$verb"; return 1; }
	done
	[ "$(candidates "--sysroot=$root" export --for dpdk '')" = "dprc.2 dprc.3" ]
	[ "$(candidates help '')" = "$(candidates '')" ]
	[ -z "$(candidates "--sysroot=$root" help bind '')" ]
}

@test "an option with a value, as --port, is offered again, in one word and in two" {
	[ "$(candidates create --port=none --po)" = --port ]
	[ "$(candidates create --port none --po)" = --port ]
}

@test "a completion is one call of the helper, in every shell" {
	local shell
	mkdir "$BATS_TEST_TMPDIR/counting"
	printf '#!/bin/sh\necho called >>"%s"\nexec "%s" "$@"\n' "$BATS_TEST_TMPDIR/calls" "$(realpath "$fslmc_vfio")" \
		>"$BATS_TEST_TMPDIR/counting/fslmc-vfio"
	chmod 755 "$BATS_TEST_TMPDIR/counting/fslmc-vfio"
	PATH=$BATS_TEST_TMPDIR/counting:$PATH
	for shell in bash zsh fish; do
		needs_tools "$shell"
		rm -f "$BATS_TEST_TMPDIR/calls"
		[[ $("in_$shell" "--sysroot=$root" bind '') == *dprc.2* ]]
		[ "$(wc -l <"$BATS_TEST_TMPDIR/calls")" -eq 1 ]
	done
}

@test "what was given is not offered again" {
	[[ " $(candidates "--sysroot=$root" bind dprc.2 '') " != *" dprc.2 "* ]]
}

@test "the options offered are those of each verb's --help" {
	local verb
	for verb in $(candidates ''); do
		[ "$(candidates "$verb" --)" = "$(fslmc-vfio "$verb" --help |
			grep -oE '^ {2,6}(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | LC_ALL=C sort | paste -sd' ')" ]
	done
}

# columns_of_help VERB WHEN: those that --help lists for the table that is shown then.
columns_of_help() {
	fslmc-vfio "$1" --help | awk -v heading="Columns for -o$2 (" '/^Columns / { wanted = index($0, heading) }
		/^ [ *] [A-Z]/ && wanted { sub(/^ [ *] /, ""); print $1 }'
}

@test "the columns offered are those of the table that is shown, also after a comma" {
	local verb columns n_verbs=0
	for verb in $(candidates ''); do
		columns=$(columns_of_help "$verb" '')
		[ -n "$columns" ] || continue
		columns=$({ echo "$columns"; echo all; } | LC_ALL=C sort -u | paste -sd' ')
		n_verbs=$((n_verbs + 1))
		[ "$(candidates "$verb" -o '')" = "$columns" ]
	done
	[ "$n_verbs" -ge 10 ]
	columns=$({ columns_of_help list ' with --objects or --type'; echo all; } | LC_ALL=C sort -u | paste -sd' ')
	[[ $columns == *ENDPOINT* ]]
	for verb in --objects -O -nO --type=dpni; do
		[ "$(candidates list "$verb" -o '')" = "$columns" ]
	done
	[[ " $(candidates bind --dry-run -o '') " != *" DRIVER "* ]]
	[ "$(candidates list -o NAME,PARE)" = NAME,PARENT ]
	[ "$(candidates list -o +PARE)" = +PARENT ]
}

@test "the types offered are those of the bus, also after a comma" {
	[ "$(candidates "--sysroot=$root" list --type '')" = "$(fslmc-vfio --sysroot "$root" list -O -n -r -o TYPE | LC_ALL=C sort -u | paste -sd' ')" ]
	[ "$(candidates "--sysroot=$root" list --type dprc,dpn)" = dprc,dpni ]
}

@test "the consumers offered are those of export --help" {
	[ "$(candidates export --for '')" = "$(fslmc-vfio export --help | sed -n '/^FORMAT/,$s/^  \([a-z-]*\) .*/\1/p' | LC_ALL=C sort | paste -sd' ')" ]
}

@test "the helper is silent on a machine without the bus, on nonsense, and is in no help" {
	run --separate-stderr fslmc-vfio __complete --sysroot=/nowhere bind ''
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	run --separate-stderr fslmc-vfio __complete no-such-verb ''
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	run --separate-stderr fslmc-vfio __complete
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
	run ! grep -q __complete <(fslmc-vfio --help)
}

@test "the helper reads one directory and one link a DPRC, and opens no file of an object" {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -f -E ASAN_OPTIONS=detect_leaks=0 -e trace=%file,getdents64 -o "$BATS_TEST_TMPDIR/trace" fslmc-vfio __complete "--sysroot=$root" bind ''
	run ! grep -E 'driver_override|iommu_group|/dev/dprc' "$BATS_TEST_TMPDIR/trace"
	[ "$(grep -c 'readlink' "$BATS_TEST_TMPDIR/trace")" -le $(($(fslmc-vfio --sysroot "$root" list -n -r | wc -l) + 1)) ]
}
