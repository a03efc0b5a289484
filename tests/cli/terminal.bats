# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a person sees: tables and sentences in a real terminal, of 80 columns and of 200, in UTF-8 and without.
#
# shellcheck disable=SC2154

load ../lib/machine

setup() { needs_tools jq python3 tmux; }

# Every table there is of a captured machine; show, of every DPRC it has.
commands_of() {
	local root=$1 dprc table
	local tables=(list 'list --objects' 'list --tree' 'list --objects --tree' 'list --type=dpni,dpio' 'list --ports' 'list --pools' check
		'check --for=qemu --lcores=16' doctor status 'create --dry-run --label=x --for=dpdk --lcores=2 --port=dpmac.17')
	while read -r dprc; do
		tables+=("show $dprc" "bind --dry-run --force $dprc" "show LABEL=$dprc")
	done < <("$fslmc_vfio" --sysroot "$root" list -n -r -o NAME 2>/dev/null)
	for table in "${tables[@]}"; do
		printf "echo '= %s'; %q --sysroot %q %s 2>/dev/null\n" "$table" "$fslmc_vfio" "$root" "$table"
	done
}

# The beginnings of rows, and of sentences: what is folded goes on further in.
beginnings() { grep '^[^ ]' | awk '{ print $1 }'; }

# seen_by MACHINE COLUMNS LOCALE
seen_by() {
	local commands
	machine_root "$1"
	mapfile -t commands < <(commands_of "$root")
	"$tests_dir/terminal" "$2" "$3" "${commands[@]}" >"$BATS_TEST_TMPDIR/screen"
	# tmux joins what it had to wrap: nothing.
	"$tests_dir/terminal" "$2" "$3" -J "${commands[@]}" | sed 's/ *$//' | diff "$BATS_TEST_TMPDIR/screen" - || return
	(export LC_ALL=$3 && printf '%s\n' "${commands[@]}" | bash) >"$BATS_TEST_TMPDIR/piped"
	diff <(beginnings <"$BATS_TEST_TMPDIR/piped") <(beginnings <"$BATS_TEST_TMPDIR/screen") || return
	# Folding loses nothing but blanks.
	diff <(tr -d ' \n' <"$BATS_TEST_TMPDIR/piped" | wc -m) <(tr -d ' \n' <"$BATS_TEST_TMPDIR/screen" | wc -m)
}

@test "no table is wrapped by a terminal of 80 columns or of 200, and none of its rows is broken" {
	local manifest columns locale
	for manifest in "$tests_dir"/machines/*.manifest; do
		for columns in 80 200; do
			for locale in C.UTF-8 C; do
				seen_by "$(basename "$manifest" .manifest)" "$columns" "$locale" ||
					{ echo "$manifest, $columns columns, $locale"; return 1; }
			done
		done
	done
}

@test "a column too wide is folded within itself, and many names are ranges" {
	variant "$(printf '/mc object.*dpio/d')" \
		"$(for i in {4..60}; do printf 'object dprc.1/dprc.2/dpio.%d group=1\n' "$i"; done)"
	run "$tests_dir/terminal" 80 C.UTF-8 "$fslmc_vfio --sysroot $root show dprc.2 2>/dev/null"
	[[ $output == *"DEVICES  dpbp.1,dpio.1-60,dpmcp.1,dpni.1,dprc.2"* ]]
	run "$tests_dir/terminal" 60 C.UTF-8 "$fslmc_vfio --sysroot $root check -o NAME,CODE,REASON dprc.2"
	! grep -vE '^(NAME|dprc\.2|        )' <<<"$output"
}

@test "refuse is red and warn is yellow on a terminal, unless NO_COLOR or --color say otherwise" {
	local red=$'\e[31mrefuse' yellow=$'\e[33mwarn' check escape=$'\e'
	machine_root small
	check="$fslmc_vfio --sysroot $root check dprc.3"
	run "$tests_dir/terminal" 80 C.UTF-8 -e "$check"
	[[ $output == *"$red"* && $output == *"$yellow"* ]]
	for plain in "NO_COLOR=1 $check" "$check --color=never" "TERM=dumb $check" "$check | cat" "NO_COLOR=1 $check --color=auto"; do
		run "$tests_dir/terminal" 80 C.UTF-8 -e "$plain"
		[[ $output == *refuse*warn* && $output != *"$escape"* ]] || { echo "$plain: $output"; return 1; }
	done
	run "$tests_dir/terminal" 80 C.UTF-8 -e "NO_COLOR= $check"
	[[ $output == *"$red"* ]]
	NO_COLOR=1 run "$fslmc_vfio" --sysroot "$root" check dprc.3 --color=always
	[[ $output == *"$red"* ]]
	run "$fslmc_vfio" --sysroot "$root" check dprc.3 --color=always --json
	[[ $output != *"$escape"* ]]
	run "$fslmc_vfio" --sysroot "$root" check dprc.3 --color=sometimes
	[ "$status" -eq 2 ]
}

@test "names, columns and messages are the same in a locale with other letters" {
	localedef -i tr_TR -f UTF-8 "$BATS_TEST_TMPDIR/tr_TR.UTF-8" || skip "the Turkish locale cannot be made here"
	local want columns
	machine_root small
	for columns in name,driver,id,endpoint,suppliers holder name,nothing; do
		run --separate-stderr "$fslmc_vfio" --sysroot "$root" list -O -o "$columns"
		want="$status $output $stderr"
		LOCPATH=$BATS_TEST_TMPDIR LC_ALL=tr_TR.UTF-8 run --separate-stderr "$fslmc_vfio" --sysroot "$root" list -O -o "$columns"
		[ "$status $output $stderr" = "$want" ] || { echo "$columns: $status $stderr"; return 1; }
	done
	LOCPATH=$BATS_TEST_TMPDIR LC_ALL=tr_TR.UTF-8 run "$fslmc_vfio" --sysroot "$root" list --tree -n -o name
	[[ $output == *"└─dprc.3"* ]]
}

@test "what is empty is a sentence, and nothing for scripts" {
	local how
	machine plain list --ports
	[ "$status" -eq 0 ]
	[ "$output" = "no port on the fsl-mc bus" ]
	for how in -n -r -nr "-n -o PORT"; do
		# shellcheck disable=SC2086
		machine plain list --ports $how
		[ "$status" -eq 0 ]
		[ -z "$output" ] || { echo "$how: $output"; return 1; }
	done
	machine plain list --ports --json
	[ "$(json .ports)" = '[]' ]
	machine empty list
	[ "$output" = "no DPRC on the fsl-mc bus" ]
	machine empty list --objects
	[ "$output" = "no object on the fsl-mc bus" ]
	machine small list --type=dpdmux
	[ "$output" = "no object of this type" ]
	machine small list --type=dpdmux -n
	[ -z "$output" ]
	machine shipped check
	[ "${lines[-1]}" = "there is no DPRC besides the root" ]
}

@test "check and doctor end in a verdict" {
	machine plain check dprc.2
	[ "${lines[-1]}" = "dprc.2: can be bound" ]
	machine small check dprc.3
	[ "${lines[-1]}" = "dprc.3: refused by 1 rule" ]
	machine small check
	[ "${lines[-1]}" = "can be bound: dprc.2; refused: dprc.3" ]
	machine plain doctor
	[[ ${lines[-1]} == "this host is ready"* ]]
	machine old doctor
	[[ ${lines[-1]} == "this host is not ready: refused by "*" rule"* ]]
	machine small check -n -r
	[[ $output != *"can be bound"* && $output != *"refused by"* ]]
}

@test "the pictures in doc/pictures are what the program shows; doc/pictures/make makes them" {
	"$tests_dir/../doc/pictures/make" "$BATS_TEST_TMPDIR"
	local picture n=0
	for picture in "$tests_dir"/../doc/pictures/*.svg; do
		diff "$picture" "$BATS_TEST_TMPDIR/${picture##*/}"
		((++n))
	done
	[ "$n" -eq 4 ]
}
