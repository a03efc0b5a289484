/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DPRCs by their label. */
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

static bool has_label(const struct dprc *dprc, const char *label)
{
	return dprc->object->mc && streq(dprc->object->mc->label, label);
}

static int find(const struct bus *bus, const char *label, struct dprc **ret_dprc)
{
	*ret_dprc = NULL;
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		struct dprc *dprc = &bus->dprcs[i];

		if (!has_label(dprc, label))
			continue;
		if (*ret_dprc)
			return fail(-ERROR_REFUSED, NULL,
				    "%s and %s have the label '%.64s'; name one",
				    name_text(&(*ret_dprc)->object->name).text,
				    name_text(&dprc->object->name).text, label);
		*ret_dprc = dprc;
	}
	return 0;
}

/* Any label may be that of a DPRC of which the MC does not tell; a root has none. */
static bool is_known(const struct bus *bus)
{
	for (size_t i = 0; bus->mc && i < bus->n_dprcs; i++)
		if (!bus->dprcs[i].is_root && !bus->dprcs[i].object->mc)
			return false;
	return bus->mc;
}

int label_find_dprc(struct bus *bus, const char *text, struct dprc **ret_dprc)
{
	const char *label = label_of(text);
	int r;

	if (!label)
		return command_find_dprc(bus, text, ret_dprc);
	r = label_check(label);
	if (r < 0)
		return r;
	if (!bus->mc)
		facts_load_mc(bus, MC_OBJECTS);
	r = find(bus, label, ret_dprc);
	if (r < 0 || *ret_dprc)
		return r;
	if (!is_known(bus))
		return fail(
			-ERROR_FAILED, NULL,
			"cannot tell which DPRC has the label '%.64s': the MC did not say; name "
			"it as dprc.N",
			label);
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
