/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to character device nodes. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/devnode.h"
#include "kernel/sysfs.h"

bool devnode_owner_equal(const struct devnode_owner *a, const struct devnode_owner *b)
{
	return a->uid == b->uid && a->gid == b->gid && a->mode == b->mode;
}

static int read_number(const struct sysfs *sysfs, const char *attribute, dev_t *ret_number)
{
	_cleanup_free_ char *text = NULL;
	unsigned int major_number, minor_number;
	int r = sysfs_read(sysfs->fd, attribute, &text);

	if (r < 0)
		return r;
	if (sscanf(text, "%u:%u", &major_number, &minor_number) != 2)
		return -EBADMSG;
	*ret_number = makedev(major_number, minor_number);
	return 0;
}

/* A socket that nobody listens at is left over from one that was killed. */
bool devnode_udev_is_running(const struct sysfs *sysfs)
{
	static const struct sockaddr_un address = {
		.sun_family = AF_UNIX,
		.sun_path = "/run/udev/control",
	};
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (!sysfs_exists(sysfs->root_fd, address.sun_path + strlen("/")))
		return false;
	return fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 ||
	       errno != ECONNREFUSED;
}

int64_t devnode_udev_time_us(const struct sysfs *sysfs, const char *dev_attribute)
{
	_cleanup_free_ char *path = NULL;
	struct stat status;
	dev_t number;

	if (read_number(sysfs, dev_attribute, &number) < 0)
		return 0;
	path = xasprintf("run/udev/data/c%u:%u", major(number), minor(number));
	if (fstatat(sysfs->root_fd, path, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return status.st_mtim.tv_sec * INT64_C(1000000) + status.st_mtim.tv_nsec / 1000;
}

int devnode_open(const struct sysfs *sysfs, const char *path, const char *dev_attribute)
{
	_cleanup_close_ int handle = -1;
	struct stat status;
	dev_t number;
	int r = read_number(sysfs, dev_attribute, &number);

	if (r < 0)
		return r;
	if (!sysfs->is_live)
		return sysfs_open_regular(sysfs->root_fd, path + strlen("/"));
	handle = sysfs_open_at(sysfs->root_fd, path + strlen("/"), O_PATH | O_NOFOLLOW);
	if (handle < 0)
		return take_fd(&handle);
	if (fstat(handle, &status) < 0)
		return -errno;
	if (!S_ISCHR(status.st_mode) || status.st_rdev != number)
		return -EXDEV;
	return take_fd(&handle);
}

/* In a child: becomes the user and asks the kernel.  Returns an exit status, an errno. */
static int access_as(const struct sysfs *sysfs, const char *path, const struct passwd *entry)
{
	if (entry && (initgroups(entry->pw_name, entry->pw_gid) < 0 ||
		      setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) < 0 ||
		      setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) < 0))
		return EPERM;
	if (faccessat(sysfs->root_fd, path + strlen("/"), R_OK | W_OK, 0) >= 0)
		return 0;
	/* The second is what devcgroup_check_permission() says. */
	return errno == EPERM ? EACCES : errno;
}

known_bool devnode_is_accessible(const struct sysfs *sysfs, const char *path,
				 const struct passwd *entry)
{
	const bool is_self = !entry || (entry->pw_uid == getuid() && getuid() == geteuid());
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(access_as(sysfs, path, is_self ? NULL : entry));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status))
		return -EIO;
	if (WEXITSTATUS(status) == EACCES)
		return 0;
	return WEXITSTATUS(status) ? -WEXITSTATUS(status) : 1;
}

char *devnode_owner_text(const struct devnode_owner *owner)
{
	return xasprintf("%u %u %03o\n", owner->uid, owner->gid, owner->mode);
}

static int read_captured_owner(int handle, struct devnode_owner *ret_owner)
{
	char text[64] = { 0 };
	unsigned int uid, gid, mode;

	if (pread(handle, text, sizeof(text) - 1, 0) < 0)
		return -errno;
	if (sscanf(text, "%u %u %o", &uid, &gid, &mode) != 3)
		return -ENODATA;
	*ret_owner = (struct devnode_owner){ uid, gid, mode & DEVNODE_PERMISSIONS };
	return 0;
}

int devnode_get_owner(int handle, struct devnode_owner *ret_owner)
{
	struct stat status;

	if (fstat(handle, &status) < 0)
		return -errno;
	if (S_ISREG(status.st_mode))
		return read_captured_owner(handle, ret_owner);
	*ret_owner = (struct devnode_owner){
		.uid = status.st_uid,
		.gid = status.st_gid,
		.mode = status.st_mode & DEVNODE_PERMISSIONS,
	};
	return 0;
}

/*
 * The mode is widened last and through /proc, the only way to an O_PATH descriptor's mode before
 * fchmodat2(2) of Linux 6.6.
 */
int devnode_set_owner(int handle, const struct devnode_owner *owner)
{
	char path[32];

	if (fchownat(handle, "", owner->uid, owner->gid, AT_EMPTY_PATH) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", handle);
	return chmod(path, owner->mode) < 0 ? -errno : 0;
}
