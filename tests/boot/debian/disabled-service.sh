# After it: installed and not loaded. Then the service is enabled again.
. /test/common.sh
is_unpatched "lp_version ($release)"
agreed
is "$(systemctl is-enabled kpatch.service)" disabled "kpatch.service is disabled"
systemctl status --no-pager kpatch.service >/tmp/unit
has /tmp/unit "Active: inactive (dead)" "and inactive (dead)"
sane
systemctl enable kpatch.service 2>/tmp/said
ok $? "systemctl enable kpatch.service"
done_testing
