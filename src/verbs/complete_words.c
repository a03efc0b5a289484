/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the placeholders of args_doc and of options stand for.  Silent whatever happens, and cheap:
 * a reader of one directory, and of one link a DPRC.
 */
#include <pwd.h>
#include <stdio.h>

#include "base/strings.h"
#include "base/util.h"
#include "export/export.h"
#include "kernel/sysfs.h"
#include "layout/request.h"
#include "model/dprc_option.h"
#include "model/name.h"
#include "probe/probe.h"
#include "report/view_event.h"
#include "rules/needs.h"
#include "rules/policy.h"
#include "settings/definition.h"
#include "verbs/complete.h"

static bool is_given(const struct completion *completion, const char *candidate)
{
	for (size_t i = 0; i < completion->n_given; i++)
		if (streq(completion->given[i], candidate))
			return true;
	return false;
}

void complete_offer(const struct completion *completion, const char *candidate, const char *meaning)
{
	if (strncmp(candidate, completion->word, strlen(completion->word)) != 0 ||
	    is_given(completion, candidate))
		return;
	printf("%s%s%s%s\n", completion->prefix, candidate, meaning ? "\t" : "",
	       meaning ? meaning : "");
}

/* In a link such as ../../../devices/platform/X.fsl-mc/dprc.1/dprc.2 the parent is also a DPRC. */
static bool is_root(const struct sysfs *sysfs, const char *name)
{
	_cleanup_free_ char *link = xasprintf("bus/fsl-mc/devices/%s", name), *target = NULL;
	struct name parent;
	char *slash;

	if (sysfs_read_link(sysfs->fd, link, &target) < 0)
		return false;
	slash = strrchr(target, '/');
	if (slash)
		*slash = '\0';
	slash = strrchr(target, '/');
	return !slash || name_parse(slash + 1, &parent) < 0;
}

static void offer_dprcs(const struct completion *completion, const struct sysfs *sysfs)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	struct name name;
	const char *text;

	if (sysfs_dir_open(sysfs->fd, "bus/fsl-mc/devices", &entries) < 0)
		return;
	while (sysfs_dir_next(&entries, &text) > 0) {
		if (name_parse(text, &name) < 0 || !name_is_dprc(&name))
			continue;
		if (!is_root(sysfs, text))
			complete_offer(completion, text, NULL);
		else if (!completion->without_root)
			complete_offer(completion, text, "the root DPRC");
	}
}

static void offer_peers(const struct completion *completion, const struct sysfs *sysfs)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	struct name name;
	const char *text;

	complete_offer(completion, "kernel", "a DPNI in the root DPRC");
	complete_offer(completion, "none", "not connected");
	if (sysfs_dir_open(sysfs->fd, "bus/fsl-mc/devices", &entries) < 0)
		return;
	while (sysfs_dir_next(&entries, &text) > 0)
		if (name_parse(text, &name) == 0 && streq(name.type, "dpmac"))
			complete_offer(completion, text, NULL);
}

static void offer_types(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	for (size_t i = 0; i < n_layout_extra_types; i++) {
		_cleanup_free_ char *type = xasprintf("%s:", layout_extra_types[i]);

		complete_offer(completion, type, NULL);
	}
}

static void offer_definitions(const struct completion *completion, const struct sysfs *sysfs)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *text;

	if (sysfs_dir_open(sysfs->root_fd, "etc/fslmc-vfio.d", &entries) < 0)
		return;
	while (sysfs_dir_next(&entries, &text) > 0) {
		_cleanup_free_ char *name = xstrdup(text);
		char *dot = strrchr(name, '.');

		if (!dot || !streq(dot, ".json"))
			continue;
		*dot = '\0';
		if (definition_name_is_valid(name))
			complete_offer(completion, name, NULL);
	}
}

static void offer_users(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	const struct passwd *user;

	setpwent();
	while ((user = getpwent()))
		complete_offer(completion, user->pw_name, NULL);
	endpwent();
}

static void offer_formats(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	for (size_t i = 0; i < n_export_formats; i++)
		complete_offer(completion, export_formats[i].consumer, export_formats[i].help);
}

static void offer_programs(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	static const enum consumer consumers[] = { CONSUMER_DPDK, CONSUMER_VPP, CONSUMER_QEMU };

	for (size_t i = 0; i < ARRAY_SIZE(consumers); i++)
		complete_offer(completion, consumer_name(consumers[i]), NULL);
}

static void offer_events(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	for (size_t i = 0; i < n_event_words; i++)
		complete_offer(completion, event_words[i], NULL);
}

static void offer_states(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	for (size_t i = 0; i < n_awaited_words; i++)
		complete_offer(completion, awaited_words[i], NULL);
}

static void offer_interfaces(const struct completion *completion,
			     const struct sysfs *sysfs _unused_)
{
	for (enum probe_interface i = PROBE_INTERFACE_AUTO; i <= PROBE_INTERFACE_CDEV; i++)
		complete_offer(completion, probe_interface_names[i], NULL);
}

static void offer_whens(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	for (size_t i = 0; render_when_names[i]; i++)
		complete_offer(completion, render_when_names[i], NULL);
}

/* What is after the last comma of A,B,C; a leading + of -o is not of it.  Its prefix is new. */
static struct completion last_piece(const struct completion *completion)
{
	const char *comma = strrchr(completion->word, ',');
	const size_t n = comma			    ? (size_t)(comma + 1 - completion->word)
			 : *completion->word == '+' ? 1
						    : 0;

	return (struct completion){
		.prefix = xasprintf("%s%.*s", completion->prefix, (int)n, completion->word),
		.word = completion->word + n,
	};
}

static void offer_dprc_options(const struct completion *completion,
			       const struct sysfs *sysfs _unused_)
{
	const struct completion piece = last_piece(completion);
	_cleanup_free_ char *prefix _unused_ = (char *)piece.prefix;

	for (size_t i = 0; i < n_dprc_options; i++)
		complete_offer(&piece, dprc_options[i].name, NULL);
}

static void offer_codes(const struct completion *completion, const struct sysfs *sysfs _unused_)
{
	const struct completion piece = last_piece(completion);
	_cleanup_free_ char *prefix _unused_ = (char *)piece.prefix;

	for (size_t i = 0; i < n_rules; i++)
		if (rules[i].weight == FORCEABLE)
			complete_offer(&piece, rules[i].code, rules[i].text);
}

/* The types that the bus has. */
static void offer_object_types(const struct completion *completion, const struct sysfs *sysfs)
{
	const struct completion piece = last_piece(completion);
	_cleanup_free_ char *prefix _unused_ = (char *)piece.prefix;
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_strings_ struct strings types = { 0 };
	struct name name;
	const char *text;

	if (sysfs_dir_open(sysfs->fd, "bus/fsl-mc/devices", &entries) < 0)
		return;
	while (sysfs_dir_next(&entries, &text) > 0)
		if (name_parse(text, &name) == 0 && !strings_has(&types, name.type))
			strings_add(&types, name.type);
	for (size_t i = 0; i < types.n_texts; i++)
		complete_offer(&piece, types.texts[i], NULL);
}

/* Whether an option is among the words, as it is or by its letter. */
static bool is_on_line(const struct completion *completion, const struct command *verb,
		       const char *option, size_t n)
{
	const struct argp_option *known = command_find_option(verb->argp, option, n, 0);
	const int letter = known && known->key < 0x80 ? known->key : 0;

	for (size_t i = 0; i < completion->n_words; i++) {
		const char *word = completion->words[i];

		if (strncmp(word, "--", 2) == 0 && strncmp(word + 2, option, n) == 0 &&
		    (!word[2 + n] || word[2 + n] == '='))
			return true;
		if (letter && word[0] == '-' && word[1] != '-' && strchr(word, letter))
			return true;
	}
	return false;
}

/* Whether what is on the line has the table shown: "with --objects or --type". */
static bool is_shown(const struct completion *completion, const struct command *verb,
		     const struct column_table *table)
{
	const char *option = table->when;

	while (option && (option = strstr(option, "--"))) {
		option += strlen("--");
		if (is_on_line(completion, verb, option, strcspn(option, " ")))
			return true;
	}
	return false;
}

static void offer_columns(const struct completion *completion, const struct command *verb)
{
	const struct completion piece = last_piece(completion);
	_cleanup_free_ char *prefix _unused_ = (char *)piece.prefix;
	const struct column_table *shown = verb->tables;

	for (const struct column_table *table = verb->tables; table && table->columns; table++)
		if (is_shown(completion, verb, table))
			shown = table;
	for (size_t i = 0; shown && i < *shown->n_columns; i++)
		complete_offer(&piece, shown->columns[i].heading, shown->columns[i].help);
	complete_offer(&piece, SELECTION_ALL, "all columns");
}

static const struct {
	const char *placeholder;
	void (*offer)(const struct completion *completion, const struct sysfs *sysfs);
} sources[] = {
	{ "DPRC", offer_dprcs },	 { "DEFINITION", offer_definitions },
	{ "USER", offer_users },	 { "FORMAT", offer_formats },
	{ "PROGRAM", offer_programs },	 { "HOW", offer_interfaces },
	{ "PEER", offer_peers },	 { "TYPE:", offer_types },
	{ "TYPE[", offer_object_types }, { "OPTION", offer_dprc_options },
	{ "EVENT", offer_events },	 { "CODE", offer_codes },
	{ "WHEN", offer_whens },	 { "STATE", offer_states },
};

void complete_placeholder(const struct completion *completion, const struct command *verb,
			  const char *placeholder)
{
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };
	/* Of several forms of a command line the first has arguments. */
	_cleanup_free_ char *form = xasprintf("%.*s", (int)strcspn(placeholder, "\n"), placeholder);

	if (streq(placeholder, "LIST")) {
		offer_columns(completion, verb);
		return;
	}
	if (sysfs_open(completion->sysroot, &sysfs) < 0)
		return;
	/* args_doc has them as "[DPRC...]", options as "USER[:GROUP]". */
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (strstr(form, sources[i].placeholder))
			sources[i].offer(completion, &sysfs);
}
