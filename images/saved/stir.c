// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Stirs the host's bytes, given in hex, into a restored guest's random numbers, which are those of every other guest
 * restored from the same state till then. The kernel takes them at once, since RNDRESEEDCRNG asks for it (random(4)).
 */
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	struct {
		struct rand_pool_info info;
		char bytes[256];
	} pool = { 0 };
	int fd = open("/dev/urandom", O_WRONLY);

	if (argc != 2 || fd < 0)
		return 1;
	snprintf(pool.bytes, sizeof(pool.bytes), "%s", argv[1]);
	pool.info.buf_size = (int)strlen(pool.bytes);
	pool.info.entropy_count = pool.info.buf_size * 4;
	if (ioctl(fd, RNDADDENTROPY, &pool) || ioctl(fd, RNDRESEEDCRNG)) {
		perror("stir");
		return 1;
	}
	return 0;
}
