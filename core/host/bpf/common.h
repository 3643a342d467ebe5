/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all programs for the kernel and their readers have in common. */
#ifndef BPF_COMMON_H
#define BPF_COMMON_H

#define TRACED_NAME 16   /* bytes of a process's name with its 0, as the kernel has it (TASK_COMM_LEN) */
#define TRACED_PIDS 1024 /* that can be asked for at once */

#endif
