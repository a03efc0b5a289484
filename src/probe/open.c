/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening a container by either interface of VFIO, and closing it. */
#include <errno.h>

#include "base/util.h"
#include "kernel/vfio.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "probe/session.h"

/* The kernel refuses devices before the container and the IOMMU are set, so the order is given. */
static int open_group(struct session *session)
{
	const struct sysfs *sysfs = session->probe->bus->sysfs;
	int r;

	if (!vfio_has_groups(sysfs))
		return session_fail(session, PROBE_NO_OBJECT, REASON_NO_GROUPS, 0), -ENOENT;
	r = vfio_container_open(sysfs);
	if (r < 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_OPEN_VFIO, r);
	session->space_fd = r;
	r = vfio_container_has_type1(session->space_fd);
	if (r <= 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_TYPE1, r ? r : -ENOTSUP);
	r = vfio_group_open(sysfs, session->probe->dprc->object->group);
	if (r < 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_OPEN_GROUP, r);
	session->group = r;
	r = vfio_group_is_viable(session->group);
	if (r < 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_GROUP_STATUS, r);
	if (r == 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_NOT_VIABLE, -EPERM);
	r = vfio_group_set_container(session->group, session->space_fd);
	if (r < 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_SET_CONTAINER, r);
	r = vfio_container_set_type1(session->space_fd);
	return r < 0 ? session_fail(session, PROBE_NO_OBJECT, REASON_SET_IOMMU, r) : 0;
}

static int open_iommufd(struct session *session)
{
	int r = vfio_iommufd_open(session->probe->bus->sysfs);

	if (r < 0)
		return session_fail(session, PROBE_NO_OBJECT, REASON_OPEN_IOMMUFD, r);
	session->space_fd = r;
	r = vfio_iommufd_new_space(session->space_fd, &session->space);
	return r < 0 ? session_fail(session, PROBE_NO_OBJECT, REASON_NEW_SPACE, r) : 0;
}

/*
 * The first device is the DPRC's: if that cannot be had, the container cannot, and nothing of it
 * was opened.
 */
static size_t culprit_of(size_t index) { return index ? index : PROBE_NO_OBJECT; }

static int open_cdev(struct session *session, size_t index)
{
	const struct probe_object *object = session->objects[index].object;
	const size_t culprit = culprit_of(index);
	_cleanup_close_ int fd = -1;
	int r;

	if (!object->node)
		return session_fail(session, culprit, REASON_NO_NODE, 0), -ENOENT;
	fd = vfio_cdev_open(session->probe->bus->sysfs, object->node);
	if (fd < 0)
		return session_fail(session, culprit, REASON_OPEN_NODE, fd);
	r = vfio_cdev_bind(fd, session->space_fd);
	if (r < 0)
		return session_fail(session, culprit, REASON_BIND_IOMMUFD, r);
	r = vfio_cdev_attach(fd, session->space);
	if (r < 0)
		return session_fail(session, culprit, REASON_ATTACH, r);
	return take_fd(&fd);
}

int session_open_device(struct session *session, size_t index)
{
	int fd;

	if (session->group < 0)
		return open_cdev(session, index);
	fd = vfio_group_open_device(session->group,
				    name_text(&session->objects[index].object->name).text);
	if (fd < 0)
		return session_fail(session, culprit_of(index), REASON_OPEN_DEVICE, fd);
	return fd;
}

int session_open(struct session *session)
{
	session->space = VFIO_SPACE_TYPE1;
	return session->probe->interface == PROBE_INTERFACE_CDEV ? open_iommufd(session)
								 : open_group(session);
}

/* The DPRC last: its close resets the whole container, also what would still be open. */
void session_close(struct session *session)
{
	for (size_t i = session->probe->n_objects; i-- > 0;) {
		close_pointer(&session->objects[i].fd);
		session->objects[i].fd = -1;
	}
	close_pointer(&session->group);
	close_pointer(&session->space_fd);
	session->group = session->space_fd = -1;
}
