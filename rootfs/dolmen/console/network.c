/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action.h"
#include "console.h"

enum front_answer console_network(struct console *c)
{
	struct action a = { .title = _("Network"), .doing = _("Looking at the network...") };

	action_add(&a, "network", "list", NULL);
	return action_tell(c, &a);
}
