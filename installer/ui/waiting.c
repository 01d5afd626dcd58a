/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "waiting.h"

#include <stdio.h>

#include "i18n.h"

time_t waiting_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

int waiting_elapsed(char *buf, size_t size, time_t began)
{
	unsigned long past = (unsigned long)(waiting_seconds() - began);

	return snprintf(buf, size, _("%lu:%02lu elapsed"), past / 60, past % 60);
}

static bool go_on(void *user)
{
	struct waiting *w = user;
	char text[80];
	struct front_page p = { .title = w->title, .text = text };

	waiting_elapsed(text, sizeof(text), w->began);
	return w->front->calls->wait(w->front, &p, w->action);
}

void waiting_begin(struct waiting *w, struct front *f, const char *title, const char *action)
{
	*w = (struct waiting){ .front = f, .title = title, .action = action, .began = waiting_seconds(),
			       .watch = { .user = w, .go_on = go_on } };
	go_on(w);
}
