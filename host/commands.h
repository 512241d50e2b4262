/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs that only the host program has. As in verbs.h. */
#ifndef COMMANDS_H
#define COMMANDS_H

int bake_verb(int argc, char **argv);
int bless_verb(int argc, char **argv);
int check_verb(int argc, char **argv);
int disable_verb(int argc, char **argv);
int enable_verb(int argc, char **argv);
int info_verb(int argc, char **argv);
int install_verb(int argc, char **argv);
int list_verb(int argc, char **argv);
int overlay_verb(int argc, char **argv);
int reset_verb(int argc, char **argv);
int status_verb(int argc, char **argv);
int uninstall_verb(int argc, char **argv);

#endif
