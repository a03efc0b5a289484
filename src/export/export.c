/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a DPRC is ready for its next user. */
#include <errno.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "export/export.h"
#include "kernel/devnode.h"
#include "kernel/vfio.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "rules/verify.h"

const struct export_format *export_find_format(const char *consumer)
{
	for (size_t i = 0; i < n_export_formats; i++)
		if (streq(export_formats[i].consumer, consumer))
			return &export_formats[i];
	return NULL;
}

static int check_node(const struct export_subject *subject, const struct vfio_node *node)
{
	const struct name_text name = name_text(&subject->dprc->object->name);
	_cleanup_close_ int handle =
		devnode_open(subject->bus->sysfs, node->path, node->dev_attribute);

	if (handle >= 0)
		return 0;
	if (handle == -EXDEV)
		return fail(-ERROR_REFUSED, name.text,
			    "%s is not the device node it should be; see what made it (mknod, a "
			    "container's /dev)",
			    node->path);
	return fail(-ERROR_REFUSED, name.text, "its node %s cannot be used: %s", node->path,
		    error_text(handle));
}

int export_check(const struct export_format *format, const struct export_subject *subject)
{
	const struct object *object = subject->dprc->object;
	const struct name_text name = name_text(&object->name);
	_cleanup_verdict_ struct verdict verdict = { 0 };
	int r = 0;

	if (subject->dprc->is_root)
		return fail(
			-ERROR_REFUSED, name.text,
			"it is the root DPRC, which is never assigned; name one of its children");
	if (!object->driver || !streq(object->driver, VFIO_DRIVER))
		return fail(-ERROR_REFUSED, name.text,
			    "it is not bound to VFIO; 'fslmc-vfio bind %s' does that", name.text);
	verify_assigned(subject->bus, subject->dprc, &verdict);
	if (verdict.faults.n)
		return fail(-ERROR_REFUSED, name.text,
			    "%zu of its %zu objects are not as they should be: %s; "
			    "'fslmc-vfio rebind %s' may help",
			    verdict.faults.n, verdict.n_objects, verdict.faults.text, name.text);
	if (format->needs_groups && !vfio_has_groups(subject->bus->sysfs))
		return fail(-ERROR_REFUSED, name.text,
			    "%s uses VFIO group files, which this kernel does not have; use one "
			    "with CONFIG_VFIO_GROUP",
			    format->consumer);
	for (size_t i = 0; i < subject->nodes.n_nodes && r >= 0; i++)
		r = check_node(subject, &subject->nodes.nodes[i]);
	return r;
}

char *export_text(const struct export_format *format, const struct export_subject *subject)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	bool is_whole;

	if (!stream)
		return NULL;
	format->write(subject, stream);
	is_whole = !ferror(stream);
	if (fclose(stream) == 0 && is_whole)
		return text;
	free(text);
	return NULL;
}
