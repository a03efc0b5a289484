/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Definitions: which file define writes, what it refuses, and that undefine takes it away. */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "machine.h"
#include "verb.h"
#include "verbs/command.h"

extern const struct command command_define, command_undefine, command_status;

#define DEFINITIONS "etc/fslmc-vfio.d/"

/* Nothing here has to be root's: as on a captured machine, but it may be written to. */
static void begin(struct machine *machine)
{
	machine_make(machine, "small");
	machine->sysfs.is_live = false;
	machine_run(machine, "mkdir -p " DEFINITIONS);
}

/* The result alone. */
#define run(machine, command, ...)                                                                 \
	({                                                                                         \
		_cleanup_free_ char *output_ = NULL;                                               \
		verb_run(machine, &output_, command, __VA_ARGS__, NULL);                           \
	})

static bool has(const struct machine *machine, const char *name)
{
	_cleanup_free_ char *path = xasprintf(DEFINITIONS "%s.json", name);

	return sysfs_exists(machine->sysfs.root_fd, path);
}

/* A definition is this document, but for the order of its members. */
static void says(const struct machine *machine, const char *name, const char *expected)
{
	_cleanup_free_ char *path = xasprintf(DEFINITIONS "%s.json", name), *text = NULL;
	struct json_object *is, *wanted = json_tokener_parse(expected);

	assert_int_equal(sysfs_read(machine->sysfs.root_fd, path, &text), 0);
	is = json_tokener_parse(text);
	if (!json_object_equal(is, wanted))
		fail_msg("%s, not %s", text, expected);
	json_object_put(is);
	json_object_put(wanted);
}

static void a_dprc_with_a_label_is_known_by_that(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL, *again = NULL;

	begin(&machine);
	assert_int_equal(verb_run(&machine, &output, &command_define, "dprc.2", NULL), 0);
	assert_non_null(strstr(output, "/etc/fslmc-vfio.d/to-vfio.json"));
	says(&machine, "to-vfio",
	     "{\"format_version\":\"1.0\",\"label\":\"to VFIO\","
	     "\"contents\":{\"dpbp\":1,\"dpmcp\":1,\"dpni\":2}}");
	/* Once more is no change, and no error. */
	assert_int_equal(verb_run(&machine, &again, &command_define, "dprc.2", "-n", "-r", "-o",
				  "DEFINITION,CHANGED", NULL),
			 0);
	assert_string_equal(again, "to-vfio no\n");
	assert_int_equal(run(&machine, &command_define, "LABEL=to VFIO"), 0);
}

static void a_dprc_without_a_label_is_known_by_what_it_contains(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	begin(&machine);
	assert_int_equal(run(&machine, &command_define, "dprc.3", "--owner=0:0", "--strict",
			     "--allow=netdev-in-use"),
			 0);
	says(&machine, "dprc.3",
	     "{\"format_version\":\"1.0\",\"owner\":\"0:0\",\"strict\":true,"
	     "\"allow\":[\"netdev-in-use\"],\"contents\":{\"dpio\":1,\"dpni\":2}}");
	assert_int_equal(run(&machine, &command_define, "dprc.3", "--as=by-name.json", "--lock",
			     "--unsafe-by-name"),
			 -ERROR_REFUSED);
	machine_has_said("the definition 'dprc.3' is about it already; 'fslmc-vfio undefine "
			 "dprc.3' removes that",
			 NULL);
	assert_int_equal(run(&machine, &command_undefine, "dprc.3.json"), 0);
	assert_false(has(&machine, "dprc.3"));
	assert_int_equal(run(&machine, &command_define, "dprc.3", "--as=by-name.json", "--lock",
			     "--unsafe-by-name"),
			 0);
	says(&machine, "by-name",
	     "{\"format_version\":\"1.0\",\"name\":\"dprc.3\",\"unsafe_by_name\":true,\"lock\":"
	     "true,"
	     "\"contents\":{\"dpio\":1,\"dpni\":2}}");
}

static void of_two_dprcs_one_in_the_other_one_is_defined(void **state _unused_)
{
	static const struct {
		const char *first, *second, *said;
	} cases[] = {
		{ "dprc.2", "dprc.3",
		  "error dprc.3: the definition 'outer' is about dprc.2, which is around it" },
		{ "dprc.3", "dprc.2",
		  "error dprc.2: the definition 'inner' is about dprc.3, which is in it" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;

		machine_make(
			&machine,
			"root devices/mc\n"
			"driver fsl_mc_dprc vfio-fsl-mc\n"
			"object dprc.1 driver=fsl_mc_dprc group=0\n"
			"object dprc.1/dprc.2 driver=fsl_mc_dprc group=1\n"
			"object dprc.1/dprc.2/dprc.3 driver=fsl_mc_dprc group=2\n"
			"object dprc.1/dprc.2/dpbp.1 group=1\n"
			"object dprc.1/dprc.2/dprc.3/dpni.1 group=2\n"
			"group 0 type=DMA\ngroup 1 type=DMA\ngroup 2 type=DMA\n"
			"file proc/sys/kernel/osrelease 6.12.3\nfile proc/cmdline root=/dev/nfs\n"
			"mc firmware 10.39.0\n"
			"mc dprc {\"name\": \"dprc.1\", \"icid\": 3}\n"
			"mc dprc {\"name\": \"dprc.2\", \"icid\": 1}\n"
			"mc dprc {\"name\": \"dprc.3\", \"icid\": 2}\n"
			"mc object {\"name\": \"dprc.2\", \"mc_container\": \"dprc.1\", "
			"\"label\": \"outer\"}\n"
			"mc object {\"name\": \"dprc.3\", \"mc_container\": \"dprc.2\", "
			"\"label\": \"inner\"}\n"
			"mc object {\"name\": \"dpbp.1\", \"mc_container\": \"dprc.2\"}\n"
			"mc object {\"name\": \"dpni.1\", \"mc_container\": \"dprc.3\"}\n");
		machine.sysfs.is_live = false;
		machine_run(&machine, "mkdir -p " DEFINITIONS);
		assert_int_equal(run(&machine, &command_define, cases[i].first), 0);
		assert_int_equal(run(&machine, &command_define, cases[i].second), -ERROR_REFUSED);
		machine_has_said(cases[i].said, NULL);
	}
}

static void another_text_of_that_name_is_kept_unless_it_is_to_be_replaced(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;

	begin(&machine);
	assert_int_equal(run(&machine, &command_define, "dprc.2", "--owner=0"), 0);
	assert_int_equal(run(&machine, &command_define, "dprc.2", "--strict"), -ERROR_REFUSED);
	machine_has_said("/etc/fslmc-vfio.d/to-vfio.json says something else; --replace changes it",
			 NULL);
	/* What is to become different is shown, and written only then. */
	assert_int_equal(verb_run(&machine, &output, &command_define, "dprc.2", "--strict",
				  "--replace", "--dry-run", NULL),
			 0);
	assert_non_null(strstr(output, "strict"));
	assert_null(strstr(output, "owner"));
	says(&machine, "to-vfio",
	     "{\"format_version\":\"1.0\",\"label\":\"to VFIO\",\"owner\":\"0\","
	     "\"contents\":{\"dpbp\":1,\"dpmcp\":1,\"dpni\":2}}");
	assert_int_equal(run(&machine, &command_define, "dprc.2", "--strict", "--replace"), 0);
	says(&machine, "to-vfio",
	     "{\"format_version\":\"1.0\",\"label\":\"to VFIO\",\"owner\":\"0\",\"strict\":true,"
	     "\"contents\":{\"dpbp\":1,\"dpmcp\":1,\"dpni\":2}}");
}

static void a_file_that_is_no_definition_is_replaced_only_when_asked(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	begin(&machine);
	machine_write(&machine, DEFINITIONS "to-vfio.json", "{ ");
	assert_int_equal(run(&machine, &command_define, "dprc.2"), -ERROR_REFUSED);
	assert_int_equal(run(&machine, &command_define, "dprc.2", "--replace"), 0);
	machine_has_said("nothing of it is kept", NULL);
	says(&machine, "to-vfio",
	     "{\"format_version\":\"1.0\",\"label\":\"to VFIO\","
	     "\"contents\":{\"dpbp\":1,\"dpmcp\":1,\"dpni\":2}}");
}

static void what_apply_would_refuse_is_refused(void **state _unused_)
{
	static const struct {
		const char *dprc, *option;
		int error;
		const char *said;
	} cases[] = {
		{ "dprc.1", NULL, -ERROR_REFUSED, "it is the root DPRC" },
		{ "dprc.4", NULL, -ERROR_NOT_FOUND, "error dprc.4: " },
		{ "dpni.1", NULL, -ERROR_REFUSED, "error dpni.1: " },
		{ "LABEL=none", NULL, -ERROR_NOT_FOUND, "none" },
		{ "dprc.3", "--for=vpp", -ERROR_REFUSED, "error dprc.3: " },
	};
	_cleanup_(machine_done) struct machine machine;

	begin(&machine);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int r = run(&machine, &command_define, cases[i].dprc, cases[i].option);

		if (r != cases[i].error)
			fail_msg("%s: %d", cases[i].dprc, r);
		machine_has_said(cases[i].said, NULL);
	}
	machine_run(&machine, "test -z \"$(ls " DEFINITIONS ")\"");
}

static void a_container_that_is_to_be_created_is_defined_by_its_layout(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;

	begin(&machine);
	assert_int_equal(verb_run(&machine, &output, &command_define, "--label=Fast#One",
				  "--for=dpdk", "--port=dpmac.17", "--dry-run", NULL),
			 0);
	assert_non_null(strstr(output, "/etc/fslmc-vfio.d/fast-one.json"));
	assert_false(has(&machine, "fast-one"));
	assert_int_equal(run(&machine, &command_define, "--label=Fast#One", "--for=dpdk",
			     "--port=dpmac.17"),
			 0);
	assert_true(has(&machine, "fast-one"));
	/* At most one of two with the same port could be created. */
	assert_int_equal(run(&machine, &command_define, "--label=other", "--for=dpdk",
			     "--port=dpmac.17"),
			 -ERROR_REFUSED);
	machine_has_said("the definition 'fast-one' has it already", NULL);
	assert_int_equal(run(&machine, &command_define, "--label=!", "--for=dpdk"), -ERROR_USAGE);
	machine_has_said("the label '!' cannot be the name of a definition; --as gives it one",
			 NULL);
}

static void what_is_not_there_cannot_be_removed(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	begin(&machine);
	assert_int_equal(run(&machine, &command_define, "dprc.2"), 0);
	assert_int_equal(run(&machine, &command_undefine, "to-vfio", "other"), -ERROR_NOT_FOUND);
	machine_has_said("error other: no such definition; 'fslmc-vfio status' lists all", NULL);
	assert_true(has(&machine, "to-vfio"));
	assert_int_equal(run(&machine, &command_undefine, "../x"), -ERROR_USAGE);
	machine_has_said("'../x' is not the name of a definition", NULL);
	assert_int_equal(run(&machine, &command_undefine, "to-vfio"), 0);
	assert_false(has(&machine, "to-vfio"));
}

static void what_is_named_twice_is_removed_once(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *output = NULL;

	begin(&machine);
	assert_int_equal(run(&machine, &command_define, "dprc.2"), 0);
	assert_int_equal(verb_run(&machine, &output, &command_undefine, "to-vfio", "to-vfio.json",
				  "-n", "-r", "-o", "DEFINITION", NULL),
			 0);
	assert_string_equal(output, "to-vfio\n");
}

/* It is an invalid definition to status, wherever it leads, and has to be got rid of. */
static void a_link_can_be_undefined(void **state _unused_)
{
	static const char *const targets[] = { "/etc/passwd", "nowhere", "other.json" };
	_cleanup_(machine_done) struct machine machine;

	begin(&machine);
	assert_int_equal(run(&machine, &command_define, "dprc.3", "--as=other"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		machine_run(&machine, "ln -s %s " DEFINITIONS "link.json", targets[i]);
		assert_int_equal(run(&machine, &command_undefine, "link"), 0);
		machine_run(&machine, "test ! -h " DEFINITIONS "link.json");
	}
	assert_true(has(&machine, "other"));
}

/* A reader that goes away leaves nothing behind, neither a definition nor the beginning of one. */
static void what_nobody_reads_is_not_defined(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	int ends[2], status;
	pid_t child;

	begin(&machine);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	child = fork();
	if (child == 0) {
		signal(SIGPIPE, SIG_DFL);
		_exit(verb_run_to(&machine, ends[1], &command_define, "dprc.2", NULL) ==
				      -ERROR_FAILED
			      ? 0
			      : 1);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	machine_run(&machine, "test -z \"$(ls -A " DEFINITIONS ")\"");
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void status_compares_what_is_defined_with_what_there_is(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *same = NULL, *differs = NULL;

	begin(&machine);
	assert_int_equal(run(&machine, &command_define, "dprc.2"), 0);
	assert_int_equal(verb_run(&machine, &same, &command_status, "-n", "-r", NULL), 0);
	assert_non_null(strstr(same, "to-vfio"));
	assert_int_equal(run(&machine, &command_define, "dprc.3"), 0);
	machine_run(&machine, "sed -i 's/\"dpni\": *2/\"dpni\":3/' " DEFINITIONS "dprc.3.json");
	assert_int_equal(verb_run(&machine, &differs, &command_status, "-n", "-r", NULL),
			 -ERROR_DIFFERS);
	assert_non_null(strstr(differs, "dprc.3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dprc_with_a_label_is_known_by_that),
		cmocka_unit_test(a_dprc_without_a_label_is_known_by_what_it_contains),
		cmocka_unit_test(of_two_dprcs_one_in_the_other_one_is_defined),
		cmocka_unit_test(another_text_of_that_name_is_kept_unless_it_is_to_be_replaced),
		cmocka_unit_test(a_file_that_is_no_definition_is_replaced_only_when_asked),
		cmocka_unit_test(what_apply_would_refuse_is_refused),
		cmocka_unit_test(a_container_that_is_to_be_created_is_defined_by_its_layout),
		cmocka_unit_test(what_is_not_there_cannot_be_removed),
		cmocka_unit_test(what_is_named_twice_is_removed_once),
		cmocka_unit_test(a_link_can_be_undefined),
		cmocka_unit_test(what_nobody_reads_is_not_defined),
		cmocka_unit_test(status_compares_what_is_defined_with_what_there_is),
	};

	return cmocka_run_group_tests_name("define", tests, NULL, NULL);
}
