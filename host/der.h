/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts elements of DER (ITU-T X.690) off a row of them. Knows nothing of what they mean.
 */
#ifndef DER_H
#define DER_H

#include <stdbool.h>
#include <stddef.h>

#define DER_BOOLEAN	0x01
#define DER_INTEGER	0x02
#define DER_OCTETS	0x04
#define DER_OID		0x06
#define DER_SEQUENCE	0x30
#define DER_SET		0x31
#define DER_CONTEXT(n)	(0xa0 + (n))
#define DER_PRIMITIVE(n) (0x80 + (n))	/* of a context, too */

/* The value of an element, or a row of elements. */
struct der {
	const unsigned char *bytes;
	size_t len;
};

/* Cuts the next element off @in. False if @in is at its end, or damaged. */
bool der_next(struct der *in, unsigned char *ret_tag, struct der *ret);

/* Cuts the next element off @in if it has @tag. Otherwise @in stays as it is. */
bool der_enter(struct der *in, unsigned char tag, struct der *ret);
bool der_skip(struct der *in, unsigned char tag);

#endif
