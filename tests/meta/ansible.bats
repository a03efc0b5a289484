# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the role of contrib/ansible works out, without a board.
#
# shellcheck disable=SC2154
bats_require_minimum_version 1.5.0

load ../lib/tools

@test "what fslmc_vfio_purge removes is what is not defined" {
	needs_tools ansible-playbook python3
	local role=$BATS_TEST_DIRNAME/../../contrib/ansible/roles/fslmc_vfio/tasks/main.yml
	# A playbook is YAML, and JSON is that, too.
	python3 - "$role" >"$BATS_TEST_TMPDIR/play.yml" <<-'PYTHON'
		import json, sys, yaml
		others = next(task["vars"]["others"] for task in yaml.safe_load(open(sys.argv[1])) if "vars" in task)
		files = [{"path": "/etc/fslmc-vfio.d/%s.json" % name} for name in ("old", "dpdk", "dpdk.1", "vpp")]
		print(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False,
		    "vars": {"fslmc_vfio_definitions": {"new": {}, "dpdk": {}, "vpp": {}}, "fslmc_vfio_there": {"files": files}, "others": others},
		    "tasks": [{"debug": {"msg": "WILL GO: {{ others | join(' ') }}"}}]}]))
	PYTHON
	ANSIBLE_HOME=$BATS_TEST_TMPDIR ANSIBLE_NOCOLOR=1 run --separate-stderr ansible-playbook -i localhost, "$BATS_TEST_TMPDIR/play.yml"
	echo "$output$stderr"
	[[ $output == *'"WILL GO: /etc/fslmc-vfio.d/old.json /etc/fslmc-vfio.d/dpdk.1.json"'* ]]
}

@test "a definition whose name is no name is refused before anything is written" {
	needs_tools ansible-playbook python3
	local role=$BATS_TEST_DIRNAME/../../contrib/ansible/roles/fslmc_vfio/tasks/main.yml name
	for name in dpdk.1 ../../etc/bad 'x y' .hidden ''; do
		python3 - "$role" "$name" >"$BATS_TEST_TMPDIR/play.yml" <<-'PYTHON'
			import json, sys, yaml
			first = yaml.safe_load(open(sys.argv[1]))[0]
			print(json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False,
			    "vars": {"fslmc_vfio_definitions": {sys.argv[2]: {}}}, "tasks": [first]}]))
		PYTHON
		ANSIBLE_HOME=$BATS_TEST_TMPDIR ANSIBLE_NOCOLOR=1 run --separate-stderr ansible-playbook -i localhost, "$BATS_TEST_TMPDIR/play.yml"
		echo "$output$stderr"
		[[ $name == dpdk.1 && $status -eq 0 || $name != dpdk.1 && $output == *"A definition's name becomes that of a file"* ]]
	done
}
