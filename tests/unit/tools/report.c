/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-report URL TEXT LOG: send TEXT as the installer sends its result; what went wrong is printed, exit status 1. */
#include <stdio.h>

#include "sys/log.h"
#include "sys/report.h"

int main(int argc, char **argv)
{
	struct log l;
	struct err e;

	if (argc != 4 || log_open(&l, argv[3], false, &e))
		return 2;
	if (!report_send(argv[1], argv[2], &l, &e))
		return 0;
	puts(e.msg);
	return 1;
}
