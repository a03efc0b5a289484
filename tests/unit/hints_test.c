/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to do about a finding, with the names there are. */
#include "unit.h"

#include <errno.h>

#include "model.h"

#include "base/util.h"
#include "rules/hints.h"

typedef char *hint(const struct candidate *candidate);

static void says(const struct model *model, hint *find, const char *wanted)
{
	_cleanup_free_ char *text = find(&model->candidate);

	if (wanted)
		assert_string_equal(text, wanted);
	else
		assert_null(text);
}

static void what_cannot_be_read_has_a_reason(void **state _unused_)
{
	static const struct {
		int error;
		const char *hint;
	} rows[] = {
		{ 0, NULL },
		{ -EMFILE,
		  "raise the limit of open files (ulimit -n, fs.file-max), then try again" },
		{ -ENFILE,
		  "raise the limit of open files (ulimit -n, fs.file-max), then try again" },
		{ -ENOMEM, "free some memory, then try again" },
		{ -EIO, "see the kernel log, then try again" },
	};
	struct model model;

	model_make(&model);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		model.parts[1].group_error = rows[i].error;
		says(&model, hint_group_shared, rows[i].hint);
	}
}

/* The rule has the remedy for an ICID that is shared. */
static void an_icid_may_be_shared_only_because_the_mc_is_silent(void **state _unused_)
{
	static const char again[] = "try again: the MC did not answer for all DPRCs";
	struct model model;

	model_make(&model);
	says(&model, hint_icid_shared, again);
	model.containers[0].icid = model.containers[2].icid;
	says(&model, hint_icid_shared, NULL);
	model.containers[0].error = -EBUSY;
	says(&model, hint_icid_shared, again);
	model.containers[0].error = 0;
	model.parts[1].mc = NULL;
	says(&model, hint_icid_shared, again);
	model.bus.mc = NULL;
	says(&model, hint_icid_shared, again);
}

static void commands_that_take_interfaces_out_of_use(void **state _unused_)
{
	struct netdev netdevs[] = {
		{ .name = (char *)"eth1", .is_up = true },
		{ .name = (char *)"idle" },
		{ .name = (char *)"o'ne", .n_addresses = 1, .master = (char *)"br0" },
	};
	struct carried_netdevs carrier = { .netdevs = { netdevs, 3 }, .is_known = true };
	struct switch_port port = { .carrier = { .netdevs = { netdevs, 1 }, .is_known = true } };
	struct model model;

	model_make(&model);
	carrier.object = port.carrier.object = &model.objects[DPNI_1];
	says(&model, hint_netdev_in_use,
	     "see in every network namespace, as root, whether the interface is in use, or use "
	     "--allow=netdev-in-use");
	model.candidate.carriers = &carrier;
	model.candidate.n_carriers = 1;
	model.candidate.ports = (struct switch_ports){ &port, 1 };
	says(&model, hint_netdev_in_use,
	     "run `ip link set eth1 down; ip addr flush dev eth1; ip link set 'o'\\''ne' down; "
	     "ip addr flush dev 'o'\\''ne'; ip link set 'o'\\''ne' nomaster`, or use "
	     "--allow=netdev-in-use");
	says(&model, hint_outside_netdev,
	     "run `ip link set eth1 down; ip addr flush dev eth1`, or use --allow=outside-netdev");
	says(&model, hint_outside_consumer, "unbind those first, or use --allow=outside-consumer");
	model.candidate.permission = BY_DEFINITION;
	says(&model, hint_outside_consumer,
	     "unbind those first, or allow outside-consumer in the definition");
	/* What is lost for good yields to nothing. */
	model.candidate.permission = BY_NOTHING;
	says(&model, hint_outside_netdev, "run `ip link set eth1 down; ip addr flush dev eth1`");
	says(&model, hint_outside_consumer, "unbind those first");
}

static void the_host_can_do_without_its_crypto(void **state _unused_)
{
	struct model model;

	model_make(&model);
	says(&model, hint_host_crypto_at_unbind, "rmmod dpaa2_caam, or use --force");
	model.objects[DPSECI_0].driver = "dpaa2_caam";
	says(&model, hint_host_crypto_at_unbind,
	     "if the host can do without its crypto: echo dpseci.0 > "
	     "/sys/bus/fsl-mc/drivers/dpaa2_caam/unbind, or use --force");
	says(&model, hint_host_crypto,
	     "if the host can do without its crypto: echo dpseci.0 > "
	     "/sys/bus/fsl-mc/drivers/dpaa2_caam/unbind, or use --allow=host-crypto");
	model.objects[DPSECI_1].driver = "dpaa2_caam";
	says(&model, hint_host_crypto,
	     "if the host can do without its crypto: echo dpseci.1 > "
	     "/sys/bus/fsl-mc/drivers/dpaa2_caam/unbind, or use --allow=host-crypto");
}

static void what_the_mc_does_not_report(void **state _unused_)
{
	struct model model;

	model_make(&model);
	says(&model, hint_mc_unknown, "try again");
	model.containers[2].error = -ETIMEDOUT;
	says(&model, hint_mc_unknown,
	     "try again; if the MC stays silent, only a reboot of the board helps");
	model.containers[2].error = -EIO;
	says(&model, hint_mc_unknown, "try again; if it stays so, see the log of the MC firmware");
	model.parts[0].name.id = 7;
	says(&model, hint_mc_unknown, "echo 1 > /sys/bus/fsl-mc/rescan");
	model.bus.mc = NULL;
	model.bus.mc_error = -EACCES;
	says(&model, hint_mc_unknown, "run it as root");
	model.bus.mc_error = -EPERM;
	says(&model, hint_mc_unknown,
	     "permit it there (docker run --device, DeviceAllow=), or run it outside");
	says(&model, hint_lock_unsupported,
	     "try again where the MC can be queried, or leave out the lock");
}

static void a_lock_is_named_where_it_helps(void **state _unused_)
{
	static const char topology[] =
		"make a DPRC without the option TOPOLOGY_CHANGES, for no lock "
		"is known to forbid connections";
	struct model model;

	model_make(&model);
	says(&model, hint_contents_changeable,
	     "for a user who is not trusted, lock it: 'fslmc-vfio bind --lock', or \"lock\": true "
	     "in "
	     "its definition");
	assert_int_equal(weight_contents_changeable(&model.candidate), WEIGH_INFO_UNLESS_STRICT);
	model.containers[2].options |= MC_DPRC_TOPOLOGY_CHANGES;
	assert_int_equal(weight_contents_changeable(&model.candidate), WEIGH_WARN_UNLESS_STRICT);
	says(&model, hint_contents_changeable,
	     "make a DPRC without the option TOPOLOGY_CHANGES, and lock it: 'fslmc-vfio bind "
	     "--lock', "
	     "or \"lock\": true in its definition");
	model.candidate.is_locked = true;
	says(&model, hint_contents_changeable, topology);
	model.candidate.is_locked = false;
	model.candidate.gets_lock = true;
	says(&model, hint_contents_changeable, topology);
	says(&model, hint_lock_unsupported, NULL);
	model.inventory.version.minor = 19;
	says(&model, hint_contents_changeable, "make a DPRC without these options");
	assert_int_equal(weight_contents_changeable(&model.candidate), WEIGH_WARN_UNLESS_STRICT);
}

static void what_is_missing_depends_on_the_driver(void **state _unused_)
{
	struct model model;

	model_make(&model);
	says(&model, hint_objects_missing, "none is needed to bind it: bind looks for them");
	assert_int_equal(weight_if_bound(&model.candidate), WEIGH_WARN);
	model.objects[DPRC_2].driver = VFIO_DRIVER;
	says(&model, hint_objects_missing, "'fslmc-vfio rebind'");
	assert_int_equal(weight_if_bound(&model.candidate), WEIGH_REFUSE);
}

static void dpdk_uses_one_container(void **state _unused_)
{
	static const char name_one[] = "DPDK uses only the objects directly in the DPRC that it is "
				       "given: name dprc.2 (dpni: 1)";
	_cleanup_free_ char *both = xasprintf("%s, dprc.3 (dpni: 1)", name_one);
	struct model model;

	model_make(&model);
	says(&model, hint_nested, name_one);
	/* What the MC does not report, Linux may have. */
	model.parts[0].mc = NULL;
	says(&model, hint_nested, name_one);
	model.objects[DPNI_9].container = &model.dprcs[2];
	says(&model, hint_nested, both);
	model.objects[DPNI_1].container = model.objects[DPNI_9].container = NULL;
	says(&model, hint_nested,
	     "DPDK uses only the objects directly in the DPRC that it is given: name the one that "
	     "has them");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_read_has_a_reason),
		cmocka_unit_test(an_icid_may_be_shared_only_because_the_mc_is_silent),
		cmocka_unit_test(commands_that_take_interfaces_out_of_use),
		cmocka_unit_test(the_host_can_do_without_its_crypto),
		cmocka_unit_test(what_the_mc_does_not_report),
		cmocka_unit_test(a_lock_is_named_where_it_helps),
		cmocka_unit_test(what_is_missing_depends_on_the_driver),
		cmocka_unit_test(dpdk_uses_one_container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
