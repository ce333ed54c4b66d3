/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each right is tried in a process of its own, which has entered the sandbox. */
#include "config.h"

#include "base/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/temporary.h"
#include "tests/tap.h"

static char folder[] = "/tmp/auger-sandbox-XXXXXX";
static const char inside[] = "inside", outside[] = "../auger-sandbox-outside";

/* 0: done; else why not. */
typedef int attempt(void);

static int
result_of(long r)
{
	return r < 0 ? errno : 0;
}

static int
make_socket(void)
{
	return result_of(socket(AF_INET, SOCK_STREAM, 0));
}

static int
make_local_socket(void)
{
	return result_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

/* A descriptor that was open before: connecting it is denied by itself. */
static int
connect_somewhere(void)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(9) };

	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return result_of(connect(STDIN_FILENO, (struct sockaddr *)&there, sizeof(there)));
}

static int
run_program(void)
{
	char *const none[] = { NULL };

	return result_of(execve("/bin/true", none, none));
}

static int
write_elsewhere(void)
{
	return result_of(open(outside, O_WRONLY | O_CREAT, 0600));
}

static int
write_new(void)
{
	return result_of(open("new", O_RDWR | O_CREAT, 0600));
}

static int
write_old(void)
{
	return result_of(open(inside, O_WRONLY));
}

static int
empty_old(void)
{
	return result_of(open(inside, O_RDONLY | O_TRUNC));
}

static int
truncate_old(void)
{
	return result_of(truncate(inside, 0));
}

static int
rename_old(void)
{
	return result_of(rename(inside, "renamed"));
}

static int
link_old(void)
{
	return result_of(link(inside, "linked"));
}

static int
make_folder(void)
{
	return result_of(mkdir("folder", 0700));
}

static int
change_rights(void)
{
	return result_of(chmod(inside, 0777));
}

static int
remove_elsewhere(void)
{
	return result_of(unlink(outside));
}

static int
signal_another(void)
{
	return result_of(kill(getppid(), 0));
}

static int
type_into_terminal(void)
{
	char c = 'x';
	int  r = ioctl(STDIN_FILENO, TIOCSTI, &c);

	return r < 0 && errno != EPERM ? 0 : result_of(r); /* ENOTTY: it came through */
}

static int
read_old(void)
{
	char c;
	int  fd = open(inside, O_RDONLY);

	return fd < 0 ? errno : read(fd, &c, 1) == 1 && c == 'x' ? 0 : EIO;
}

static int
remove_inside(void)
{
	return result_of(unlink(inside));
}

static int
use_temporary(void)
{
	char c = 0;
	int  fd = temporary_file();

	if (fd < 0)
		return errno;
	if (pwrite(fd, "y", 1, 9) != 1 || pread(fd, &c, 1, 9) != 1 || c != 'y' ||
	    ftruncate(fd, 4) != 0)
		return errno ? errno : EIO;
	return 0;
}

static void *
nothing(void *p)
{
	return p;
}

static int
use_thread(void)
{
	pthread_t t;
	int       code = pthread_create(&t, NULL, nothing, NULL);

	return code ? code : pthread_join(t, NULL);
}

static void
make_files(void)
{
	int in = open(inside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int out = open(outside, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (in < 0 || out < 0 || write(in, "x", 1) != 1)
		abort();
	close(in);
	close(out);
}

static int
in_sandbox(enum sandbox kind, attempt *try)
{
	pid_t child;
	int   status;

	make_files();
	child = fork();
	if (child == 0) {
		sandbox_enter(kind, ".");
		_exit(try());
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void
denied(enum sandbox kind, attempt *try, const char *what)
{
	int code = in_sandbox(kind, try);

	ok(code == EPERM || code == EACCES, "denied: %s", what);
	if (code != EPERM && code != EACCES)
		printf("#   %s\n", code == 0 ? "it was done" : strerror(code));
}

static void
allowed(enum sandbox kind, attempt *try, const char *what)
{
	int code = in_sandbox(kind, try);

	ok(code == 0, "allowed: %s", what);
	if (code != 0)
		printf("#   %s\n", strerror(code));
}

static void
no_program_reaches_the_network_or_others(void)
{
	denied(SANDBOX_PROGRAM, make_socket, "a socket");
	denied(SANDBOX_PROGRAM, make_local_socket, "a socket to another program here");
	denied(SANDBOX_PROGRAM, connect_somewhere, "to connect");
	denied(SANDBOX_PROGRAM, run_program, "to start a program");
	denied(SANDBOX_PROGRAM, type_into_terminal, "to type into the terminal");
	allowed(SANDBOX_PROGRAM, write_new, "a new file, as -o writes it");
	allowed(SANDBOX_PROGRAM, rename_old, "to rename it into its place");
	unlink("renamed");
	unlink("new");
}

static void
a_reader_writes_nothing(void)
{
	denied(SANDBOX_READER, make_socket, "a socket, to a reader");
	denied(SANDBOX_READER, run_program, "to start a program, to a reader");
	denied(SANDBOX_READER, write_elsewhere, "to open for writing elsewhere");
	denied(SANDBOX_READER, write_new, "to make a file beside the case");
	denied(SANDBOX_READER, write_old, "to write over evidence beside the case");
	denied(SANDBOX_READER, empty_old, "to empty it by opening");
	denied(SANDBOX_READER, truncate_old, "to cut it");
	denied(SANDBOX_READER, rename_old, "to rename it");
	denied(SANDBOX_READER, link_old, "to link it");
	denied(SANDBOX_READER, change_rights, "to change its rights");
	denied(SANDBOX_READER, make_folder, "to make a folder");
	denied(SANDBOX_READER, signal_another, "to signal another process");
}

static void
a_reader_reads_on(void)
{
	allowed(SANDBOX_READER, read_old, "to read");
	allowed(SANDBOX_READER, remove_inside, "to remove what lies beside the case, such as its lock");
	allowed(SANDBOX_READER, use_temporary, "temporary files without a name");
	allowed(SANDBOX_READER, use_thread, "threads");
}

int
main(void)
{
	struct sandbox_state state = sandbox_available();

	if (!state.calls)
		skip_all("this kernel filters no system calls, or a sanitizer or valgrind runs");
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return 99;
	no_program_reaches_the_network_or_others();
	a_reader_writes_nothing();
	a_reader_reads_on();
	if (state.files)
		denied(SANDBOX_READER, remove_elsewhere, "to remove a file elsewhere");
	else
		skip("this kernel confines no files");
	unlink(inside);
	unlink(outside);
	if (chdir("/") == 0)
		rmdir(folder);
	return done_testing();
}
