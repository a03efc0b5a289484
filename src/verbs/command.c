/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all verbs share. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/util.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/mc_unseen.h"
#include "rules/candidate.h"
#include "rules/policy.h"
#include "transaction/recovery.h"
#include "verbs/command.h"

const struct command *const *commands;

const struct command *command_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (streq(commands[i]->name, name))
			return commands[i];
	return NULL;
}

int command_parse_name(const char *text, struct name *ret_name)
{
	if (name_parse(text, ret_name) < 0)
		return fail(-ERROR_USAGE, NULL,
			    "'%.64s' is not the name of an object; names look like dprc.2, or "
			    "LABEL=label for a DPRC",
			    text);
	return 0;
}

int command_open(const struct common *common, struct sysfs *ret_sysfs)
{
	int r = sysfs_open(common->sysroot, ret_sysfs);

	if (r == -EXDEV)
		return fail(-ERROR_REFUSED, NULL,
			    "/sys is not sysfs or /proc is not procfs; mount them, or use "
			    "--sysroot for a captured machine");
	if (r == -EBADMSG || r == -EFBIG)
		return fail(-ERROR_REFUSED, NULL,
			    "%s: not a machine that 'fslmc-vfio capture' wrote, or damaged",
			    common->sysroot);
	if (r == -ENOSYS || r == -EPERM)
		return fail(-ERROR_REFUSED, NULL,
			    "the system call openat2 fails: %s; it takes Linux 5.9 and, in a "
			    "container, a seccomp profile that permits it",
			    error_text(r));
	if (r < 0)
		return fail(-ERROR_NOT_FOUND, NULL, "%s/sys: %s",
			    common->sysroot ? common->sysroot : "", error_text(r));
	if (!sysfs_exists(ret_sysfs->fd, "bus/fsl-mc"))
		return fail(-ERROR_NOT_FOUND, NULL,
			    "no fsl-mc bus: not a DPAA2 machine, or its kernel does not have "
			    "CONFIG_FSL_MC_BUS");
	return 0;
}

int command_refuse_captured(const struct common *common, const char *instead)
{
	return common->sysroot ? fail(-ERROR_USAGE, NULL,
				      "a machine given by --sysroot is never written to%s%s",
				      instead ? "; " : "", instead ? instead : "")
			       : 0;
}

int command_fail_bus(int r)
{
	if (r == -EBADMSG)
		return fail(r, NULL,
			    "a link in sys/bus/fsl-mc/devices does not lead to the device of its "
			    "name; nothing of this bus is believed");
	if (r == -EXDEV)
		return fail(
			-ERROR_REFUSED, NULL,
			"something is mounted over a part of the fsl-mc bus in /sys; unmount it");
	return fail(r == -EACCES   ? -ERROR_PERMISSION
		    : r == -ENOENT ? -ERROR_NOT_FOUND
				   : -ERROR_FAILED,
		    NULL, "cannot read the fsl-mc bus: %s", error_text(r));
}

int command_read_bus(const struct sysfs *sysfs, struct bus **ret_bus)
{
	int r;

	recovery_warn(sysfs);
	r = bus_load(sysfs, ret_bus);
	return r < 0 ? command_fail_bus(r) : 0;
}

int command_load_bus(const struct common *common, struct sysfs *ret_sysfs, struct bus **ret_bus)
{
	int r = command_open(common, ret_sysfs);

	return r < 0 ? r : command_read_bus(ret_sysfs, ret_bus);
}

static const struct dprc *unbound_root(const struct bus *bus)
{
	const struct dprc *root = bus_root(bus);

	return root && !str_same(root->object->driver, DPRC_DRIVER) ? root : NULL;
}

int command_check_root(const struct bus *bus)
{
	const struct dprc *root = unbound_root(bus);
	const struct candidate candidate = {
		.bus = bus,
		.object = root ? root->object : NULL,
		.dprc = root,
	};

	return root ? policy_refuse(&(struct policy){ 0 }, &candidate, RULES_OF_CONTAINER) : 0;
}

void command_warn_of_root(const struct bus *bus)
{
	const struct dprc *root = unbound_root(bus);

	if (root)
		warn(name_text(&root->object->name).text,
		     "root-unbound: it is not bound to " DPRC_DRIVER
		     ", so nothing in it is on the bus; 'fslmc-vfio doctor' has the remedy");
}

int command_fail_unseen(const struct bus *bus, const struct mc_object *object)
{
	_cleanup_free_ char *remedy = mc_unseen_remedy(bus, object);

	return fail(-ERROR_NOT_FOUND, name_text(&object->name).text,
		    "the MC has it, but Linux was not told; %s", remedy);
}

int command_fail_missing(struct bus *bus, const char *text)
{
	_cleanup_mc_ struct mc mc = MC_CLOSED;
	const struct mc_object *unseen = NULL;
	struct name name;
	int r = command_check_root(bus);

	if (r < 0)
		return r;
	if (!bus->mc)
		mc_inventory_load(bus, MC_OBJECTS, &mc);
	if (name_parse(text, &name) == 0)
		unseen = bus_find_mc(bus, &name);
	return unseen ? command_fail_unseen(bus, unseen)
		      : fail(-ERROR_NOT_FOUND, text,
			     "no such object on the fsl-mc bus; 'fslmc-vfio list' shows the DPRCs "
			     "there are");
}

int command_check_name(const struct sysfs *sysfs, const char *text)
{
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_free_ char *path = NULL;
	struct name name;
	int r = command_parse_name(text, &name);

	if (r < 0)
		return r;
	path = xasprintf("bus/fsl-mc/devices/%s", name_text(&name).text);
	if (sysfs_exists(sysfs->fd, path))
		return 0;
	r = bus_load(sysfs, &bus);
	return r < 0 ? command_fail_bus(r) : command_fail_missing(bus, text);
}

int command_find_dprc(const struct bus *bus, const char *text, struct dprc **ret_dprc)
{
	const struct object *object;
	struct name name;
	int r = command_check_name(bus->sysfs, text);

	if (r < 0)
		return r;
	name_parse(text, &name);
	object = bus_find(bus, &name);
	/* The first of all reasons, which looks at nothing else. */
	if (object && !name_is_dprc(&name))
		return policy_refuse(&(struct policy){ 0 },
				     &(struct candidate){ .bus = bus, .object = object },
				     RULES_OF_CONTAINER);
	*ret_dprc = bus_find_dprc(bus, &name);
	if (!*ret_dprc)
		return fail(-ERROR_NOT_FOUND, text, "the bus changed while being read; try again");
	return 0;
}

/* The table of a verb that has these columns, and the verb; NULL: it is none of them. */
static const struct column_table *find_table(const struct column *columns,
					     const struct command **ret_command)
{
	for (size_t i = 0; commands[i]; i++)
		for (const struct column_table *table = commands[i]->tables;
		     table && table->columns; table++)
			if (table->columns == columns) {
				*ret_command = commands[i];
				return table;
			}
	return NULL;
}

static bool has_column(const struct column_table *table, const char *heading)
{
	for (size_t i = 0; i < *table->n_columns; i++)
		if (strcasecmp(table->columns[i].heading, heading) == 0)
			return true;
	return false;
}

/* "with --objects": when the table is shown that has it, in a new string; NULL: none has. */
static char *find_elsewhere(const struct column *columns, const char *heading)
{
	const struct command *command;
	const struct column_table *here = find_table(columns, &command);

	for (const struct column_table *table = here ? command->tables : NULL;
	     table && table->columns; table++)
		if (has_column(table, heading) && table->when)
			return xstrdup(table->when);
		else if (has_column(table, heading) && here->when)
			return xasprintf("without %s", strstr(here->when, "--"));
	return NULL;
}

int command_select(const struct column *columns, size_t n_columns, const char *output,
		   struct selection *ret_selection)
{
	_cleanup_free_ char *unknown = NULL, *meant = NULL, *elsewhere = NULL;
	struct nearest nearest = { 0 };

	if (selection_make(columns, n_columns, output, ret_selection, &unknown) >= 0)
		return 0;
	elsewhere = find_elsewhere(columns, unknown);
	if (elsewhere)
		return fail(-ERROR_USAGE, NULL, "no column '%s' in this table; the table %s has it",
			    unknown, elsewhere);
	nearest.text = unknown;
	for (size_t i = 0; i < n_columns; i++)
		nearest_offer(&nearest, columns[i].heading);
	meant = nearest_ask(&nearest);
	return fail(-ERROR_USAGE, NULL, "no column '%s'%s; --help lists the columns", unknown,
		    meant);
}

int command_select_all(const struct render_style *style, const struct column *columns,
		       size_t n_columns, const char *output, struct selection *ret_selection)
{
	if (!style->json || output)
		return command_select(columns, n_columns, output, ret_selection);
	selection_all(columns, n_columns, 0, ret_selection);
	return 0;
}

static void print_columns(FILE *stream, const struct column_table *table)
{
	fprintf(stream, "Columns for -o%s%s (* by default):\n", table->when ? " " : "",
		table->when ? table->when : "");
	for (size_t i = 0; i < *table->n_columns; i++)
		fprintf(stream, "%s %-12s %s\n", table->columns[i].by_default ? " *" : "  ",
			table->columns[i].heading, table->columns[i].help);
}

char *command_help_end(const struct command *command, const char *text)
{
	FILE *stream;
	char *help;
	size_t size;

	stream = open_memstream(&help, &size);
	if (!stream)
		abort();
	fputs(text, stream);
	if (*text && command->tables)
		fputs("\n\n", stream);
	for (const struct column_table *table = command->tables; table && table->columns; table++)
		print_columns(stream, table);
	if (command->tables && command->print_help)
		fputc('\n', stream);
	if (command->print_help)
		command->print_help(stream);
	fclose(stream);
	return help;
}

void command_print_codes(FILE *stream, const char *heading, enum rule_scope scope)
{
	const char *last = "";

	fputs(heading, stream);
	for (size_t i = 0; i < n_rules; i++)
		if (rule_is_of(&rules[i], scope) && !streq(rules[i].code, last)) {
			last = rules[i].code;
			fprintf(stream, " %s", last);
		}
	fputc('\n', stream);
}
