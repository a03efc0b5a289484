/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cmocka wants included before itself, once. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
