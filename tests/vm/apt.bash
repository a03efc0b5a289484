# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian arm64 packages by way of the host's own apt, without touching the host: a private
# apt state per suite that believes itself arm64 with nothing installed.  Sourced, after common.bash.

# The Debian mirror and the security mirror this host already uses, by the labels of their
# Release files.  Hosts that have none (derivatives) name one in FSLMC_VFIO_MIRROR.
apt_mirror() {
	local label=$1 uri
	uri=$(apt-get indextargets --format "\$(LABEL) \$(REPO_URI)" 'Created-By: Packages' |
		awk -v label="$label" '$1 == label { print $2; exit }')
	if [[ -z $uri && $label == Debian ]]; then
		uri=${FSLMC_VFIO_MIRROR:-}
	fi
	printf '%s\n' "$uri"
}

apt_sources() {
	local suite=$1 debian security
	local signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
	debian=$(apt_mirror Debian)
	security=$(apt_mirror Debian-Security)
	[[ -n $debian ]] || missing "apt knows no Debian mirror: run apt-get update, or set FSLMC_VFIO_MIRROR"

	printf 'deb %s %s %s main\n' "$signed" "$debian" "$suite"
	printf 'deb-src %s %s %s main\n' "$signed" "$debian" "$suite"
	if [[ -n $security && $suite != sid ]]; then
		printf 'deb %s %s %s-security main\n' "$signed" "$security" "$suite"
		printf 'deb-src %s %s %s-security main\n' "$signed" "$security" "$suite"
	fi
}

# apt_in SUITE TOOL ARGS...: run apt-get or apt-cache inside the private state of SUITE.
apt_in() {
	local dir=$cache/apt/$1 tool=$2
	shift 2
	"$tool" -o APT::Architecture=arm64 -o APT::Architectures::=arm64 \
		-o "Dir::State=$dir/state" -o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir" \
		-o "Dir::Etc::SourceList=$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o "APT::Sandbox::User=$(id -un)" -o APT::Keep-Downloaded-Packages=true \
		-o APT::Update::Error-Mode=any -o Acquire::Retries=2 "$@"
}

apt_open() {
	local suite=$1 dir=$cache/apt/$1
	mkdir -p "$dir/state/lists/partial" "$dir/archives/partial"
	: >"$dir/status"
	apt_sources "$suite" >"$dir/sources.list"
	say "reading the package lists of $suite (arm64)"
	apt_in "$suite" apt-get -q update >&2 || missing "cannot read the package lists of $suite; offline?"
}

# apt_archives SUITE PACKAGE...: download them with all they depend on; prints the .deb files.
apt_archives() {
	local suite=$1 archives=$cache/apt/$1/archives uri file
	shift
	# Recommended packages would triple the size, and nothing runs their maintainer scripts anyway.
	local install=(apt-get -q -y --no-install-recommends)
	apt_in "$suite" "${install[@]}" --download-only install "$@" |
		sed -n '/^\(Get\|Err\|Fetched\)/p' >&2 || missing "cannot download $*"
	# With everything in archives/, --print-uris would print nothing: ask as if there were none.
	apt_in "$suite" "${install[@]}" -o "Dir::Cache::Archives=$cache/apt" --print-uris install "$@" |
		while read -r uri file _; do
			[[ $uri == "'"* ]] && printf '%s/%s\n' "$archives" "$file"
		done
}

# apt_single SUITE PACKAGE: download this one only, without what it depends on; prints the .deb file.
apt_single() {
	local suite=$1 package=$2 archives=$cache/apt/$1/archives file
	file=$(apt_in "$suite" apt-get --print-uris download "$package" | awk '{ print $2; exit }')
	[[ -n $file ]] || missing "$suite has no package $package"
	(cd "$archives" && apt_in "$suite" apt-get -q download "$package" >&2) || missing "cannot download $package"
	printf '%s/%s\n' "$archives" "$file"
}
