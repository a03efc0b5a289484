/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Damaged machines, and every verb that reads them: an input is a verb and a few changes. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/sysfs.h"
#include "verbs/command.h"

#define ENTRIES_MAX 400
#define CHANGES_MAX 6
#define ARGUMENTS_MAX 8

int __wrap_setvbuf(FILE *stream, char *buffer, int mode, size_t n);

extern const struct command command_apply, command_check, command_complete, command_create,
	command_define, command_doctor, command_export, command_list, command_show, command_status;

static const struct command *const verbs[] = {
	&command_apply,
	&command_check,
	&command_complete,
	&command_create,
	&command_define,
	&command_doctor,
	&command_export,
	&command_list,
	&command_show,
	&command_status,
	NULL,
};

static const struct {
	const struct command *command;
	const char *arguments[ARGUMENTS_MAX];
	bool json;
} runs[] = {
	{ &command_list, { "" }, true },
	{ &command_list, { "--objects" }, true },
	{ &command_list, { "--tree", "-o", "+LABEL,ICID" }, false },
	{ &command_list, { "--objects", "-r", "-o", "all" }, false },
	{ &command_list, { "--ports" }, true },
	{ &command_list, { "--pools" }, true },
	{ &command_show, { "dprc.2" }, true },
	{ &command_show, { "dprc.2" }, false },
	{ &command_show, { "dpmac.3" }, false },
	{ &command_check, { "" }, true },
	{ &command_check, { "dprc.2", "--for=dpdk" }, false },
	{ &command_doctor, { "" }, true },
	{ &command_doctor, { "" }, false },
	{ &command_export, { "--for=dpdk", "dprc.2" }, false },
	{ &command_export, { "--for=qemu", "dprc.2" }, false },
	{ &command_export, { "--for=udev", "dprc.2" }, false },
	{ &command_define, { "--dry-run", "--as=x", "dprc.2" }, true },
	{ &command_apply, { "--dry-run" }, true },
	{ &command_status, { "" }, true },
	{ &command_create, { "--dry-run", "--label=x", "--for=dpdk", "--port=dpmac.3" }, true },
};

/* What the manifest does not have. */
static const struct {
	const char *path, *text;
} more[] = {
	{ "dev/vfio/1", "" },
	{ "etc/fslmc-vfio.d/fast.json",
	  "{\"format_version\":\"1.0\",\"label\":\"child\",\"contents\":{\"dpni\":2}}" },
	{ "proc/version", "Linux version 6.1.0-9-arm64 #1 SMP Debian 6.1.27-1 (2023-05-08)\n" },
	{ "proc/17/comm", "dpdk\n" },
	{ "proc/17/maps", "00400000-00401000 rw-s 00001000 00:05 7 /dev/vfio/1\n" },
};

struct entry {
	char *path; /* below the machine */
	char *bytes;
	size_t n;
	bool is_link;
};

static struct entry entries[ENTRIES_MAX];
static size_t n_entries;
static struct sysfs machine;
static char *top;

/* Output goes to memory. */
int __wrap_setvbuf(FILE *stream _unused_, char *buffer _unused_, int mode _unused_,
		   size_t n _unused_)
{
	return 0;
}

static int note_entry(const char *path, const struct stat *status, int type,
		      struct FTW *at _unused_)
{
	struct entry *entry = &entries[n_entries];
	_cleanup_close_ int fd = -1;

	if ((type != FTW_F && type != FTW_SL && type != FTW_SLN) || n_entries == ENTRIES_MAX)
		return 0;
	n_entries++;
	entry->path = xstrdup(path + strlen(top) + 1);
	entry->is_link = type != FTW_F;
	entry->n = (size_t)status->st_size;
	entry->bytes = xcalloc(entry->n + 1, 1);
	if (entry->is_link)
		return readlink(path, entry->bytes, entry->n) < 0;
	fd = open(path, O_RDONLY);
	return read(fd, entry->bytes, entry->n) != (ssize_t)entry->n;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	commands = verbs;
	log_forget();
	fuzz_machine("small", &machine);
	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		fuzz_write(machine.root_fd, more[i].path, more[i].text, strlen(more[i].text));
	top = xasprintf("%s/small", fuzz_directory());
	if (nftw(top, note_entry, 16, FTW_PHYS) != 0 || !n_entries)
		abort();
	qsort(entries, n_entries, sizeof(entries[0]), by_path);
	return 0;
}

static void remove_at(const char *path)
{
	if (unlinkat(machine.root_fd, path, 0) < 0)
		unlinkat(machine.root_fd, path, AT_REMOVEDIR);
}

static void restore(const struct entry *entry)
{
	remove_at(entry->path);
	if (!entry->is_link)
		fuzz_write(machine.root_fd, entry->path, entry->bytes, entry->n);
	else if (symlinkat(entry->bytes, machine.root_fd, entry->path) < 0)
		abort();
}

/* Bytes of it replaced, or all of it: another text, a link, a directory, nothing. */
static void change(const struct entry *entry, struct input *input)
{
	const uint8_t kind = input_byte(input);
	_cleanup_free_ char *text = input_text(input), *bytes = NULL;
	const size_t n = strlen(text), at = entry->n ? kind / 6U * 7U % entry->n : 0;

	remove_at(entry->path);
	switch (kind % 6) {
	case 0:
		return;
	case 1:
		if (symlinkat(*text ? text : ".", machine.root_fd, entry->path) < 0)
			return;
		return;
	case 2:
		mkdirat(machine.root_fd, entry->path, 0700);
		return;
	case 3:
		fuzz_write(machine.root_fd, entry->path, text, n);
		return;
	default:
		bytes = xcalloc(entry->n + n + 1, 1);
		memcpy(bytes, entry->bytes, entry->n);
		memcpy(bytes + at, text, n);
		fuzz_write(machine.root_fd, entry->path, bytes,
			   kind % 6 == 4 || at + n > entry->n ? at + n : entry->n);
	}
}

/* One line each, and nothing that a terminal would act on. */
static void check_output(const char *text, bool json)
{
	struct json_object *document = json ? fuzz_parse_strictly(text) : NULL;

	FUZZ_ASSERT(!json || document);
	json_object_put(document);
	for (const char *at = text; *at; at++) {
		at += str_visible_span(at);
		if (!*at)
			return;
		FUZZ_ASSERT(*at == '\n');
	}
}

static void run(size_t which)
{
	struct common common = { .sysroot = top, .style.json = runs[which].json };
	char *argv[ARGUMENTS_MAX + 2] = { (char *)"fslmc-vfio verb" }, *text = NULL;
	FILE *before = stdout;
	int argc = 1, r;
	size_t n;

	for (size_t i = 0; runs[which].arguments[i] && *runs[which].arguments[i]; i++)
		argv[argc++] = (char *)runs[which].arguments[i];
	stdout = open_memstream(&text, &n);
	r = runs[which].command->run(runs[which].command, &common, argc, argv);
	fclose(stdout);
	stdout = before;
	/* One that failed before it began a document leaves that to main(). */
	check_output(text, runs[which].json && *text);
	FUZZ_ASSERT(exit_promise_of(r));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };
	const size_t which = input_byte(&input) % ARRAY_SIZE(runs);
	const struct entry *changed[CHANGES_MAX];
	size_t n_changed = 0;

	while (input.n && n_changed < CHANGES_MAX) {
		const size_t low = input_byte(&input);

		changed[n_changed] = &entries[(low | (size_t)input_byte(&input) << 8) % n_entries];
		change(changed[n_changed++], &input);
	}
	run(which);
	while (n_changed)
		restore(changed[--n_changed]);
	return 0;
}
