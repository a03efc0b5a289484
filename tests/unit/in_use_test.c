/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a DPRC may be taken from VFIO: by what the kernel says of its group, and by which
 * processes are said to have its device files open.
 */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "kernel/procfs.h"
#include "machine.h"
#include "model/bus.h"
#include "model/vfio_use.h"
#include "transaction/in_use.h"

int __wrap_vfio_group_is_busy(const struct sysfs *sysfs, int group);
int __wrap_procfs_find_holders(const struct sysfs *sysfs, const struct strings *nodes,
			       const struct strings *devices, struct holders *ret_holders);

/* What is answered: of that group, of other groups, and of processes. */
static int asked_group, busy, others_busy, found;
static enum { NOBODY, HIDDEN, SUSPECT, HOLDER } who;

int __wrap_vfio_group_is_busy(const struct sysfs *sysfs _unused_, int group)
{
	return group == asked_group ? busy : others_busy;
}

int __wrap_procfs_find_holders(const struct sysfs *sysfs _unused_,
			       const struct strings *nodes _unused_,
			       const struct strings *devices _unused_, struct holders *ret_holders)
{
	*ret_holders = (struct holders){ .is_complete = who != HIDDEN };
	if (found < 0 || who <= HIDDEN)
		return found;
	ret_holders->holders = xcalloc(1, sizeof(*ret_holders->holders));
	ret_holders->n_holders = 1;
	ret_holders->holders[0] = (struct holder){ .pid = 17,
						   .command = xstrdup("testpmd"),
						   .file = xstrdup("/dev/vfio/1"),
						   .is_sure = who == HOLDER };
	return 0;
}

static const struct name dprc_2 = { "dprc", 2 };

static int refuse(const struct machine *machine)
{
	_cleanup_bus_ struct bus *bus = NULL;

	assert_int_equal(bus_load(&machine->sysfs, &bus), 0);
	return in_use_refuse(bus, bus_find_dprc(bus, &dprc_2));
}

static void begin(struct machine *machine)
{
	machine_make(machine, "small");
	asked_group = 1;
	busy = others_busy = found = 0;
	who = NOBODY;
}

/* From here on the kernel makes device files. */
static void make_device_files(const struct machine *machine)
{
	machine_write(machine, "sys/class/vfio-dev/vfio0/dev", "511:0\n");
}

static void who_uses_it_is_named(void **state _unused_)
{
	static const struct {
		int busy;
		bool has_device_files;
		int who, found, r;
		const char *said;
	} cases[] = {
		{ 1, false, HOLDER, 0, -ERROR_BUSY,
		  "error dprc.2: in use: process 17 (testpmd) has /dev/vfio/1; stop that program "
		  "first\n" },
		{ 1, false, SUSPECT, 0, -ERROR_BUSY,
		  "error dprc.2: its VFIO group 1 is in use, by a program that has a device of it "
		  "open: process 17 (testpmd) has /dev/vfio/1; stop that program first\n" },
		{ 1, false, NOBODY, 0, -ERROR_BUSY,
		  "error dprc.2: its VFIO group 1 is in use, by a process that cannot be seen from "
		  "here\n" },
		{ 1, false, NOBODY, -EIO, -ERROR_BUSY, "that cannot be seen from here\n" },
		{ -EACCES, false, NOBODY, 0, -ERROR_FAILED,
		  "error dprc.2: cannot tell whether its VFIO group 1 is in use: " },
		/* The kernel says that nobody has it, so processes are not looked at. */
		{ 0, false, HOLDER, 0, 0, "" },
		{ -ENOENT, false, SUSPECT, 0, 0, "" },
		/* But of device files it says nothing. */
		{ 0, true, HOLDER, 0, -ERROR_BUSY,
		  "error dprc.2: in use: process 17 (testpmd) has " },
		{ -ENOENT, true, SUSPECT, 0, 0, "" },
		{ 0, true, NOBODY, 0, 0, "" },
		{ -ENOENT, false, HIDDEN, 0, 0, "" },
		{ 0, true, HIDDEN, 0, -ERROR_BUSY,
		  "error dprc.2: cannot tell whether a device file of it is open: not every "
		  "process "
		  "can be examined; " },
		{ 0, true, NOBODY, -EIO, -ERROR_FAILED,
		  "error dprc.2: cannot tell whether it is in use: " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;
		_cleanup_free_ char *said = NULL;

		begin(&machine);
		if (cases[i].has_device_files)
			make_device_files(&machine);
		busy = cases[i].busy;
		who = cases[i].who;
		found = cases[i].found;
		assert_int_equal(refuse(&machine), cases[i].r);
		said = machine_said();
		assert_int_equal(*said != '\0', cases[i].r != 0);
		assert_non_null(strstr(said, cases[i].said));
	}
}

/* A container has its own /dev, where the file of a group that was bound later is missing. */
static void who_has_a_group_that_is_missing_here_is_looked_for(void **state _unused_)
{
	static const struct {
		int who, r;
	} cases[] = {
		{ NOBODY, 0 },
		{ HIDDEN, -ERROR_BUSY },
		{ SUSPECT, -ERROR_BUSY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(machine_done) struct machine machine;

		begin(&machine);
		machine_write(&machine, "sys/class/vfio/1/dev", "238:0\n");
		busy = -ENOENT;
		who = cases[i].who;
		assert_int_equal(refuse(&machine), cases[i].r);
		if (!cases[i].r)
			machine_has_said_nothing();
		else
			machine_has_said("error dprc.2: cannot tell whether its VFIO group 1 is in "
					 "use: /dev/vfio/1 is missing here, ",
					 NULL);
	}
}

static void on_a_captured_machine_nobody_uses_anything(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	begin(&machine);
	busy = 1;
	machine.sysfs.is_live = false;
	assert_int_equal(refuse(&machine), 0);
	machine_has_said_nothing();
}

/* It has a group of its own, and is unbound with the one around it. */
static void who_uses_a_dprc_inside_uses_the_one_around_it(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;

	machine_make(&machine, "root devices/mc\n"
			       "driver fsl_mc_dprc vfio-fsl-mc\n"
			       "object dprc.1 driver=fsl_mc_dprc group=0\n"
			       "object dprc.1/dprc.2 driver=vfio-fsl-mc group=1\n"
			       "object dprc.1/dprc.2/dprc.4 driver=vfio-fsl-mc group=4\n"
			       "object dprc.1/dprc.3 driver=vfio-fsl-mc group=5\n");
	asked_group = 4;
	busy = 1;
	others_busy = found = 0;
	who = HOLDER;
	assert_int_equal(refuse(&machine), -ERROR_BUSY);
	machine_has_said("error dprc.4: in use: process 17 (testpmd)", NULL);
	/* That of one beside it does not count. */
	asked_group = 5;
	assert_int_equal(refuse(&machine), 0);
	machine_has_said_nothing();
}

static void an_unbind_is_refused_that_would_wait_for_a_program(void **state _unused_)
{
	_cleanup_(machine_done) struct machine machine;
	_cleanup_transaction_ struct transaction transaction = { 0 };
	struct change *change;

	begin(&machine);
	transaction = machine_begin(&machine, "unbind");
	assert_int_equal(change_add(&transaction, &dprc_2,
				    "devices/platform/soc/80c000000.fsl-mc/dprc.1/dprc.2", &change),
			 0);
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, true), 0);
	busy = -EACCES;
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, true), 0);
	busy = 1;
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, true), -ERROR_FAILED);
	machine_has_said("error dprc.2: VFIO group 1 has been opened by another process; unbind "
			 "would block; 'fslmc-vfio show' names it",
			 NULL);
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, false), -ERROR_FAILED);
	machine_has_said_nothing();
	busy = 0;
	who = HOLDER;
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, false), 0);
	/* There is no group any more, but its device files tell. */
	make_device_files(&machine);
	machine_run(&machine, "rm sys/devices/platform/soc/*/dprc.1/dprc.2/iommu_group");
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, true), -ERROR_FAILED);
	machine_has_said("error dprc.2: VFIO group none has been opened", NULL);
	who = SUSPECT;
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, true), 0);
	found = -EIO;
	assert_int_equal(in_use_refuse_unbind(&machine.sysfs, change, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_uses_it_is_named),
		cmocka_unit_test(who_has_a_group_that_is_missing_here_is_looked_for),
		cmocka_unit_test(on_a_captured_machine_nobody_uses_anything),
		cmocka_unit_test(who_uses_a_dprc_inside_uses_the_one_around_it),
		cmocka_unit_test(an_unbind_is_refused_that_would_wait_for_a_program),
	};

	return cmocka_run_group_tests_name("in_use", tests, NULL, NULL);
}
