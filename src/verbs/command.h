/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every verb is, and what all verbs share: parsing, the common options, names on the
 * command line.
 */
#ifndef VERBS_COMMAND_H
#define VERBS_COMMAND_H

#include <argp.h>
#include <stdio.h>

#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/name.h"
#include "report/render.h"
#include "rules/policy.h"

/* What the common options say. */
struct mc_object;
struct common {
	const char *sysroot;
	struct render_style style;
};

/* Columns of one table; the last of several has none. */
struct column_table {
	const struct column *columns;
	const size_t *n_columns;
	const char *when; /* it is shown, for --help: "with --objects"; NULL: else */
};

struct command {
	const char *name;
	const char *summary; /* for the list of verbs in --help; NULL: not in it */
	const struct argp *argp;
	/* Returns 0 or a negative errno, about which it has already spoken. */
	int (*run)(const struct command *command, struct common *common, int argc, char **argv);
	const struct column_table *tables; /* what -o chooses from; NULL: it has no -o */
	bool refuses_root;		   /* so completion does not offer the root DPRC */
	void (*print_help)(FILE *stream); /* what only --help of this verb ends in; NULL: nothing */
};

/* The verbs, ended by NULL, in the order of --help.  Set by main(), whose table they are. */
extern const struct command *const *commands;

/* NULL: there is no such verb. */
const struct command *command_find(const char *name);

/*
 * The option of that exact name, of n bytes, or with name NULL of that key, also among the
 * children's.
 */
const struct argp_option *command_find_option(const struct argp *argp, const char *name, size_t n,
					      int key);

/*
 * argp_parse() with what it lacks: abbreviations of long options are refused, and --help, --usage
 * and --version are ours, without glibc's hidden options.  Ends the program on a usage error (2).
 * input goes to the parser; the common options go to common.
 */
void command_parse(const struct command *command, int argc, char **argv, void *input);

/* The same of what stands before the verb. */
void command_parse_options(const struct argp *argp, unsigned int flags, int argc, char **argv,
			   void *input);

/* Children of a verb's argp; the input of each is what the verb's parser set in ARGP_KEY_INIT. */
extern const struct argp common_argp; /* --json, --sysroot: struct common */
extern const struct argp table_argp;  /* --noheadings, --raw, --output: struct table_options */
extern const struct argp help_argp;   /* --help, --usage, --version: none */

/* Those of most verbs: help and common, and table. */
extern const struct argp_child plain_children[];
extern const struct argp_child table_children[];

struct table_options {
	struct render_style *style;
	const char *output; /* NULL: the default columns */
};

/* Whether a table is asked for, as scripts do with --json, -o, -n and -r, and no words besides. */
bool table_is_for_scripts(const struct table_options *table);

/* 0, or it has said that text is not a name. */
int command_parse_name(const char *text, struct name *ret_name);

/* This machine, or that of --sysroot; it has said what is wrong if it has no fsl-mc bus. */
int command_open(const struct common *common, struct sysfs *ret_sysfs);

/*
 * -ERROR_USAGE of a captured machine, which is never written to; says so, and what does instead,
 * unless that is NULL.
 */
int command_refuse_captured(const struct common *common, const char *instead);

/* Says that the bus cannot be read, as bus_load() returned r, and returns the error for that. */
int command_fail_bus(int r);

/* Its bus; it has said what is wrong if it fails. */
int command_read_bus(const struct sysfs *sysfs, struct bus **ret_bus);

/* Both: the bus of this machine or of --sysroot; it has said what is wrong if it fails. */
int command_load_bus(const struct common *common, struct sysfs *ret_sysfs, struct bus **ret_bus);

/* 0 if text names an object that is there: says so if it does not. */
int command_check_name(const struct sysfs *sysfs, const char *text);

/*
 * 0, or -ERROR_REFUSED where the (first) root DPRC does not have its driver, so that nothing else
 * on the bus can be trusted to be there.  Speaks.
 */
int command_check_root(const struct bus *bus);
/* Says it for a verb that answers all the same. */
void command_warn_of_root(const struct bus *bus);

/* Says why there is no such object, and returns the error.  Asks the MC, if it was not asked. */
int command_fail_missing(struct bus *bus, const char *text);

/* Says that of an object, and what makes Linux see it: -ERROR_NOT_FOUND. */
int command_fail_unseen(const struct bus *bus, const struct mc_object *object);

/* A DPRC by name: says so if it is no name, no object, or no DPRC. */
int command_find_dprc(const struct bus *bus, const char *text, struct dprc **ret_dprc);

/* The columns chosen with -o; says so if there is no such column. */
int command_select(const struct column *columns, size_t n_columns, const char *output,
		   struct selection *ret_selection);

/* The same of the table of a verb that shows no other: in JSON the default is every column. */
int command_select_all(const struct render_style *style, const struct column *columns,
		       size_t n_columns, const char *output, struct selection *ret_selection);

/* The codes of the rules of a scope, each once, for a verb's --help. */
void command_print_codes(FILE *stream, const char *heading, enum rule_scope scope);

/* The end of a verb's --help: text, the columns of its tables, and what else it has.  A new string.
 */
char *command_help_end(const struct command *command, const char *text);

#endif
