// SPDX-License-Identifier: GPL-2.0-or-later
/* A row of packets stands for the records of /dev/kmsg. The clock is the test's, so that no slow host matters. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "common/clock.h"
#include "early/load/kmsg_read.h"

static unsigned long long now_ms, tick_ms;

unsigned long long clock_now_ms(void)
{
	return now_ms += tick_ms;
}

/* What is found about @name in @records, a NULL-terminated row of them. */
static const char *found_about(const char *name, const char *const *records)
{
	static char reason[128];
	int fds[2];

	/* A socket of packets keeps records apart, as /dev/kmsg does. */
	assert_int_equal(0, socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds));
	for (; *records; records++)
		assert_true(write(fds[1], *records, strlen(*records)) > 0);
	kmsg_read_reason(fds[0], name, reason, sizeof(reason));
	close(fds[0]);
	close(fds[1]);
	return reason;
}

static const char *found(const char *const *records)
{
	return found_about("lp_a", records);
}

static void the_first_warning_names_the_cause(void **state)
{
	static const char *const records[] = {
		"5,1,100,-;lp_a: loading out-of-tree module taints kernel.\n",
		"5,2,100,-;livepatch: enabling patch 'lp_a'\n",
		"3,3,100,-;livepatch: symbol 'f' not found in symbol table\n SUBSYSTEM=x\n",
		"4,4,100,-;livepatch: failed to enable patch 'lp_a'\n",
		"3,5,100,-;lp_a: something that follows\n", NULL,
	};

	(void)state;
	assert_string_equal(found(records), "livepatch: symbol 'f' not found in symbol table");
}

static void a_notice_serves_when_there_is_no_warning(void **state)
{
	static const char *const records[] = {
		"6,1,100,-;usb 1-1: new device\n",
		"5,2,100,-;Lockdown: kpatch-early: unsigned module loading is restricted\n", NULL,
	};

	(void)state;
	assert_string_equal(found(records),
			    "Lockdown: kpatch-early: unsigned module loading is restricted");
}

static void without_a_name_it_is_a_driver_that_was_refused(void **state)
{
	static const char *const records[] = {
		"4,1,100,-;lp_a: module verification failed\n",
		"3,2,100,-;livepatch: symbol 'f' not found in symbol table\n",
		"28,3,100,-;kpatch-early: refusing to load module 'x'\n",
		"4,4,100,-;livepatch: patch 'lp_a' failed for module 'sd', refusing to load module 'sd'\n",
		"4,5,100,-;livepatch: patch 'lp_a' failed for module 'sr', refusing to load module 'sr'\n", NULL,
	};
	static const char *const none[] = { "4,1,100,-;livepatch: failed to initialize patch\n", NULL };

	(void)state;
	assert_string_equal(found_about(NULL, records),
			    "livepatch: patch 'lp_a' failed for module 'sd', refusing to load module 'sd'");
	assert_string_equal(found_about(NULL, none), "");
}

static void other_programs_and_other_subjects_say_nothing(void **state)
{
	static const char *const records[] = {
		"27,1,100,-;kpatch-early: lp_a: failed\n",
		"3,2,100,-;ata1: link is slow\n",
		"garbage\n", ";\n", NULL,
	};

	(void)state;
	assert_string_equal(found(records), "");
}

/*
 * What is found about "lp_a" behind @count records about something else. A child writes them, without an end if
 * @count is 0, while they are read.
 */
static const char *found_behind(size_t count)
{
	static const char other[] = "6,1,100,-;usb 1-1: new device\n";
	static const char reason_of_a[] = "3,2,100,-;livepatch: symbol 'f' not found in symbol table\n";
	static char reason[128];
	int fds[2];
	pid_t child;

	assert_int_equal(0, socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds));
	child = fork();
	if (!child) {
		close(fds[0]);
		for (size_t i = 0; !count || i < count; i++)
			if (write(fds[1], other, strlen(other)) < 0)
				_exit(1);
		_exit(write(fds[1], reason_of_a, strlen(reason_of_a)) < 0);
	}
	close(fds[1]);
	kmsg_read_reason(fds[0], "lp_a", reason, sizeof(reason));
	close(fds[0]);
	kill(child, SIGKILL);
	assert_int_equal(child, waitpid(child, NULL, 0));
	return reason;
}

static void ten_thousand_records_before_it_hide_no_reason(void **state)
{
	(void)state;
	assert_string_equal(found_behind(10000), "livepatch: symbol 'f' not found in symbol table");
}

static void a_log_that_never_ends_is_not_read_for_ever(void **state)
{
	(void)state;
	tick_ms = 1;
	assert_string_equal(found_behind(0), "");
	tick_ms = 0;
}

static void without_a_log_there_are_no_words(void **state)
{
	char reason[16] = "x";

	(void)state;
	assert_int_equal(-ENOENT, kmsg_read_open("/nowhere"));
	kmsg_read_reason(-ENOENT, "lp_a", reason, sizeof(reason));
	assert_string_equal(reason, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_warning_names_the_cause),
		cmocka_unit_test(a_notice_serves_when_there_is_no_warning),
		cmocka_unit_test(without_a_name_it_is_a_driver_that_was_refused),
		cmocka_unit_test(other_programs_and_other_subjects_say_nothing),
		cmocka_unit_test(ten_thousand_records_before_it_hide_no_reason),
		cmocka_unit_test(a_log_that_never_ends_is_not_read_for_ever),
		cmocka_unit_test(without_a_log_there_are_no_words),
	};

	return cmocka_run_group_tests_name("klog", tests, NULL, NULL);
}
