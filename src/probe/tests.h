/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be tried on an open container.  Each test leaves it as it was, and reports an outcome
 * for all it tried, or one for the container, why there was nothing to try.
 */
#ifndef PROBE_TESTS_H
#define PROBE_TESTS_H

struct session;

void test_mmap(struct session *session);
void test_dma(struct session *session);
void test_command(struct session *session);
void test_irq(struct session *session);
void test_reset(struct session *session);
void test_irq_watch(struct session *session); /* irq_watch.c */

/* After the others, with the container closed: whether the next program will have interrupts. */
void test_irq_again(struct session *session);

#endif
