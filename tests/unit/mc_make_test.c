/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of the commands that make containers and objects, typed in from NXP mc-utils
 * (api/mc_release_10.*, fsl_*_cmd.h), version by version.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/mc_channel.h"
#include "kernel/mc_make.h"
#include "kernel/sysfs.h"

/* The command word and the parameters up to the last that is not 0. */
static char *encoded(const struct mc_creation *creation, uint16_t major, uint16_t minor)
{
	struct mc_command command;
	int r = mc_encode_create(creation, (struct mc_api){ major, minor }, &command);
	size_t n = sizeof(command.bytes);
	char *text;

	if (r < 0)
		return xasprintf("%d", r);
	while (n > MC_AT_PARAMETERS && !command.bytes[n - 1])
		n--;
	text = xasprintf("%04x", (unsigned int)mc_get(&command, MC_AT_COMMAND, 2));
	for (size_t i = MC_AT_PARAMETERS; i < n; i++) {
		char *longer = xasprintf("%s%s%02x", text, i % 4 ? "" : " ", command.bytes[i]);

		free(text);
		text = longer;
	}
	return text;
}

static void check(const struct mc_creation *creation, uint16_t major, uint16_t minor,
		  const char *expected)
{
	_cleanup_free_ char *text = encoded(creation, major, minor);

	if (!streq(text, expected))
		fail_msg("%s of API %u.%u: %s, not %s", creation->type, major, minor, text,
			 expected);
}

#define UNSUPPORTED "-95"

static void a_dpni_of_every_version(void **state _unused_)
{
	static const struct {
		uint16_t major, minor;
		const char *plain, *rx_tcs, *groups, *oprs, *key, *channels, *stashing,
			*replication;
	} versions[] = {
#define PLAIN " 00030004 0e020f00 10001100 1312"
#define ONLY(bytes) " 00000000 00000000 00000000 " bytes
		{ 7, 0, "9011" PLAIN, UNSUPPORTED, UNSUPPORTED, UNSUPPORTED, UNSUPPORTED,
		  UNSUPPORTED, UNSUPPORTED, UNSUPPORTED },
		{ 7, 7, "9012" PLAIN, "9012" ONLY("000003"), UNSUPPORTED, UNSUPPORTED, UNSUPPORTED,
		  UNSUPPORTED, UNSUPPORTED, UNSUPPORTED },
		{ 7, 8, "9012" PLAIN, "9012" ONLY("000003"), UNSUPPORTED, UNSUPPORTED, UNSUPPORTED,
		  UNSUPPORTED, UNSUPPORTED, UNSUPPORTED },
		{ 7, 9, "9013" PLAIN, "9013" ONLY("000003"), "9013" ONLY("00000000 0c"),
		  UNSUPPORTED, UNSUPPORTED, UNSUPPORTED, UNSUPPORTED, UNSUPPORTED },
		{ 7, 14, "9014" PLAIN, "9014" ONLY("000003"), "9014" ONLY("00000000 0c"),
		  "9014" ONLY("00000000 000201"), UNSUPPORTED, UNSUPPORTED, UNSUPPORTED,
		  UNSUPPORTED },
		{ 7, 17, "9015" PLAIN, "9015" ONLY("000003"), "9015" ONLY("00000000 0c"),
		  "9015" ONLY("00000000 000201"), "9015" ONLY("00000000 00000018"), UNSUPPORTED,
		  UNSUPPORTED, UNSUPPORTED },
		{ 8, 1, "9016" PLAIN, "9016" ONLY("000003"), "9016" ONLY("00000000 0c"),
		  "9016" ONLY("00000000 000201"), "9016" ONLY("00000000 00000018"),
		  "9016 00000000 00000001", UNSUPPORTED, UNSUPPORTED },
		{ 8, 5, "9017" PLAIN, "9017" ONLY("000003"), "9017" ONLY("00000000 0c"),
		  "9017" ONLY("00000000 000201"), "9017" ONLY("00000000 00000018"),
		  "9017 00000000 00000001", "9017 0020", UNSUPPORTED },
		{ 8, 6, "9018" PLAIN, "9018" ONLY("000003"), "9018" ONLY("00000000 0c"),
		  "9018" ONLY("00000000 000201"), "9018" ONLY("00000000 00000018"),
		  "9018 00000000 00000001", "9018 0020", "9018 0040" },
	};
	static const struct dpni_settings plain = { .options = 0x04000300,
						    .queues = 14,
						    .tcs = 2,
						    .mac_entries = 15,
						    .vlan_entries = 16,
						    .qos_entries = 17,
						    .fs_entries = 0x1213 };
	static const struct dpni_settings rx_tcs = { .rx_tcs = 3 };
	static const struct dpni_settings groups = { .congestion_groups = 12 };
	static const struct dpni_settings oprs = { .oprs = 0x0102 };
	static const struct dpni_settings key = { .key_size = 24 };
	static const struct dpni_settings channels = { .channels = 1 };
	static const struct dpni_settings stashing = { .options = 0x2000 };
	static const struct dpni_settings replication = { .options = 0x4000 };

	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		const struct {
			const struct dpni_settings *settings;
			const char *expected;
		} cases[] = {
			{ &plain, versions[i].plain },
			{ &rx_tcs, versions[i].rx_tcs },
			{ &groups, versions[i].groups },
			{ &oprs, versions[i].oprs },
			{ &key, versions[i].key },
			{ &channels, versions[i].channels },
			{ &stashing, versions[i].stashing },
			{ &replication, versions[i].replication },
		};

		for (size_t n = 0; n < ARRAY_SIZE(cases); n++)
			check(&(struct mc_creation){ .type = "dpni", .dpni = cases[n].settings },
			      versions[i].major, versions[i].minor, cases[n].expected);
	}
}

static void a_dpseci_of_every_version(void **state _unused_)
{
	static const struct dpseci_settings two = { .options = 0x20, .queues = 2 };
	static const struct dpseci_settings nine = { .queues = 9 };
	const struct mc_creation of_two = { .type = "dpseci", .dpseci = &two };
	const struct mc_creation of_nine = { .type = "dpseci", .dpseci = &nine };

	check(&of_two, 4, 9, UNSUPPORTED);
	check(&of_two, 5, 1, "9092 01010000 00000000 02020000 00000000 20");
	check(&of_nine, 5, 1, UNSUPPORTED);
	check(&of_two, 5, 3, "9093 01010000 00000000 02020000 00000000 20");
	check(&of_nine, 5, 4, "9093 01010101 01010101 09090000 00000000 00000000 00000000 01");
}

static void all_other_objects(void **state _unused_)
{
	static const struct {
		const char *type;
		uint16_t major, minor;
		const char *expected;
	} cases[] = {
		{ "dpio", 4, 2, "9031 00000100 08" }, { "dpbp", 3, 4, "9041" },
		{ "dpcon", 3, 3, "9081 02" },	      { "dpmcp", 4, 0, "90b1 ffffffff" },
		{ "dpmcp", 4, 1, "90b2 ffffffff" },   { "dpci", 3, 2, UNSUPPORTED },
		{ "dpci", 3, 4, "9072 02" },	      { "dpdmai", 3, 2, "90e1 000101" },
		{ "dpdmai", 3, 3, "90e2 010101" },    { "dpdmai", 3, 4, "90e3 010101" },
		{ "dprc", 6, 7, UNSUPPORTED },	      { "dpmac", 4, 10, UNSUPPORTED },
		{ "dpx", 9, 9, UNSUPPORTED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&(struct mc_creation){ .type = cases[i].type }, cases[i].major,
		      cases[i].minor, cases[i].expected);
}

static char directory[] = "/tmp/mc_make_test.XXXXXX";
static struct sysfs sysfs = { -1, -1, false };

static int make_directory(void **state _unused_)
{
	if (!mkdtemp(directory))
		return -1;
	sysfs.root_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return mkdirat(sysfs.root_fd, "dev", 0700);
}

static int remove_directory(void **state _unused_)
{
	unlinkat(sysfs.root_fd, "dev/dprc.1", 0);
	unlinkat(sysfs.root_fd, "dev", AT_REMOVEDIR);
	close(sysfs.root_fd);
	return rmdir(directory);
}

/* A request of other bytes than the transcript has is -ENXIO. */
static struct mc open_mc(const char *transcript)
{
	struct mc mc = MC_CLOSED;
	_cleanup_close_ int fd =
		openat(sysfs.root_fd, "dev/dprc.1", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, transcript, strlen(transcript)), strlen(transcript));
	assert_int_equal(mc_open(&sysfs, 1, 1000, &mc), 0);
	return mc;
}

#define DPNI "64706e69000000000000000000000000"
#define DPMAC "64706d61630000000000000000000000"

static void containers_come_and_go(void **state _unused_)
{
	_cleanup_mc_ struct mc mc =
		open_mc("a051 0000 - 00 0000 06000700\n"
			"1512 0007 42000000ffff000000000000ffffffff"
			"66617374000000000000000000000000 00 0007 00000000000000000c000000\n"
			"1511 0007 43000000ffff000000000000ffffffff"
			"61616161616161616161616161616161 00 0007 00000000000000000d000000\n"
			"1521 0007 0c000000 00 0007 -\n");
	struct mc_api api;
	uint32_t id;

	assert_int_equal(mc_get_api_version(&mc, "dprc", &api), 0);
	assert_int_equal(api.major, 6);
	assert_int_equal(api.minor, 7);
	assert_int_equal(mc_dprc_create_child(&mc, 7, api, 0x42, "fast", &id), 0);
	assert_int_equal(id, 12);
	assert_int_equal(mc_dprc_create_child(&mc, 7, (struct mc_api){ 6, 3 }, 0x43,
					      "aaaaaaaaaaaaaaaa", &id),
			 0);
	assert_int_equal(id, 13);
	assert_int_equal(mc_dprc_destroy_child(&mc, 7, 12), 0);
	assert_int_equal(mc_dprc_destroy_child(&mc, 7, 13), -ENXIO);
	assert_int_equal(mc_get_api_version(&mc, "dpx", &api), -EOPNOTSUPP);
}

static void objects_come_and_go(void **state _unused_)
{
	_cleanup_mc_ struct mc mc = open_mc("9041 0009 - 00 0009 05000000\n"
					    "9841 0009 05000000 00 0009 -\n");
	static const struct mc_creation dpbp = { .type = "dpbp" };
	uint32_t id;

	assert_int_equal(mc_create(&mc, 9, &dpbp, (struct mc_api){ 3, 4 }, &id), 0);
	assert_int_equal(id, 5);
	assert_int_equal(mc_destroy(&mc, 9, "dpbp", 5), 0);
	assert_int_equal(mc_destroy(&mc, 9, "dpmac", 5), -EOPNOTSUPP);
}

static void they_are_plugged_labelled_and_connected(void **state _unused_)
{
	_cleanup_mc_ struct mc mc = open_mc(
		"1571 0009 0c000000050000000000000003000000" DPNI " 00 0009 -\n"
		"1571 0009 0c000000010000000000000003000000" DPNI " 00 0009 -\n"
		"1611 0007 03000000000000006c616e00000000000000000000000000" DPNI " 00 0007 -\n"
		"1671 0007 03000000000000001100000002000000" DPNI
		"00000000000000006470737700 00 0007 -\n"
		"1681 0007 11000000020000006470737700 00 0007 -\n");
	static const struct mc_end a = { "dpni", 3, 0 }, b = { "dpsw", 17, 2 };

	assert_int_equal(mc_dprc_plug(&mc, 9, 12, "dpni", 3, true), 0);
	assert_int_equal(mc_dprc_plug(&mc, 9, 12, "dpni", 3, false), 0);
	assert_int_equal(mc_dprc_set_label(&mc, 7, "dpni", 3, "lan"), 0);
	assert_int_equal(mc_dprc_connect(&mc, 7, &a, &b), 0);
	assert_int_equal(mc_dprc_disconnect(&mc, 7, &b), 0);
}

static void an_address_goes_the_other_way_round(void **state _unused_)
{
	_cleanup_mc_ struct mc mc = open_mc("8011 0000 03000000 00 0005 -\n"
					    "2241 0005 0000060504030201 00 0005 -\n"
					    "8001 0005 - 00 0005 -\n");
	static const uint8_t address[6] = { 1, 2, 3, 4, 5, 6 };

	assert_int_equal(mc_dpni_set_address(&mc, 3, address), 0);
	assert_int_equal(mc_dpni_set_address(&mc, 4, address), -ENXIO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dpni_of_every_version),
		cmocka_unit_test(a_dpseci_of_every_version),
		cmocka_unit_test(all_other_objects),
		cmocka_unit_test(containers_come_and_go),
		cmocka_unit_test(objects_come_and_go),
		cmocka_unit_test(they_are_plugged_labelled_and_connected),
		cmocka_unit_test(an_address_goes_the_other_way_round),
	};

	return cmocka_run_group_tests_name("mc_make", tests, make_directory, remove_directory);
}
