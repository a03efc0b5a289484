/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of MC commands, by transcripts typed in from the layouts of fsl-mc-private.h: a request
 * of other bytes finds no answer.  And transcripts that somebody damaged.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/mc.h"
#include "kernel/mc_channel.h"
#include "kernel/mc_make.h"
#include "kernel/sysfs.h"

#define ENOTSUPP 524

static char directory[] = "/tmp/mc_test.XXXXXX";
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

static void write_transcript(const char *text, size_t n)
{
	_cleanup_close_ int fd =
		openat(sysfs.root_fd, "dev/dprc.1", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
}

static struct mc open_mc(const char *transcript)
{
	struct mc mc = { .fd = -1 };

	write_transcript(transcript, strlen(transcript));
	assert_int_equal(mc_open(&sysfs, 1, 1000, &mc), 0);
	return mc;
}

static void a_dprc_is_opened_asked_and_closed(void **state _unused_)
{
	_cleanup_mc_ struct mc mc = open_mc("8311 0000 - 00 0000 030000000a00000027000000\n"
					    "8051 0000 04030201 00 beef -\n"
					    "0041 beef - 00 beef 0403020118000000ef0100800df00000\n"
					    "1591 beef - 00 beef 0000000001020000\n");
	struct mc_dprc_look look;
	struct mc_version version;
	uint32_t count;
	uint16_t token;

	assert_int_equal(mc_get_version(&mc, &version), 0);
	assert_int_equal(version.major, 10);
	assert_int_equal(version.minor, 39);
	assert_int_equal(version.revision, 3);
	assert_int_equal(mc_dprc_open(&mc, 0x01020304, &token), 0);
	assert_int_equal(token, 0xbeef);
	assert_int_equal(mc_dprc_look(&mc, 0x01020304, true, &look), 0);
	assert_int_equal(look.token, 0xbeef);
	assert_int_equal(look.n_objects, 0x201);
	assert_int_equal(look.attributes.id, 0x01020304);
	assert_int_equal(look.attributes.icid, 24);
	assert_int_equal(look.attributes.options, 0x800001ef);
	assert_int_equal(look.attributes.portal_id, 0xf00d);
	assert_int_equal(mc_dprc_get_obj_count(&mc, token, &count), 0);
	assert_int_equal(count, 0x201);
	mc_release(&mc);
}

static void a_dprc_is_locked_by_its_parent(void **state _unused_)
{
	_cleanup_mc_ struct mc mc = open_mc("16b1 0007 0100000004030201 00 0007 -\n"
					    "16b1 0007 0000000004030201 04 0007 -\n");

	assert_int_equal(mc_dprc_set_locked(&mc, 7, 0x01020304, true), 0);
	assert_int_equal(mc_dprc_set_locked(&mc, 7, 0x01020304, false), -EPERM);
}

/* dpni.258, then type and label of 16 bytes each as given. */
#define DESCRIPTOR                                                                                 \
	"00000000"                                                                                 \
	"02010000"                                                                                 \
	"5719"                                                                                     \
	"03"                                                                                       \
	"02"                                                                                       \
	"03000000"                                                                                 \
	"0700"                                                                                     \
	"0a00"                                                                                     \
	"0100"                                                                                     \
	"0000"
#define TYPE_DPNI "64706e69000000000000000000000000"

static void all_of_a_descriptor_is_read(void **state _unused_)
{
	_cleanup_mc_ struct mc mc =
		open_mc("15a1 0007 05000000 00 0007 " DESCRIPTOR TYPE_DPNI "6c616e00\n");
	struct mc_descriptor descriptor;

	assert_int_equal(mc_dprc_get_obj(&mc, 7, 5, &descriptor), 0);
	assert_string_equal(descriptor.type, "dpni");
	assert_int_equal(descriptor.id, 258);
	assert_int_equal(descriptor.vendor, 0x1957);
	assert_int_equal(descriptor.n_irqs, 3);
	assert_int_equal(descriptor.n_regions, 2);
	assert_int_equal(descriptor.state, MC_OBJ_OPEN | MC_OBJ_PLUGGED);
	assert_int_equal(descriptor.ver_major, 7);
	assert_int_equal(descriptor.ver_minor, 10);
	assert_int_equal(descriptor.flags, 1);
	assert_string_equal(descriptor.label, "lan");
}

/* The MC is busy at index 1, and 3 is past the end. */
static void each_object_has_a_result_until_the_end(void **state _unused_)
{
	_cleanup_mc_ struct mc mc =
		open_mc("15a1 0007 - 00 0007 " DESCRIPTOR TYPE_DPNI "6c616e\n"
			"15a1 0007 01000000 0a 0007 -\n"
			"15a1 0007 02000000 00 0007 " DESCRIPTOR TYPE_DPNI "77616e\n"
			"15a1 0007 03000000 08 0007 -\n");
	struct mc_answered objects[40] = { 0 };

	assert_int_equal(mc_dprc_get_objs(&mc, 7, 40, objects), 4);
	assert_int_equal(objects[0].result, 0);
	assert_string_equal(objects[0].descriptor.label, "lan");
	assert_int_equal(objects[1].result, -EBUSY);
	assert_int_equal(objects[2].result, 0);
	assert_string_equal(objects[2].descriptor.label, "wan");
	assert_int_equal(objects[3].result, -ENAVAIL);
	assert_int_equal(mc_dprc_get_objs(&mc, 7, 3, objects), 3);
	assert_int_equal(mc_dprc_get_objs(&mc, 7, 0, objects), 0);
}

static void texts_end_where_their_field_does(void **state _unused_)
{
	static const struct {
		const char *bytes, *label;
	} labels[] = {
		{ "61616161616161616161616161616161", "aaaaaaaaaaaaaaaa" },
		{ "616161616161616161616161616161", "aaaaaaaaaaaaaaa" },
		{ "6100626364", "a" }, /* what was there before */
		{ "1b5b33316d", "\x1b[31m" },
		{ "fffec3", "\xff\xfe\xc3" },
		{ "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3",
		  "\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3\xc3" },
		{ "00", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		_cleanup_free_ char *text = xasprintf("15a1 0007 - 00 0007 " DESCRIPTOR
						      "64706162636465666768696a6b6c6d6e%s\n",
						      labels[i].bytes);
		_cleanup_mc_ struct mc mc = open_mc(text);
		struct mc_descriptor descriptor;

		memset(&descriptor, 'x', sizeof(descriptor));
		assert_int_equal(mc_dprc_get_obj(&mc, 7, 0, &descriptor), 0);
		assert_string_equal(descriptor.type, "dpabcdefghijklmn");
		assert_string_equal(descriptor.label, labels[i].label);
	}
}

static void both_ends_of_a_connection(void **state _unused_)
{
	static const struct mc_end port = { "dpsw", 0x0a0b, 0x0203 };
	_cleanup_mc_ struct mc mc = open_mc("16c1 0009 0b0a0000030200006470737700 00 0009 "
					    "0b0a00000302000064707377000000000000000000000000"
					    "11000000"
					    "0400"
					    "0000"
					    "6470646d757800000000000000000000"
					    "ffffffff\n"
					    "16c1 0009 0b0a0000000000006470737700 0b 0009 -\n");
	struct mc_end other = { "dpsw", 0x0a0b, 0 }, peer;
	int link;

	assert_int_equal(mc_dprc_get_connection(&mc, 9, &port, &peer, &link), 0);
	assert_string_equal(peer.type, "dpdmux");
	assert_int_equal(peer.id, 17);
	assert_int_equal(peer.interface, 4);
	assert_int_equal(link, -1);
	link = 7;
	assert_int_equal(mc_dprc_get_connection(&mc, 9, &other, &peer, &link), -ENOTSUPP);
	assert_string_equal(peer.type, "dpdmux");
	assert_int_equal(link, 7);
}

/* mc_status_to_error(), and back. */
static void status_words_have_their_errno_and_their_name(void **state _unused_)
{
	static const struct {
		int error;
		const char *name;
	} statuses[] = {
		[0x0] = { 0, "ok" },
		[0x1] = { ETIMEDOUT, "timeout" },
		[0x3] = { EACCES, "auth_err" },
		[0x4] = { EPERM, "no_privilege" },
		[0x5] = { EIO, "dma_err" },
		[0x6] = { ENXIO, "config_err" },
		[0x7] = { ETIMEDOUT, "timeout" },
		[0x8] = { 119, "no_resource" },
		[0x9] = { ENOMEM, "no_memory" },
		[0xa] = { EBUSY, "busy" },
		[0xb] = { ENOTSUPP, "unsupported_op" },
		[0xc] = { ENODEV, "invalid_state" },
		[0xd] = { EINVAL, NULL },
		[0xff] = { EINVAL, NULL },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(statuses); i++) {
		_cleanup_free_ char *text = xasprintf("8051 0000 01000000 %02x 0000 -\n", i);
		_cleanup_mc_ struct mc mc = open_mc(text);
		uint16_t token = 0x1234;
		const int error = statuses[i].error || !i ? statuses[i].error : EINVAL;

		assert_int_equal(mc_dprc_open(&mc, 1, &token), -error);
		assert_int_equal(token, i ? 0x1234 : 0);
		if (statuses[i].name)
			assert_string_equal(mc_status_name(-error), statuses[i].name);
	}
	assert_null(mc_status_name(-EINVAL));
	assert_null(mc_status_name(-ENOENT));
}

static void damaged_transcripts_are_refused(void **state _unused_)
{
	static const char *const lines[] = {
		"\n",
		"8311\n",
		"8311 0000 - 00 0000\n",
		"8311 0000 - 00 0000 0\n",     /* half a byte */
		"8311 0000 - 00 0000 0g\n",    /* no hexadecimal */
		"8311 0000 - 00 0000 -1\n",    /* a sign is no digit */
		"8311 0000 - 00 0000 0x\n",    /* nor is a prefix */
		"8311 0000 - 00 0000 00 00\n", /* a word too many */
		"8311 0000 - 00 10000 -\n",    /* a token of 17 bits */
		"8311 0000 - 100 0000 -\n",    /* a status of 9 */
		"18311 0000 - 00 0000 -\n",
		"8311 -1 - 00 0000 -\n",
		"8311 0000 "
		"0000000000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000 00 0000 -\n", /* 57 bytes */
		"8311 0000 - 00 0000 "
		"0000000000000000000000000000000000000000000000000000000000000000"
		"00000000000000000000000000000000000000000000000000 \n",
		"\x7f"
		"ELF\x02\x01\x01\n",
	};
	struct mc mc = { .fd = -1 };

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		write_transcript(lines[i], strlen(lines[i]));
		if (mc_open(&sysfs, 1, 1000, &mc) != -EBADMSG)
			fail_msg("taken: %s", lines[i]);
	}
	write_transcript("8311 0000 - 00 0000 -\0 \n8311\n", 30);
	assert_int_equal(mc_open(&sysfs, 1, 1000, &mc), -EBADMSG);
}

static void what_is_no_file_is_no_transcript(void **state _unused_)
{
	struct mc mc = { .fd = -1 };

	unlinkat(sysfs.root_fd, "dev/dprc.1", 0);
	assert_int_equal(mkfifoat(sysfs.root_fd, "dev/dprc.1", 0600), 0);
	assert_int_equal(mc_open(&sysfs, 1, 1000, &mc), -EBADMSG);
	unlinkat(sysfs.root_fd, "dev/dprc.1", 0);
	assert_int_equal(symlinkat("/proc/self/status", sysfs.root_fd, "dev/dprc.1"), 0);
	assert_true(mc_open(&sysfs, 1, 1000, &mc) < 0);
	unlinkat(sysfs.root_fd, "dev/dprc.1", 0);
	assert_int_equal(mc_open(&sysfs, 1, 1000, &mc), -ENOENT);
}

static void an_empty_transcript_knows_no_object(void **state _unused_)
{
	_cleanup_mc_ struct mc mc = open_mc("# nothing\n");
	struct mc_version version;

	assert_int_equal(mc_get_version(&mc, &version), -ENXIO);
}

/* The kernel's node is a file here, which can be opened and held like it. */
static void no_connection_leaves_a_zombie(void **state _unused_)
{
	const struct sysfs live = { sysfs.root_fd, -1, true };

	write_transcript("", 0);
	for (int i = 0; i < 20; i++) {
		_cleanup_mc_ struct mc mc = MC_CLOSED;

		assert_int_equal(mc_open(&live, 1, 1000, &mc), 0);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dprc_is_locked_by_its_parent),
		cmocka_unit_test(a_dprc_is_opened_asked_and_closed),
		cmocka_unit_test(all_of_a_descriptor_is_read),
		cmocka_unit_test(each_object_has_a_result_until_the_end),
		cmocka_unit_test(texts_end_where_their_field_does),
		cmocka_unit_test(both_ends_of_a_connection),
		cmocka_unit_test(status_words_have_their_errno_and_their_name),
		cmocka_unit_test(damaged_transcripts_are_refused),
		cmocka_unit_test(what_is_no_file_is_no_transcript),
		cmocka_unit_test(an_empty_transcript_knows_no_object),
		cmocka_unit_test(no_connection_leaves_a_zombie),
	};

	return cmocka_run_group_tests_name("mc", tests, make_directory, remove_directory);
}
