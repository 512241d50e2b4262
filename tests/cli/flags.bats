#!/usr/bin/env -S bats --tap
# A whole build with the flags of other distributions.
# Only with --long.

load helpers

setup() { cd "$top"; }

@test "with the flags of Debian and Fedora both programs are static, not PIE, and small" {
	cflags="-O2 -g -flto=auto -ffat-lto-objects -fexceptions -pipe -Wall -Werror=format-security -fPIE -pie
		-ffile-prefix-map=/x=. -Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=3 -fstack-protector-strong -m64 -march=x86-64
		-mtune=generic -fasynchronous-unwind-tables -fstack-clash-protection -fcf-protection -fno-omit-frame-pointer
		-mno-omit-leaf-frame-pointer"
	CC=gcc CPPFLAGS="-Wdate-time -D_FORTIFY_SOURCE=2" CFLAGS=${cflags//[$'\n\t']/ } \
		LDFLAGS="-flto=auto -fPIE -pie -Wl,-z,relro -Wl,-z,now -Wl,--as-needed -Wl,--build-id=sha1" \
		KMOD_SRC=$top/build/sources/kmod SODIUM_SRC=$top/build/sources/libsodium \
		make -s BUILD="$BATS_TEST_TMPDIR/b" >&2
	common/check-binary "$BATS_TEST_TMPDIR/b/early/kpatch-early" 172032
	"$BATS_TEST_TMPDIR/b/kpatch-early" --version
	readelf -sW "$BATS_TEST_TMPDIR/b/lib/libkmod.a" | grep -q __stack_chk_fail
}
