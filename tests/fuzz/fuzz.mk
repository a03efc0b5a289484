# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the fuzz targets in the current directory.  "make fuzzers" calls it and sets top, config, SOURCES, FIRMWARE,
# FLAGS and LIBS; clang's -fsanitize=fuzzer is why it is no part of the build.  tests/coverage sets the compiler, how it
# instruments, and the main function, which are these otherwise.

COMPILER = clang
INSTRUMENT = -fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize=fuzzer-no-link
DRIVER = -fsanitize=fuzzer
CFLAGS = -std=gnu11 -O1 -g -Wall -Werror $(INSTRUMENT) -MMD -MP \
	-include $(config) -DFUZZ_TESTS='"$(top)/tests"' $(FLAGS)

TARGETS = archive definition firmware iort json mc procfs record text transcript tree vfio
fuzzers = $(TARGETS:=_fuzz)
all: $(fuzzers)

# What a target has instead of the kernel, the MC or a child.
wraps_archive = helper_start archive_checksum
wraps_mc = mc_transcript_send
wraps_record = record_is_of record_check_device
wraps_tree = setvbuf
wraps_vfio = ioctl pread pwrite poll waitpid kill kmsg_open

reads = sysfs_read_timeout sysfs_read_many_timeout
wraps_of = $(wraps_$(1)) $(if $(filter firmware,$(1)),,$(reads))

objects_of = $(patsubst %.c,%.o,$(filter %.c,$(1)))
FIRMWARE_OBJECTS = $(filter-out tests/mc-firmware/main.o,$(call objects_of,$(FIRMWARE)))
OWN = $(addprefix tests/fuzz/,$(fuzzers:=.o) fuzz.o input.o mc_use.o)
$(FIRMWARE_OBJECTS) tests/fuzz/firmware_fuzz.o: CFLAGS += -I$(top)/tests/mc-firmware
$(call objects_of,$(SOURCES)) $(filter-out %/firmware_fuzz.o,$(OWN)): CFLAGS += -I$(top)/src
vpath %.c $(top)
%.o: %.c
	@mkdir -p $(@D)
	$(COMPILER) $(CFLAGS) -c $< -o $@

program.a: $(filter-out src/main.o,$(call objects_of,$(SOURCES)))
	rm -f $@ && ar cr $@ $^
firmware_fuzz: tests/fuzz/firmware_fuzz.o tests/fuzz/input.o $(FIRMWARE_OBJECTS)
$(filter-out firmware_fuzz,$(fuzzers)): %: tests/fuzz/%.o tests/fuzz/fuzz.o tests/fuzz/input.o tests/fuzz/mc_use.o program.a
$(fuzzers):
	$(COMPILER) $(INSTRUMENT) $(DRIVER) $(addprefix -Wl$(comma)--wrap=,$(call wraps_of,$(@:_fuzz=))) -o $@ $^ $(LIBS)
comma = ,

-include $(patsubst %.o,%.d,$(OWN) $(FIRMWARE_OBJECTS) $(call objects_of,$(SOURCES)))
