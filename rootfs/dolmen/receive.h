/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `vm migrate` says to `vm receive` on the other host, over SSH: a line, and behind DEFINE and WRITE as many bytes as it names.
 * Each is answered by one line, `ok ...` or `no REASON`, but WRITE: what went wrong there is told at SYNC. When the connection ends,
 * what CREATE made is taken away, unless there was a KEEP.
 *
 *	name NAME UUID		first of all: `ok FREE-BYTES CPU`; no, when a machine has the name
 *	bridge NAME		whether it is there
 *	file PATH		whether it can be read
 *	disk PATH		`ok IDENTITY`, facts.h; no: nothing is there
 *	pool file|block [POOL]	where disks are to be made, of what kind they have to be
 *	create NUMBER BYTES	a disk: `ok PATH`
 *	write NUMBER OFFSET BYTES
 *	sync NUMBER
 *	keep
 *	forget PATH		nothing of the file may be in memory: another host wrote it
 *	define AUTOSTART BYTES	the machine's definition
 *	resume			it was received, and goes on
 *	undo			what is there of the machine goes, unless it runs; so do disks
 */
#ifndef DOLMEN_RECEIVE_H
#define DOLMEN_RECEIVE_H

#define RECEIVE_HELLO "dolmen receive 1"
#define RECEIVE_LINE 1024
/* Of one WRITE. */
#define RECEIVE_BLOCK (1U << 20)

#endif
