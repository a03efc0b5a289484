/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DPRCs by their label. */
#include <errno.h>
#include <string.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/label.h"

#define PREFIX "LABEL="

const char *label_of(const char *text)
{
	return strncmp(text, PREFIX, strlen(PREFIX)) ? NULL : text + strlen(PREFIX);
}

int label_check(const char *label)
{
	return *label ? 0 : fail(-ERROR_USAGE, NULL, PREFIX ": no label given");
}

/* Among all that the MC has, also those that Linux was not told of. */
static int find(const struct bus *bus, const char *label, const struct mc_object **ret_dprc)
{
	*ret_dprc = NULL;
	for (size_t i = 0; bus->mc && i < bus->mc->n_containers; i++)
		for (size_t n = 0; n < bus->mc->containers[i].n_objects; n++) {
			const struct mc_object *object = &bus->mc->containers[i].objects[n];

			if (!name_is_dprc(&object->name) || !streq(object->label, label))
				continue;
			if (*ret_dprc)
				return fail(-ERROR_REFUSED, NULL,
					    "%s and %s have the label '%.64s'; name one",
					    name_text(&(*ret_dprc)->name).text,
					    name_text(&object->name).text, label);
			*ret_dprc = object;
		}
	return 0;
}

/* Any label may be that of a DPRC of which the MC does not tell. */
static int check_known(const struct bus *bus, const char *label)
{
	bool is_known = bus->mc;

	for (size_t i = 0; is_known && i < bus->mc->n_containers; i++)
		is_known = !bus->mc->containers[i].error && bus->mc->containers[i].is_complete;
	if (is_known)
		return 0;
	return fail(!bus->mc && bus->mc_error == -EACCES ? -ERROR_PERMISSION : -ERROR_FAILED, NULL,
		    "cannot tell which DPRC has the label '%.64s': the MC did not say; name "
		    "it as dprc.N",
		    label);
}

int label_find_dprc(struct bus *bus, const char *text, struct dprc **ret_dprc)
{
	const char *label = label_of(text);
	const struct mc_object *found;
	int r;

	if (!label)
		return command_find_dprc(bus, text, ret_dprc);
	r = label_check(label);
	if (r < 0)
		return r;
	if (!bus->mc)
		facts_load_mc(bus, MC_OBJECTS);
	r = find(bus, label, &found);
	if (r >= 0)
		r = check_known(bus, label);
	if (r < 0)
		return r;
	*ret_dprc = found ? bus_find_dprc(bus, &found->name) : NULL;
	if (found)
		return *ret_dprc ? 0 : command_fail_unseen(bus, found);
	return fail(
		-ERROR_NOT_FOUND, NULL,
		"no DPRC has the label '%.64s'; 'fslmc-vfio list -o +LABEL' shows those there are",
		label);
}

int label_check_names(const struct sysfs *sysfs, const struct strings *names)
{
	int r = 0;

	for (size_t i = 0; i < names->n_texts && r >= 0; i++)
		if (!label_of(names->texts[i]))
			r = command_check_name(sysfs, names->texts[i]);
	return r;
}

int label_resolve(struct bus *bus, struct strings *names)
{
	_cleanup_strings_ struct strings resolved = { 0 };
	bool has_labels = false;

	for (size_t i = 0; i < names->n_texts; i++) {
		const char *text = names->texts[i];
		struct name_text name;
		struct dprc *dprc;

		if (label_of(text)) {
			int r = label_find_dprc(bus, text, &dprc);

			if (r < 0)
				return r;
			name = name_text(&dprc->object->name);
			text = name.text;
			has_labels = true;
		}
		if (!strings_has(&resolved, text))
			strings_add(&resolved, text);
	}
	strings_done(names);
	*names = resolved;
	resolved = (struct strings){ 0 };
	return has_labels;
}
