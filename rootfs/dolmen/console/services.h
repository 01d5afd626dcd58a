/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the installer's screens want of the machine (ui/services.h), of a host that runs. */
#ifndef DOLMEN_CONSOLE_SERVICES_H
#define DOLMEN_CONSOLE_SERVICES_H

#include "ui/services.h"

extern const struct services console_services;

#endif
