/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unattended.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/params.h"
#include "core/text.h"
#include "core/url.h"
#include "sys/fetch.h"
#include "sys/file.h"
#include "sys/keys.h"

static int read_anywhere(const char *file, const char *cmdline, const struct machine *m, struct log *l, char **ret_xml,
			 size_t *ret_len, char name[512], struct err *e)
{
	char node[64] = "", url[URL_BYTES], full[URL_BYTES];
	int rc;

	if (file) {
		text_copy(name, 512, file);
		return file_read(file, ANSWERS_MAX_BYTES, ret_xml, ret_len, e);
	}
	if (params_answerfile(cmdline, url, sizeof(url))) {
		rc = url_expand(url, m, full, e);
		url_shown(rc ? url : full, name, 512);
		if (rc)
			return err_prefix(e, "%s: ", name);
		rc = fetch_url(full, ANSWERS_MAX_BYTES, NULL, l, ret_xml, ret_len, e);
		explicit_bzero(url, sizeof(url));
		explicit_bzero(full, sizeof(full));
		return rc;
	}
	rc = m ? fetch_conf_volume(m, ANSWERS_MAX_BYTES, l, ret_xml, ret_len, node, e) : -ENOENT;
	if (rc == -ENOENT && !*node)
		return err_set(e, -ENOENT, "there is no answer file; name one with answerfile=URL on the kernel command line, or attach a volume labelled DOLMEN-CONF that holds answerfile.xml");
	snprintf(name, 512, "%s:answerfile.xml", node);
	return rc;
}

int unattended_answers(struct answers *a, const char *file, const char *cmdline, const struct machine *m, const struct names *names,
		       struct log *l, struct answer_source *ret_source, struct diags *ds, struct err *e)
{
	char *xml = NULL;
	size_t len = 0;
	int rc;

	e->code = 0;
	rc = read_anywhere(file, cmdline, m, l, &xml, &len, ret_source->name, e);
	if (rc)
		return rc;
	log_info(l, "answers", "%s: %zu bytes", ret_source->name, len);
	rc = answers_parse(a, xml, len, names, ds->strict, ds);
	explicit_bzero(xml, len);
	free(xml);
	if (!rc && m)
		rc = keys_fetch(a, l, ds);
	return rc;
}
