/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is on the disks: file systems, RAID and LVM members, partition tables. */
#include <blkid.h>
#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/lvm.h"
#include "core/text.h"
#include "file.h"
#include "probe_parts.h"

static void lower(char *s)
{
	for (; *s; s++)
		*s = (char)tolower((unsigned char)*s);
}

static void value(blkid_probe pr, const char *name, char *buf, size_t size)
{
	const char *s;

	if (!blkid_probe_lookup_value(pr, name, &s, NULL))
		text_copy(buf, size, s);
}

/* Asked on its own: a volume with two signatures on it is still a partition with a name. */
static void identify_partition(struct volume *v, blkid_probe pr)
{
	char flags[32] = "";

	blkid_probe_enable_superblocks(pr, 0);
	blkid_probe_set_partitions_flags(pr, BLKID_PARTS_ENTRY_DETAILS);
	if (blkid_do_safeprobe(pr) < 0)
		return;
	value(pr, "PART_ENTRY_NAME", v->part_label, sizeof(v->part_label));
	value(pr, "PART_ENTRY_UUID", v->part_guid, sizeof(v->part_guid));
	value(pr, "PART_ENTRY_TYPE", v->part_type, sizeof(v->part_type));
	value(pr, "PART_ENTRY_FLAGS", flags, sizeof(flags));
	v->part_flags = strtoull(flags, NULL, 0);
}

/*
 * Where the data of a RAID member with metadata 1.2 begins (Linux, include/uapi/linux/raid/md_p.h, struct
 * mdp_superblock_1, which stands at 4096); 0: other metadata.
 */
static uint64_t raid_data_offset(int fd, const char *path)
{
	uint8_t sb[256];
	uint32_t magic, major;
	uint64_t sectors;
	struct err e;

	if (file_pread_all(fd, sb, sizeof(sb), 4096, path, &e))
		return 0;
	memcpy(&magic, sb, 4);
	memcpy(&major, sb + 4, 4);
	memcpy(&sectors, sb + 128, 8);
	return le32toh(magic) == 0xa92b4efc && le32toh(major) == 1 ? le64toh(sectors) * 512 : 0;
}

/* The volume group on it; each half of a mirror shows it too. */
static void identify_group(struct volume *v, const char *path, struct log *l)
{
	uint8_t *head = malloc(LVM_HEAD_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t at = 0;
	struct err e;

	if (fd >= 0 && !strcmp(v->type, "linux_raid_member"))
		at = raid_data_offset(fd, path);
	if (head && fd >= 0 && at < v->bytes) {
		size_t n = v->bytes - at < LVM_HEAD_BYTES ? (size_t)(v->bytes - at) : LVM_HEAD_BYTES;

		if (file_pread_all(fd, head, n, at, path, &e) || lvm_group(head, n, v->vg, v->pool, &e))
			log_info(l, "probe", "%s: %s", path, e.msg);
	}
	if (fd >= 0)
		close(fd);
	free(head);
}

static void volume_identify(struct volume *v, struct log *l)
{
	char path[64];
	blkid_probe pr;

	snprintf(path, sizeof(path), "/dev/%s", v->node);
	pr = blkid_new_probe_from_filename(path);
	if (!pr) {
		log_info(l, "probe", "%s: cannot be read", path);
		return;
	}
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID);
	blkid_probe_enable_partitions(pr, 1);
	if (blkid_do_safeprobe(pr) == 0) {
		value(pr, "PTTYPE", v->type, sizeof(v->type));
		value(pr, "TYPE", v->type, sizeof(v->type));
		value(pr, "LABEL", v->label, sizeof(v->label));
		value(pr, "UUID", v->uuid, sizeof(v->uuid));
	}
	if (!v->whole)
		identify_partition(v, pr);
	blkid_free_probe(pr);
	probe_printable(v->label);
	probe_printable(v->part_label);
	lower(v->part_guid);
	lower(v->part_type);
	if (!strcmp(v->type, "LVM2_member") || !strcmp(v->type, "linux_raid_member"))
		identify_group(v, path, l);
}

/* A word of the record; `+` stands for a blank. */
static void record_word(struct volume *v, const char *w)
{
	const struct {
		const char *name;
		char *to;
		size_t size;
	} words[] = {
		{ "TYPE=", v->type, sizeof(v->type) }, { "LABEL=", v->label, sizeof(v->label) },
		{ "UUID=", v->uuid, sizeof(v->uuid) }, { "PARTLABEL=", v->part_label, sizeof(v->part_label) },
		{ "PARTUUID=", v->part_guid, sizeof(v->part_guid) },
		{ "PARTTYPE=", v->part_type, sizeof(v->part_type) }, { "VG=", v->vg, sizeof(v->vg) },
		{ "POOL=", v->pool, sizeof(v->pool) },
	};

	if (!strncmp(w, "PARTFLAGS=", 10))
		v->part_flags = strtoull(w + 10, NULL, 0);
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].name);

		if (strncmp(w, words[i].name, n) != 0)
			continue;
		text_copy(words[i].to, words[i].size, w + n);
		for (char *c = words[i].to; *c; c++)
			*c = *c == '+' ? ' ' : *c;
	}
}

static void volumes_from_record(const struct probe *p)
{
	char path[PATH_MAX], *data = NULL, *save = NULL;
	struct err e;
	size_t n;

	snprintf(path, sizeof(path), "%s/blkid", p->root);
	if (file_read(path, 1 << 20, &data, &n, &e))
		return;
	for (char *line = strtok_r(data, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *word_save = NULL, *node = strtok_r(line, " ", &word_save), *w;
		struct volume *v = NULL;

		for (unsigned i = 0; node && i < p->m->volumes; i++)
			if (!strcmp(p->m->volume[i].node, node))
				v = &p->m->volume[i];
		while (v && (w = strtok_r(NULL, " ", &word_save)))
			record_word(v, w);
	}
	free(data);
}

void probe_volumes(const struct probe *p)
{
	if (p->m->recorded)
		volumes_from_record(p);
	for (unsigned i = 0; !p->m->recorded && i < p->m->volumes; i++)
		volume_identify(&p->m->volume[i], p->l);
}
