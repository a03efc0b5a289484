/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts of a captured machine, as text.  It may be anybody's. */
#include "model/captured.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"
#include "model/memlock.h"
#include "model/name.h"

#define HOLDERS_MAX 4096

/* Without the final newline.  Holders can be more than fit into an attribute of sysfs. */
static int read_fact(const struct sysfs *sysfs, const char *fact, char **ret_text)
{
	_cleanup_free_ char *path = xasprintf(CAPTURED_DIR "/%s", fact);
	size_t n;
	int r = sysfs_read_file(sysfs->root_fd, path, ret_text, &n);

	if (r >= 0 && n && (*ret_text)[n - 1] == '\n')
		(*ret_text)[n - 1] = '\0';
	return r;
}

int captured_read_number(const struct sysfs *sysfs, const char *fact, int64_t *ret_number)
{
	_cleanup_free_ char *text = NULL;
	unsigned int number;
	int r = read_fact(sysfs, fact, &text);

	if (r < 0)
		return r;
	if (streq(text, CAPTURED_UNKNOWN))
		return -ENODATA;
	if (!str_number(text, INT_MAX, &number))
		return -EBADMSG;
	*ret_number = number;
	return 0;
}

int captured_read_memlock(const struct sysfs *sysfs, struct memlock *ret_memlock)
{
	_cleanup_free_ char *text = NULL;
	int64_t bytes;
	int end = 0, r = read_fact(sysfs, "memlock", &text);

	if (r < 0)
		return r;
	if (sscanf(text, "%" SCNd64 " %n", &bytes, &end) != 1 || !end || bytes < MEMLOCK_UNKNOWN ||
	    !text[end])
		return -EBADMSG;
	ret_memlock->bytes = bytes;
	ret_memlock->user = xstrdup(text + end);
	ret_memlock->is_root = streq(text + end, "root");
	return 0;
}

char *captured_memlock_text(const struct memlock *memlock)
{
	return xasprintf("%" PRId64 " %s\n", memlock->bytes, memlock->user);
}

static int parse_holder(const struct sysfs *sysfs, const char *line, struct holder *ret_holder)
{
	int pid, is_mapping, is_sure, end = 0;
	_cleanup_free_ char *comm = NULL;
	struct holder holder;

	if (sscanf(line, "%d %d %d %n", &pid, &is_mapping, &is_sure, &end) != 3 || !end ||
	    pid <= 0 || !line[end])
		return -EBADMSG;
	holder = (struct holder){ .pid = pid, .is_mapping = is_mapping, .is_sure = is_sure };
	holder.file = xstrdup(line + end);
	comm = xasprintf("proc/%d/comm", pid);
	if (sysfs_read(sysfs->root_fd, comm, &holder.command) < 0)
		holder.command = xstrdup("");
	*ret_holder = holder;
	return 0;
}

int captured_read_holders(const struct sysfs *sysfs, const struct name *dprc,
			  struct holders *ret_holders)
{
	_cleanup_free_ char *fact = xasprintf("holders/%s", name_text(dprc).text), *text = NULL;
	_cleanup_holders_ struct holders holders = { 0 };
	char *rest, *line;
	int r = read_fact(sysfs, fact, &text);

	if (r < 0)
		return r;
	rest = text;
	holders.is_complete = streq(strsep(&rest, "\n"), "complete");
	while ((line = strsep(&rest, "\n"))) {
		struct holder holder;

		r = holders.n_holders == HOLDERS_MAX ? -E2BIG : parse_holder(sysfs, line, &holder);
		if (r < 0)
			return r;
		holders.holders = xrealloc(holders.holders, holders.n_holders + 1, sizeof(holder));
		holders.holders[holders.n_holders++] = holder;
	}
	*ret_holders = holders;
	holders = (struct holders){ 0 };
	return 0;
}

char *captured_holders_text(const struct holders *holders)
{
	char *text = xstrdup(holders->is_complete ? "complete\n" : "incomplete\n");

	for (size_t i = 0; i < holders->n_holders; i++) {
		const struct holder *holder = &holders->holders[i];
		_cleanup_free_ char *before = text, *file = str_escape(holder->file);

		text = xasprintf("%s%d %d %d %s\n", before, (int)holder->pid, holder->is_mapping,
				 holder->is_sure, file);
	}
	return text;
}

bool captured_is_locked(const struct sysfs *sysfs, const struct name *dprc)
{
	_cleanup_free_ char *path = xasprintf(CAPTURED_DIR "/locked/%s", name_text(dprc).text);

	return sysfs_exists(sysfs->root_fd, path);
}
