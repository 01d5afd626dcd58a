/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of kernel parameters (params.c). 0, or e says what was expected: -EINVAL an error, -EDOM a warning, as the boot
 * steps go on with something else. For a parameter that is ignored, 0: it asks for nothing.
 */
#ifndef DOLMEN_CORE_PARAMS_VALUES_H
#define DOLMEN_CORE_PARAMS_VALUES_H

#include "err.h"

typedef int param_check_fn(const char *value, struct err *e);

param_check_fn param_mode, param_answerfile, param_network_device, param_network_config, param_map_netdev, param_atexit,
	param_sshkey, param_keymap, param_language, param_multipath;

#endif
