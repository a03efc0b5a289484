/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The MC's answers of a captured machine, which are a text. */
#include <stdlib.h>

#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/sysfs.h"
#include "mc_use.h"
#include "model/bus.h"

static struct sysfs sysfs;
static struct bus *bus;

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	log_forget();
	fuzz_machine("small", &sysfs);
	return bus_load(&sysfs, &bus);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	fuzz_write(sysfs.root_fd, "dev/dprc.1", bytes, n);
	mc_use(bus);
	return 0;
}
