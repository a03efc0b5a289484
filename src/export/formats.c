/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats, one function each; the consumer's own documentation is named where there is one. */
#include <json-c/json.h>

#include "base/strings.h"
#include "base/util.h"
#include "export/export.h"
#include "kernel/devnode.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"

/* The interface to all groups, and that to device nodes; each is there if the kernel has it. */
static const char vfio_node[] = "/dev/vfio/vfio", iommufd_node[] = "/dev/iommu";

static struct name_text dprc_name(const struct export_subject *subject)
{
	return name_text(&subject->dprc->object->name);
}

static bool has_device_nodes(const struct export_subject *subject)
{
	for (size_t i = 0; i < subject->nodes.n_nodes; i++)
		if (!subject->nodes.nodes[i].is_group)
			return true;
	return false;
}

static bool has_node(const struct export_subject *subject, const char *path)
{
	return sysfs_exists(subject->bus->sysfs->root_fd, path + strlen("/"));
}

/* Calls visit for every node that a program of its own root directory has to be given. */
static void for_each_node(const struct export_subject *subject,
			  void (*visit)(const char *path, void *data), void *data)
{
	if (has_node(subject, vfio_node))
		visit(vfio_node, data);
	if (has_device_nodes(subject) && has_node(subject, iommufd_node))
		visit(iommufd_node, data);
	for (size_t i = 0; i < subject->nodes.n_nodes; i++)
		visit(subject->nodes.nodes[i].path, data);
}

/*
 * A shell that is given the text without quotes looks for files by its words, in comments as well,
 * and some file's name might hold commands.  So a label with more than letters and digits is left
 * out.
 */
static bool is_plain(const char *label)
{
	return *label && !label[strspn(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "0123456789 ._-")];
}

/* Such texts are kept in files, and the MC gives another number to the same DPRC some day. */
static void write_comment(const struct export_subject *subject, FILE *stream)
{
	const struct mc_object *mc = subject->dprc->object->mc;
	const char *label = mc && is_plain(mc->label) ? mc->label : NULL;

	fprintf(stream,
		"# %s%s%s: its number holds for this boot, so export it again after the next\n",
		dprc_name(subject).text, label ? ", labelled " : "", label ? label : "");
}

/* fslmc_get_container_group() of DPDK's bus/fslmc takes the name from the environment. */
static void write_dpdk(const struct export_subject *subject, FILE *stream)
{
	fprintf(stream, "export DPRC=%s\n", dprc_name(subject).text);
	/* Last: a shell that was given it without quotes reads it as one line. */
	write_comment(subject, stream);
}

/*
 * VPP drives DPAA2 through DPDK, so it is the environment again; a daemon has its own from its
 * unit.  The limit: VFIO counts what it pins for DMA as locked (vfio_lock_acct()).
 */
static void write_vpp(const struct export_subject *subject, FILE *stream)
{
	write_comment(subject, stream);
	if (subject->definition)
		fprintf(stream,
			"[Unit]\n"
			"Requires=fslmc-vfio@%s.service\n"
			"After=fslmc-vfio@%s.service\n"
			"\n",
			subject->definition, subject->definition);
	fprintf(stream,
		"[Service]\n"
		"Environment=DPRC=%s\n"
		"LimitMEMLOCK=infinity\n",
		dprc_name(subject).text);
}

/* Of NXP's QEMU (hw/vfio/fsl_mc.c); the upstream one has no such device. */
static void write_qemu(const struct export_subject *subject, FILE *stream)
{
	fprintf(stream, "-device vfio-fsl-mc,host=%s\n", dprc_name(subject).text);
}

static void write_device_option(const char *path, void *stream)
{
	fprintf(stream, "--device=%s\n", path);
}

/* docker-run(1), a word a line.  Docker shows sysfs to a container, so names need nothing more. */
static void write_docker(const struct export_subject *subject, FILE *stream)
{
	for_each_node(subject, write_device_option, stream);
	fprintf(stream, "--env=DPRC=%s\n--ulimit=memlock=-1:-1\n", dprc_name(subject).text);
}

static void add_device_node(const char *path, void *array)
{
	struct json_object *node = json_object_new_object();

	json_object_object_add(node, "path", json_object_new_string(path));
	json_object_array_add(array, node);
}

/* The Container Device Interface; 0.3.0 is the oldest version that has all that is used. */
static void write_cdi(const struct export_subject *subject, FILE *stream)
{
	struct json_object *spec = json_object_new_object(), *device = json_object_new_object();
	struct json_object *edits = json_object_new_object(), *nodes = json_object_new_array();
	struct json_object *devices = json_object_new_array(), *env = json_object_new_array();
	_cleanup_free_ char *variable = xasprintf("DPRC=%s", dprc_name(subject).text);

	for_each_node(subject, add_device_node, nodes);
	json_object_array_add(env, json_object_new_string(variable));
	json_object_object_add(edits, "env", env);
	json_object_object_add(edits, "deviceNodes", nodes);
	json_object_object_add(device, "name", json_object_new_string(dprc_name(subject).text));
	json_object_object_add(device, "containerEdits", edits);
	json_object_array_add(devices, device);
	json_object_object_add(spec, "cdiVersion", json_object_new_string("0.3.0"));
	json_object_object_add(spec, "kind", json_object_new_string("nxp.com/dprc"));
	json_object_object_add(spec, "devices", devices);
	fprintf(stream, "%s\n",
		json_object_to_json_string_ext(spec, JSON_C_TO_STRING_PRETTY |
							     JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(spec);
}

/*
 * Rules that give the nodes, whenever they are made again, to whom they belong now.  A group's
 * node has no parent device, so it is known by the DPRC in its group: the group's number is good
 * for one boot only.
 */
static void write_udev(const struct export_subject *subject, FILE *stream)
{
	const struct name_text name = dprc_name(subject);
	struct devnode_owner owner = { 0 };

	write_comment(subject, stream);
	for (size_t i = 0; i < subject->nodes.n_nodes; i++) {
		const struct vfio_node *node = &subject->nodes.nodes[i];
		const struct name_text group = name_text(&node->object->name);
		_cleanup_close_ int handle =
			devnode_open(subject->bus->sysfs, node->path, node->dev_attribute);

		/* export_check() had it open. */
		if (handle >= 0)
			devnode_get_owner(handle, &owner);
		if (!node->is_group)
			break;
		fprintf(stream,
			"SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%%k/devices/%s\", "
			"OWNER=\"%u\", GROUP=\"%u\", MODE=\"%04o\"\n",
			group.text, owner.uid, owner.gid, owner.mode);
	}
	if (!has_device_nodes(subject))
		return;
	fprintf(stream,
		"SUBSYSTEM==\"vfio-dev\", KERNELS==\"%s\", OWNER=\"%u\", GROUP=\"%u\", "
		"MODE=\"%04o\"\n",
		name.text, owner.uid, owner.gid, owner.mode);
}

static void add_path(const char *path, void *data) { strings_add(data, path); }

/* For a shell, and for systemd's EnvironmentFile=. */
static void write_env(const struct export_subject *subject, FILE *stream)
{
	_cleanup_strings_ struct strings paths = { 0 };
	_cleanup_free_ char *nodes = NULL;

	for_each_node(subject, add_path, &paths);
	nodes = strings_join(&paths, " ");
	fprintf(stream, "DPRC=%s\nVFIO_GROUP=%d\nVFIO_NODES=\"%s\"\n", dprc_name(subject).text,
		subject->dprc->object->group, nodes);
	write_comment(subject, stream);
}

const struct export_format export_formats[] = {
	{ "dpdk", "the environment of a DPDK program, for a shell", write_dpdk,
	  .needs_groups = true },
	{ "vpp", "a drop-in, for /run/systemd/system/vpp.service.d", write_vpp,
	  .wants_definition = true, .needs_groups = true },
	{ "qemu", "the argument of NXP's QEMU", write_qemu, .needs_groups = true },
	{ "docker", "arguments of docker run, one a line", write_docker },
	{ "podman-cdi", "a CDI specification, for /run/cdi", write_cdi },
	{ "udev", "rules that keep the owner of the nodes, for /run/udev/rules.d", write_udev },
	{ "env", "variables for a shell or a systemd EnvironmentFile=", write_env },
};
const size_t n_export_formats = ARRAY_SIZE(export_formats);
