// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/der.h"

bool der_next(struct der *in, unsigned char *ret_tag, struct der *ret)
{
	size_t header = 2, len;

	if (in->len < header)
		return false;
	len = in->bytes[1];
	if (len & 0x80) {
		size_t digits = len & 0x7f;

		/* No digits is BER's indefinite length, which DER does not have. */
		if (!digits || digits > 4 || in->len - header < digits)
			return false;
		for (len = 0; digits > 0; digits--)
			len = len << 8 | in->bytes[header++];
	}
	if (len > in->len - header)
		return false;
	*ret_tag = in->bytes[0];
	*ret = (struct der){ in->bytes + header, len };
	in->bytes += header + len;
	in->len -= header + len;
	return true;
}

bool der_enter(struct der *in, unsigned char tag, struct der *ret)
{
	struct der rest = *in, found;
	unsigned char found_tag;

	if (!der_next(&rest, &found_tag, &found) || found_tag != tag)
		return false;
	*in = rest;
	*ret = found;
	return true;
}

bool der_skip(struct der *in, unsigned char tag)
{
	struct der skipped;

	return der_enter(in, tag, &skipped);
}
