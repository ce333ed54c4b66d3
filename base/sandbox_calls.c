/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the sandbox that refuses system calls: seccomp. */
#include "config.h"

#include "base/sandbox_parts.h"

#ifdef HAVE_LINUX_SECCOMP_H
#include <linux/audit.h>
#endif
#if defined(HAVE_LINUX_SECCOMP_H) && defined(__x86_64__) && defined(__LP64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(HAVE_LINUX_SECCOMP_H) && defined(__aarch64__) && defined(__AARCH64EL__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers that this architecture does not have are left out. */
static const int denied_to_all[] = {
	SYS_socket, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_execve,
	SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_bpf,
	SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_unshare, SYS_setns,
	SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_by_handle_at,
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot,
	SYS_swapon, SYS_swapoff, SYS_acct, SYS_settimeofday, SYS_clock_settime, SYS_sethostname,
#ifdef SYS_userfaultfd
	SYS_userfaultfd,
#endif
#ifdef SYS_io_uring_setup /* its requests pass no filter */
	SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
#ifdef SYS_pidfd_getfd
	SYS_pidfd_getfd,
#endif
#ifdef SYS_open_tree
	SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsmount,
#endif
};

static const int denied_to_readers[] = {
	SYS_mkdirat, SYS_mknodat, SYS_symlinkat, SYS_linkat, SYS_renameat2, SYS_truncate,
	SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_utimensat, SYS_setxattr,
	SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
	SYS_tkill,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_pidfd_send_signal
	SYS_pidfd_send_signal,
#endif
#ifdef SYS_creat /* the older names of the above */
	SYS_creat, SYS_mkdir, SYS_rmdir, SYS_mknod, SYS_symlink, SYS_link, SYS_rename, SYS_chmod,
	SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

#define FILTER_MAX 256
/* The half of an argument that holds all of it, where it is an int. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARGUMENT(i) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (i)))
#else
#define ARGUMENT(i) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (i) + 4))
#endif
#define FAIL(code) (SECCOMP_RET_ERRNO | (code))

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short     n;
};

static void
load(struct filter *f, uint32_t offset)
{
	f->code[f->n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset);
}

static void
mask(struct filter *f, uint32_t bits)
{
	f->code[f->n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits);
}

static void
end(struct filter *f, uint32_t action)
{
	f->code[f->n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
}

/* Steps over the next SKIP instructions unless what was loaded is VALUE. */
static void
unless(struct filter *f, uint32_t value, uint8_t skip)
{
	f->code[f->n++] =
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
}

static void
deny(struct filter *f, const int *calls, size_t n)
{
	load(f, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < n; i++) {
		unless(f, (uint32_t)calls[i], 1);
		end(f, FAIL(EPERM));
	}
}

static void
deny_ioctl(struct filter *f, uint32_t request)
{
	load(f, offsetof(struct seccomp_data, nr));
	unless(f, SYS_ioctl, 3);
	load(f, ARGUMENT(1));
	unless(f, request, 1);
	end(f, FAIL(EPERM));
}

/* Signals go to the process itself or to nobody. */
static void
deny_signals(struct filter *f, uint32_t call)
{
	load(f, offsetof(struct seccomp_data, nr));
	unless(f, call, 4);
	load(f, ARGUMENT(0));
	unless(f, (uint32_t)getpid(), 1);
	end(f, SECCOMP_RET_ALLOW);
	end(f, FAIL(EPERM));
}

static void
deny_writing(struct filter *f, uint32_t call, unsigned flags_argument)
{
	load(f, offsetof(struct seccomp_data, nr));
	unless(f, call, 9);
	load(f, ARGUMENT(flags_argument));
	mask(f, O_TMPFILE);
	unless(f, O_TMPFILE, 1);
	end(f, SECCOMP_RET_ALLOW);
	load(f, ARGUMENT(flags_argument));
	mask(f, O_ACCMODE | O_CREAT | O_TRUNC);
	unless(f, O_RDONLY, 1);
	end(f, SECCOMP_RET_ALLOW);
	end(f, FAIL(EACCES));
}

static void
deny_to_reader(struct filter *f, bool unnamed_files)
{
	deny(f, denied_to_readers, sizeof(denied_to_readers) / sizeof(*denied_to_readers));
	deny_signals(f, SYS_kill);
	deny_signals(f, SYS_tgkill);
	if (!unnamed_files)
		return;
	deny_writing(f, SYS_openat, 2);
#ifdef SYS_open
	deny_writing(f, SYS_open, 1);
#endif
#ifdef SYS_openat2 /* its flags lie in memory, where no filter can look */
	load(f, offsetof(struct seccomp_data, nr));
	unless(f, SYS_openat2, 1);
	end(f, FAIL(ENOSYS));
#endif
}

bool
calls_filter(enum sandbox kind, bool unnamed_files)
{
	struct filter     f = { .n = 0 };
	struct sock_fprog program;

	load(&f, offsetof(struct seccomp_data, arch));
	unless(&f, ARCHITECTURE, 1);
	f.code[f.n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0);
	end(&f, FAIL(ENOSYS));
#ifdef __x86_64__ /* the x32 numbers of the same calls */
	load(&f, offsetof(struct seccomp_data, nr));
	f.code[f.n++] =
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
	end(&f, FAIL(ENOSYS));
#endif
	deny(&f, denied_to_all, sizeof(denied_to_all) / sizeof(*denied_to_all));
	deny_ioctl(&f, TIOCSTI);
	if (kind == SANDBOX_READER)
		deny_to_reader(&f, unnamed_files);
	end(&f, SECCOMP_RET_ALLOW);
	program = (struct sock_fprog){ .len = f.n, .filter = f.code };
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

bool
calls_filter_available(void)
{
	const uint32_t action = SECCOMP_RET_ERRNO;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

#else

bool
calls_filter(enum sandbox kind, bool unnamed_files)
{
	(void)kind;
	(void)unnamed_files;
	return false;
}

bool
calls_filter_available(void)
{
	return false;
}

#endif
