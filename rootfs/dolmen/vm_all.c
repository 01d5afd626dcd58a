/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vm_all.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/json.h"
#include "vm.h"

struct machine {
	virDomainPtr d;
	const char *name;
	struct vm_extra extra;
	const char *result;
};

struct machines {
	virConnectPtr conn;
	int n;
	struct machine *m;
};

/* Those without an order are the last ones. */
static int by_order(const void *a, const void *b)
{
	const struct machine *x = a, *y = b;
	unsigned i = x->extra.order - 1, j = y->extra.order - 1;

	return i != j ? (i < j ? -1 : 1) : strcmp(x->name, y->name);
}

static void machines_close(struct machines *l)
{
	for (int i = 0; i < l->n; i++)
		virDomainFree(l->m[i].d);
	free(l->m);
	if (l->conn)
		virConnectClose(l->conn);
}

/* Those that one of libvirt's flags chooses, in their order. */
static int machines_open(struct machines *l, unsigned flags, struct err *e)
{
	virDomainPtr *all = NULL;
	int n, rc = virt_open(&l->conn, e);

	l->n = 0;
	l->m = NULL;
	if (rc)
		return rc;
	n = virConnectListAllDomains(l->conn, &all, flags);
	if (n < 0)
		return virt_error(e, "the virtual machines cannot be listed");
	l->m = calloc((size_t)n + 1, sizeof(*l->m));
	for (int i = 0; i < n; i++) {
		if (!l->m || virDomainGetID(all[i]) == 0) {	/* Domain-0 is the host */
			virDomainFree(all[i]);
			continue;
		}
		l->m[l->n].d = all[i];
		l->m[l->n].name = virDomainGetName(all[i]);
		vm_extra_read(all[i], &l->m[l->n++].extra);
	}
	free(all);
	if (l->m)
		qsort(l->m, (size_t)l->n, sizeof(*l->m), by_order);
	return 0;
}

static void print(const struct call *c, const struct machines *l)
{
	struct json j = { .out = c->out };

	if (!c->json)
		return;
	json_array(&j, NULL);
	for (int i = 0; i < l->n; i++) {
		json_object(&j, NULL);
		json_text(&j, "name", l->m[i].name);
		json_text(&j, "result", l->m[i].result);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_end(&j);
}

static void tell(const struct call *c, struct machine *m, const char *result, const char *reason)
{
	m->result = result;
	if (!c->json)
		fprintf(c->out, "%s: %s%s%s\n", m->name, result, reason ? ": " : "", reason ? reason : "");
	fflush(c->out);
}

static int autostart_run(struct call *c, struct err *e)
{
	struct machines l;
	int rc = machines_open(&l, VIR_CONNECT_LIST_DOMAINS_AUTOSTART, e), failed = 0;

	for (int i = 0; i < l.n && !rc && !command_stopped; i++) {
		struct err why = { 0 };

		if (virDomainIsActive(l.m[i].d) == 1) {
			l.m[i].result = "running";
			continue;
		}
		if (vm_start(l.m[i].d, &why)) {
			tell(c, &l.m[i], "failed", why.msg);
			failed++;
			continue;
		}
		tell(c, &l.m[i], "started", NULL);
		if (i + 1 < l.n)
			sleep(l.m[i].extra.delay);
	}
	if (!rc)
		print(c, &l);
	if (failed)
		rc = err_set(e, -1, "%d of %d machines that start with the host do not start", failed, l.n);
	machines_close(&l);
	return rc;
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec;
}

/* One that is paused hears nothing. */
static void ask(struct machine *m)
{
	int state = 0;

	if (!virDomainGetState(m->d, &state, NULL, 0) && state == VIR_DOMAIN_PAUSED)
		virDomainResume(m->d);
	virDomainShutdown(m->d);
}

static void end_one(const struct call *c, struct machine *m, time_t deadline)
{
	struct err why = { 0 };

	if (vm_wait_off(m->d, deadline > now() ? (unsigned)(deadline - now()) : 0))
		tell(c, m, "off", NULL);
	else if (!vm_save(m->d, &why))
		tell(c, m, "did not shut down, saved", NULL);
	else if (virDomainDestroy(m->d) == 0)
		tell(c, m, "did not shut down, turned off", why.msg);
	else
		tell(c, m, virDomainIsActive(m->d) == 0 ? "off" : "failed", NULL);
}

int vm_all_shutdown(const struct call *c, unsigned seconds, struct err *e)
{
	struct machines l;
	int first, rc = machines_open(&l, VIR_CONNECT_LIST_DOMAINS_ACTIVE, e);

	for (int last = l.n; last > 0 && !rc; last = first) {
		time_t deadline = now() + (time_t)seconds;

		for (first = last; first > 0 && l.m[first - 1].extra.order == l.m[last - 1].extra.order; first--)
			ask(&l.m[first - 1]);
		for (int i = first; i < last; i++)
			end_one(c, &l.m[i], deadline);
	}
	if (!rc)
		print(c, &l);
	for (int i = 0; i < l.n && !rc; i++)
		if (!strcmp(l.m[i].result, "failed"))
			rc = err_set(e, -1, "%s cannot be turned off", l.m[i].name);
	machines_close(&l);
	return rc;
}

const struct command command_vm_autostart = { "vm autostart", "", "start those that start with the host, in their order", NULL, NULL,
					      autostart_run };
