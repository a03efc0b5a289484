/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "transaction/outcome.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/netdev.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "transaction/change.h"
#include "transaction/creation.h"

/* As "dpni.1 eth2 (up, addresses: 1)": the object first, for an interface may get another name. */
void outcome_load_interfaces(const struct candidate *candidate, struct change *change)
{
	for (size_t i = 0; i < candidate->n_carriers; i++) {
		const struct carried_netdevs *carrier = &candidate->carriers[i];

		for (size_t n = 0; n < carrier->netdevs.n_netdevs; n++) {
			const struct netdev *netdev = &carrier->netdevs.netdevs[n];
			_cleanup_free_ char *uses = evidence_of_netdev(netdev);
			_cleanup_free_ char *text =
				xasprintf("%s %s", name_text(&carrier->object->name).text,
					  uses ? uses : netdev->name);

			strings_add(&change->interfaces, text);
		}
	}
}

static void say(const struct change *change, const char *what, const struct strings *interfaces)
{
	_cleanup_free_ char *text = strings_join(interfaces, ", ");

	if (interfaces->n_texts)
		note(name_text(&change->name).text, "network interfaces %s: %s", what, text);
}

static void say_taken(const struct change *change)
{
	_cleanup_strings_ struct strings taken = { 0 };

	for (size_t i = 0; i < change->interfaces.n_texts; i++)
		strings_add(&taken, strchr(change->interfaces.texts[i], ' ') + 1);
	say(change, "taken from the host", &taken);
}

/* What that object carried before; NULL: nothing, or it is not known. */
static const char *find_before(const struct change *change, const char *object)
{
	const size_t n = strlen(object);

	for (size_t i = 0; i < change->interfaces.n_texts; i++) {
		const char *text = change->interfaces.texts[i];

		if (strncmp(text, object, n) == 0 && text[n] == ' ')
			return text + n + 1;
	}
	return NULL;
}

static void add_back(struct strings *back, const struct change *change, const struct bus *bus,
		     const struct object *object)
{
	const char *was = find_before(change, name_text(&object->name).text);
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };

	netdevs_load(bus, object, &netdevs);
	for (size_t i = 0; i < netdevs.n_netdevs; i++) {
		const char *name = netdevs.netdevs[i].name;
		_cleanup_free_ char *text = was && !streq(was, name)
						    ? xasprintf("%s, which was %s", name, was)
						    : xstrdup(name);

		strings_add(back, text);
	}
}

static void say_back(const struct bus *bus, const struct change *change)
{
	const struct dprc *dprc = bus ? bus_find_dprc(bus, &change->name) : NULL;
	_cleanup_strings_ struct strings back = { 0 };

	for (size_t i = 0; dprc && i < bus->n_objects; i++)
		if (dprc_contains(dprc, &bus->objects[i]))
			add_back(&back, change, bus, &bus->objects[i]);
	say(change, "are back, without their configuration", &back);
}

void outcome_say_done(const struct transaction *transaction)
{
	for (size_t i = 0; i < transaction->n_changes; i++) {
		const struct change *change = &transaction->changes[i];

		if (str_same(change->before.driver, change->after.driver))
			continue;
		if (str_same(change->after.driver, VFIO_DRIVER))
			say_taken(change);
		else if (str_same(change->before.driver, VFIO_DRIVER))
			say_back(transaction->after, change);
	}
}

static void list_names(const struct transaction *transaction, struct strings *names)
{
	for (size_t i = 0; i < transaction->n_changes; i++)
		if (!transaction_makes(transaction, &transaction->changes[i].name))
			strings_add(names, name_text(&transaction->changes[i].name).text);
}

char *outcome_names(const struct transaction *transaction)
{
	_cleanup_strings_ struct strings names = { 0 };

	list_names(transaction, &names);
	return names.n_texts ? strings_join(&names, ", ") : xstrdup("what there was before");
}

void outcome_say_undone(const struct transaction *transaction)
{
	_cleanup_strings_ struct strings names = { 0 };
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < transaction->n_changes; i++)
		if (transaction->changes[i].unbind_started)
			say_back(transaction->after, &transaction->changes[i]);
	list_names(transaction, &names);
	text = strings_join(&names, ", ");
	if (names.n_texts)
		note(NULL, "%s %s", text, names.n_texts == 1 ? "is as it was" : "are as they were");
}
