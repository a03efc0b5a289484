# SPDX-License-Identifier: GPL-2.0-or-later
#
# The shape of the code, as CONTRIBUTING.md says it is.
#
# shellcheck disable=SC2154

load ../lib/source
load ../lib/tools

@test "floors are one-way: a file includes only from its own floor or below" {
	local file floor included
	while IFS=: read -r file included; do
		floor=$(floor_of "$file")
		if (($(floor_of "src/$included") > floor)); then
			echo "$file includes $included, from a floor above it"
			return 1
		fi
	done < <(grep -RHoP '^#include "\K[a-z_]+/[a-z_0-9]+\.h' src)
}

@test "no files need each other in a circle, by the symbols they link" {
	local objects=${FSLMC_VFIO_BUILD:-$PWD/build}/native/src circles_of=$PWD/tests/meta/circles
	needs_tools nm python3
	[ -f "$objects/main.o" ] || skip "there is no build in $objects"
	cd "$objects"
	"$circles_of" main.o */*.o
}

@test "every folder of src is on a floor, which CONTRIBUTING has, and no other" {
	local folder
	for folder in src/*/ src/main.c; do
		grep -qE "^\| $(floor_of "$folder") \|.*\`${folder#src/}\`" CONTRIBUTING.md
	done
	[ "$(grep -cE '^\| [0-9] \|' CONTRIBUTING.md)" -le "$(ls src | wc -l)" ]
}

@test "every folder of tests is in CONTRIBUTING" {
	local folder
	for folder in tests/*/ tests/board/*/; do
		folder=${folder#tests/}
		[[ $folder == board/ || $folder == machines/ || $folder == records/ ]] || grep -q "^|.*\`$folder\`" CONTRIBUTING.md
	done
}

@test "log is the only writer to stderr" {
	run grep -RnE 'stderr|perror\(|\bwarnx?\(.*errno|error_at_line' src --include='*.c'
	# What argp cannot say itself, what is said when memory ran out, and when stdout cannot be closed.
	local allowed='^src/(base/log|base/util|verbs/usage|main)\.c:'
	run ! grep -vE "$allowed" <<<"$output"
}

@test "kernel doors, models and the ground print nothing" {
	run ! grep -RnwE 'printf|puts|putchar|fputs|fprintf|fail|warn|note' src/kernel src/model --include='*.c'
}

@test "policy and its evidence call no door" {
	local files=(src/rules/policy.[ch] src/rules/evidence*.[ch])
	[ "${#files[@]}" -ge 6 ]
	run ! grep -nE '#include "kernel/' "${files[@]}"
}

@test "each external header has one door" {
	one_door '<libudev\.h>' src/kernel/uevent.c
	one_door '<linux/vfio\.h>' src/kernel/vfio
	one_door '<linux/iommufd\.h>' src/kernel/vfio
	one_door '<ifaddrs\.h>' src/kernel/ifaddrs.c
	one_door '<argp\.h>' src/verbs/ src/main.c
}

@test "files stay under 400 lines" {
	# shellcheck disable=SC2046 # names without blanks
	run awk 'FNR == 401 { print FILENAME }' $(git_files 'src/*.[ch]' 'tests/mc-firmware/*.[ch]')
	[ -z "$output" ]
}

@test "a backtrace tells the file: no static function has a name that many could have" {
	run ! grep -RnE '^static [^;=]*\b(run|parse|show|prepare)\(' src
}

@test "functions stay under 60 lines" {
	local long
	needs_tools ctags
	long=$(ctags -f - --languages=C --fields=+ne --kinds-C=f -R src tests/mc-firmware |
		awk -F'\t' '{ s = e = 0
			for (i = 4; i <= NF; i++) { if ($i ~ /^line:/) s = substr($i, 6); if ($i ~ /^end:/) e = substr($i, 5) }
			if (e - s >= 60) print $2 ": " $1 ", " e - s + 1 " lines" }')
	[ -z "$long" ] || { echo "$long"; return 1; }
}

@test "every file has its licence" {
	local file
	for file in $(git_files .); do
		case $file in COPYING | *.md.license | debian/changelog | debian/source/format) continue ;; esac
		grep -qE 'SPDX-License-Identifier: GPL-2.0-or-later|"license": *"GPL-2.0-or-later' "$file" || {
			echo "$file has no SPDX line"
			return 1
		}
	done
}

@test "no file names a path of the machine it was written on" {
	local files
	mapfile -t files < <(git_files . | grep -vE '^tests/(meta/architecture.bats|vm/(enter|init|start.bash))$')
	run ! grep -nE '/home/[a-z]' "${files[@]}"
	run ! grep -nF "$PWD/" "${files[@]}"
}

@test "every test is in a folder that says what it needs" {
	local file
	for file in $(git_files tests | grep '\.bats$'); do
		case $file in
		tests/board/*/*) grep -qE '^load \.\./\.\./lib/(board|reasons)$' "$file" ;;
		tests/meta/packages.bats) ;;
		tests/cli/* | tests/lint/* | tests/mc-firmware/* | tests/meta/* | tests/vm/*)
			! grep -qE '^load .*/lib/(board|reasons)$' "$file" ;;
		*) false ;;
		esac || { echo "$file is in the wrong folder"; return 1; }
	done
}
