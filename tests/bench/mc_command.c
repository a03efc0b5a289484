/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mc_command DEVICE WORD TOKEN [OFFSET=BYTE...]: one command to the MC, and nothing around it; numbers as
 * strtoul(3) takes them.  Prints of the answer the token, and the numbers of 32 bits at 8 and at 16.  The race's
 * other runner.
 */
#include <endian.h>
#include <fcntl.h>
#include <linux/fsl_mc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { READY = 1, BYTE_STATUS = 2, BYTE_TOKEN = 4, BYTE_WORD = 6, BYTE_ID = 8, BYTE_CONTAINER = 16 };

static unsigned long number(const char *text) { return strtoul(text, NULL, 0); }

static void put(unsigned char *bytes, unsigned long value)
{
	const uint16_t little = htole16(value);

	memcpy(bytes, &little, sizeof(little));
}

int main(int argc, char **argv)
{
	unsigned char bytes[sizeof(struct fsl_mc_command)] = { [BYTE_STATUS] = READY };
	uint16_t token;
	uint32_t id, container;
	int device;

	if (argc < 4 || (device = open(argv[1], O_RDWR)) < 0)
		return EXIT_FAILURE;
	put(bytes + BYTE_WORD, number(argv[2]));
	put(bytes + BYTE_TOKEN, number(argv[3]));
	for (int i = 4; i < argc; i++) {
		char *value;
		unsigned long offset = strtoul(argv[i], &value, 0);

		if (offset >= sizeof(bytes) || *value++ != '=')
			return EXIT_FAILURE;
		bytes[offset] = (unsigned char)number(value);
	}
	if (ioctl(device, FSL_MC_SEND_MC_COMMAND, bytes) < 0) {
		perror(argv[2]);
		return EXIT_FAILURE;
	}
	memcpy(&token, bytes + BYTE_TOKEN, sizeof(token));
	memcpy(&id, bytes + BYTE_ID, sizeof(id));
	memcpy(&container, bytes + BYTE_CONTAINER, sizeof(container));
	printf("%d %u %u\n", le16toh(token), le32toh(id), le32toh(container));
	return EXIT_SUCCESS;
}
