/* SPDX-License-Identifier: GPL-2.0-or-later */
int placeholder_for_now;
