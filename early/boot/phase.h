/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The phases of a boot, which the worker goes through, and what the supervisor does
 * where the worker does not come to the end. A table; reads, writes and says nothing.
 */
#ifndef PHASE_H
#define PHASE_H

enum phase {
	PHASE_PLAN,	/* everything is read and verified */
	PHASE_JUDGE,	/* the boot guard's record is reached, and read */
	PHASE_MARK,	/* the try is written; crash sysctls, helper drivers, watchdog */
	PHASE_LOAD,
	PHASE_CONFIRM,	/* the record learns how it went */
	PHASE_THROUGH,	/* nothing is left to do */
};
#define PHASES (PHASE_THROUGH + 1)

/* How the supervisor's waiting for the worker ends. */
enum phase_event {
	PHASE_EVENT_ENDED,	/* the worker is through */
	PHASE_EVENT_LIMIT,	/* it has been longer in its phase than that may take */
	PHASE_EVENT_BUDGET,	/* boot_budget= is over */
	/* its process ended in the middle, by an oops as a rule */
	PHASE_EVENT_DIED,
};
#define PHASE_EVENTS (PHASE_EVENT_DIED + 1)

enum phase_action {
	PHASE_ACTION_CONCLUDE,		/* every patch has its verdict */
	PHASE_ACTION_NOTHING,		/* nothing was loaded, and nothing will be */
	PHASE_ACTION_UNGUARDED,	/* another worker, for which the record can't be read */
	PHASE_ACTION_HUNG,		/* a load ends neither way */
	PHASE_ACTION_LEAVE,	/* a load goes on; what comes behind it is not reached */
};

enum phase_action phase_action(enum phase phase, enum phase_event event);

/*
 * The seconds that @phase may take, but for PHASE_LOAD, whose patches have limits of
 * their own.
 */
unsigned int phase_limit_s(enum phase phase);

/* What @phase does, for messages: "verifying the patches". */
const char *phase_text(enum phase phase);

#endif
