/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transaction/audit.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/change.h"
#include "transaction/creation.h"

/* syslog(3) waits for a reader that does not keep up, and a run holds the lock of all others. */
static void send_line(const char *line)
{
	const struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0)
		sendto(fd, line, strlen(line), MSG_DONTWAIT | MSG_NOSIGNAL,
		       (const struct sockaddr *)&log, sizeof(log));
}

/*
 * Who logged in, however it became root: the kernel keeps that, and $SUDO_UID is anybody's to set.
 * -1 is a service of the system, or a kernel without audit.
 */
static char *login_text(const struct sysfs *sysfs)
{
	_cleanup_free_ char *text = NULL;
	unsigned int uid;
	int r = sysfs_read(sysfs->root_fd, "proc/self/loginuid", &text);

	return r >= 0 && str_number(text, (unsigned int)-2, &uid) ? xasprintf(", login UID %u", uid)
								  : xstrdup("");
}

/* What was made may have no name yet, or none any more, but it has a label. */
static char *names_of(const struct transaction *transaction)
{
	_cleanup_strings_ struct strings names = { 0 };

	for (size_t i = 0; i < transaction->n_changes; i++)
		strings_add(&names, name_text(&transaction->changes[i].name).text);
	for (size_t i = 0; i < transaction->n_creations; i++)
		strings_add(&names, transaction->creations[i].made.label);
	return strings_join(&names, " ");
}

void audit_send(const struct transaction *transaction, const char *names, int result)
{
	_cleanup_free_ char *raw = NULL, *what = NULL, *login = NULL, *line = NULL;
	const struct exit_promise *promise = exit_promise_of(result);

	if (!transaction->journal)
		return;
	raw = names ? xstrdup(names) : names_of(transaction);
	what = str_escape(raw);
	login = login_text(transaction->sysfs);
	line = xasprintf("<%d>fslmc-vfio[%d]: %s %s by UID %u%s: %s", LOG_AUTH | LOG_NOTICE,
			 (int)getpid(), transaction->operation, what, (unsigned int)getuid(), login,
			 result ? promise->promise : promise->name);
	send_line(line);
}
