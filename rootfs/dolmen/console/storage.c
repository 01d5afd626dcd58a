/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action.h"
#include "console.h"

enum front_answer console_storage(struct console *c)
{
	struct action a = { .title = _("Storage"), .doing = _("Looking at the storage...") };

	action_add(&a, "storage", "list", NULL);
	return action_tell(c, &a);
}
