date +%s.%N; dpkg -i /packages/*.deb; date +%s.%N; ls -la /boot; cat /proc/uptime; systemctl --failed; systemd-analyze; systemctl list-units --state=failed
lsinitrd /boot/initrd.img-$(uname -r) | grep kpatch
