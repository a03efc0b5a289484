/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to do about a finding, with the names there are. */
#include <errno.h>
#include <stdlib.h>

#include "base/listing.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/evidence.h"
#include "rules/hints.h"
#include "rules/mc_trouble.h"
#include "rules/switch_ports.h"

static char *hint_unreadable(int error)
{
	if (error == -EMFILE || error == -ENFILE)
		return xstrdup("raise the limit of open files (ulimit -n, fs.file-max), then try "
			       "again");
	if (error == -ENOMEM)
		return xstrdup("free some memory, then try again");
	return xstrdup("see the kernel log, then try again");
}

char *hint_group_shared(const struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->n_parts; i++)
		if (candidate->parts[i].group_error)
			return hint_unreadable(candidate->parts[i].group_error);
	return NULL;
}

char *hint_icid_shared(const struct candidate *candidate)
{
	const struct mc_inventory *mc = candidate->bus->mc;

	for (size_t i = 0; mc && i < mc->n_containers; i++)
		for (size_t j = 0; j < candidate->n_parts; j++)
			if (candidate->parts[j].mc && !mc->containers[i].error &&
			    mc->containers[i].icid == candidate->parts[j].mc->icid &&
			    !candidate_part(candidate, &mc->containers[i].name))
				return NULL;
	return xstrdup("try again: the MC did not answer for all DPRCs");
}

/* A name may have any byte but a blank, "/" and ":" (dev_valid_name()). */
static char *shell_word(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_.@-";
	char *word, *at;

	if (!text[strspn(text, plain)])
		return xstrdup(text);
	word = at = xcalloc(4 * strlen(text) + 3, 1);
	*at++ = '\'';
	for (; *text; text++)
		at = *text == '\'' ? stpcpy(at, "'\\''") : stpncpy(at, text, 1);
	*at = '\'';
	return word;
}

char *hint_release_netdev(const struct netdev *netdev)
{
	_cleanup_free_ char *word = shell_word(netdev->name), *last = NULL;

	if (netdev->master)
		last = xasprintf("; ip link set %s nomaster", word);
	return xasprintf("ip link set %s down; ip addr flush dev %s%s", word, word,
			 last ? last : "");
}

static void add_commands(char **commands, const struct netdev *netdev)
{
	_cleanup_free_ char *before = *commands, *more = hint_release_netdev(netdev);

	*commands = xasprintf("%s%s%s", before ? before : "", before ? "; " : "", more);
}

static void add_commands_of(char **commands, const struct carried_netdevs *carrier)
{
	for (size_t i = 0; i < carrier->netdevs.n_netdevs; i++) {
		_cleanup_free_ char *uses = evidence_of_netdev(&carrier->netdevs.netdevs[i]);

		if (uses)
			add_commands(commands, &carrier->netdevs.netdevs[i]);
	}
}

#define OR_FORCE ", or use --force" /* unbind has one reason, and no --allow */
#define OR_ALLOW(candidate, code)                                                                  \
	or_allow(candidate, ", or use --allow=" code, ", or allow " code " in the definition")

static const char *or_allow(const struct candidate *candidate, const char *by_option,
			    const char *by_definition)
{
	switch (candidate->permission) {
	case BY_OPTION:
		return by_option;
	case BY_DEFINITION:
		return by_definition;
	default:
		return "";
	}
}

char *hint_outside_consumer(const struct candidate *candidate)
{
	return xasprintf("unbind those first%s", OR_ALLOW(candidate, "outside-consumer"));
}

/* Takes the commands. */
static char *hint_commands(char *commands, const char *permission)
{
	_cleanup_free_ char *owned = commands;

	if (!owned)
		return xasprintf("see in every network namespace, as root, whether the interface "
				 "is in use%s",
				 permission);
	return xasprintf("run `%s`%s", owned, permission);
}

char *hint_netdev_in_use(const struct candidate *candidate)
{
	char *commands = NULL;

	for (size_t i = 0; i < candidate->n_carriers; i++)
		add_commands_of(&commands, &candidate->carriers[i]);
	return hint_commands(commands, OR_ALLOW(candidate, "netdev-in-use"));
}

char *hint_outside_netdev(const struct candidate *candidate)
{
	char *commands = NULL;

	for (size_t i = 0; i < candidate->ports.n_ports; i++)
		add_commands_of(&commands, &candidate->ports.ports[i].carrier);
	return hint_commands(commands, OR_ALLOW(candidate, "outside-netdev"));
}

static char *hint_release_crypto(const struct object *dpseci, const char *permission)
{
	return xasprintf("if the host can do without its crypto: echo %s > "
			 "/sys/bus/fsl-mc/drivers/" CRYPTO_DRIVER "/unbind%s",
			 name_text(&dpseci->name).text, permission);
}

char *hint_host_crypto(const struct candidate *candidate)
{
	const struct object *dpseci = crypto_find_driven(candidate, true);

	return hint_release_crypto(dpseci ? dpseci : crypto_find_driven(candidate, false),
				   OR_ALLOW(candidate, "host-crypto"));
}

char *hint_host_crypto_at_unbind(const struct candidate *candidate)
{
	const struct object *dpseci = crypto_find_driven(candidate, false);

	return dpseci ? hint_release_crypto(dpseci, OR_FORCE)
		      : xstrdup("rmmod " CRYPTO_DRIVER OR_FORCE);
}

char *hint_objects_missing(const struct candidate *candidate)
{
	return xstrdup(str_same(candidate->object->driver, VFIO_DRIVER)
			       ? "'fslmc-vfio rebind'"
			       : "none is needed to bind it: bind looks for them");
}

char *hint_mc_unknown(const struct candidate *candidate)
{
	const struct bus *bus = candidate->bus;

	if (!bus->mc)
		return xstrdup(mc_trouble_of_bus(bus).hint);
	for (size_t i = 0; i < candidate->n_parts; i++)
		if (!mc_inventory_find(bus->mc, &candidate->parts[i].name))
			return xstrdup("echo 1 > /sys/bus/fsl-mc/rescan");
	/* Of others, too: what they have is a part of the answer. */
	for (size_t i = 0; i < bus->mc->n_containers; i++)
		if (bus->mc->containers[i].error)
			return xstrdup(mc_trouble_of_command(bus->mc->containers[i].error).hint);
	return xstrdup("try again");
}

enum weight weight_if_bound(const struct candidate *candidate)
{
	return str_same(candidate->object->driver, VFIO_DRIVER) ? WEIGH_REFUSE : WEIGH_WARN;
}

static bool have_option(const struct candidate *candidate, uint32_t option)
{
	for (size_t i = 0; i < candidate->n_parts; i++)
		if (candidate->parts[i].mc && candidate->parts[i].mc->options & option)
			return true;
	return false;
}

/* What a trusted user may do, and what no option of this firmware forbids, is nothing to warn of.
 */
enum weight weight_contents_changeable(const struct candidate *candidate)
{
	return mc_decides_by_lock(candidate->bus->mc) &&
			       !have_option(candidate, MC_DPRC_TOPOLOGY_CHANGES)
		       ? WEIGH_INFO_UNLESS_STRICT
		       : WEIGH_WARN_UNLESS_STRICT;
}

#define BIND_LOCK "'fslmc-vfio bind --lock', or \"lock\": true in its definition"

char *hint_contents_changeable(const struct candidate *candidate)
{
	const bool is_locked = candidate->is_locked || candidate->gets_lock;

	if (!mc_decides_by_lock(candidate->bus->mc))
		return xstrdup("make a DPRC without these options");
	if (!have_option(candidate, MC_DPRC_TOPOLOGY_CHANGES))
		return xstrdup("for a user who is not trusted, lock it: " BIND_LOCK);
	return xstrdup(is_locked
			       ? "make a DPRC without the option TOPOLOGY_CHANGES, for no lock is "
				 "known to forbid connections"
			       : "make a DPRC without the option TOPOLOGY_CHANGES, and lock "
				 "it: " BIND_LOCK);
}

char *hint_lock_unsupported(const struct candidate *candidate)
{
	return mc_version_is_unknown(candidate->bus->mc)
		       ? xstrdup("try again where the MC can be queried, or leave out the lock")
		       : NULL;
}

static size_t count_dpnis(const struct bus *bus, const struct part *part)
{
	size_t n = 0;

	for (size_t i = 0; part->mc && i < part->mc->n_objects; i++)
		n += streq(part->mc->objects[i].name.type, "dpni");
	for (size_t i = 0; !n && i < bus->n_objects; i++)
		n += bus->objects[i].container && bus->objects[i].container == part->dprc &&
		     streq(bus->objects[i].name.type, "dpni");
	return n;
}

/* rte_fslmc_scan() reads the directory of the DPRC that it is given, and none below it. */
char *hint_nested(const struct candidate *candidate)
{
	struct listing choices = { 0 };
	char *hint;

	for (size_t i = 0; i < candidate->n_parts; i++) {
		const size_t n = count_dpnis(candidate->bus, &candidate->parts[i]);

		if (n)
			listing_take(&choices,
				     xasprintf("%s (dpni: %zu)",
					       name_text(&candidate->parts[i].name).text, n));
	}
	hint = xasprintf("DPDK uses only the objects directly in the DPRC that it is given: name "
			 "%s",
			 choices.n ? choices.text : "the one that has them");
	free(choices.text);
	return hint;
}
