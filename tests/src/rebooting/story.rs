//! What happens on the virtual machine, boot by boot, and what it says of it on its console.

/// What begins a line of ours on the console.
pub(super) const MARK: &str = "rehearsal: ";

/// Said by a job while it waits for the power to be taken away.
pub(super) const CUT: &str = "rehearsal: cut";

/// Loads the modules and goes over to the disk; the first program of the kernel.
pub(super) fn first_program(modules: &[String]) -> String {
    let mut text = "#!/busybox sh\n/busybox mount -t devtmpfs dev /dev\n".to_owned();
    for module in modules {
        text.push_str(&format!("/busybox insmod /{module}\n"));
    }
    text.push_str("/busybox mount -t ext4 /dev/vda /disk\n");
    text.push_str("exec /busybox switch_root /disk /bin/sh /boot.sh\n");
    text
}

/// Begins the session or goes on with it, says how it stands, and switches the machine off.
pub(super) const BOOT: &str = r#"export PATH=/bin HOME=/
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
# The firmware leaves its last line open.
echo
echo "rehearsal: boot $(cat /proc/sys/kernel/random/boot_id)"
at="--repository /sessions"
if [ -d /sessions ]; then
    echo "rehearsal: plan $(session resume --dry-run --json $at </dev/null | tr -d '\n')"
    { session resume $at; echo "rehearsal: code $?"; } 2>&1 </dev/null | cat
else
    { session run /plan.pxu $at; echo "rehearsal: code $?"; } 2>&1 </dev/null | cat
fi
echo "rehearsal: shown $(session show latest --json $at </dev/null | tr -d '\n')"
echo "rehearsal: marks $(tr '\n' ' ' < /marks)"
sync
poweroff -f
"#;

/// The jobs. The one that does not return switches the machine off without a sync: what is to be left of the run
/// has to be on the disk by then.
pub(super) const PLAN: &str = r#"id: first
plugin: shell
shell: /bin/sh
command: echo first >> /marks

id: goes-down
plugin: shell
shell: /bin/sh
flags: noreturn
depends: first
command: poweroff -n -f

id: after
plugin: shell
shell: /bin/sh
depends: goes-down
command: echo after >> /marks

id: cut
plugin: shell
shell: /bin/sh
depends: after
command:
 echo cut >> /marks
 sync
 test -e /was-cut && exit 0
 touch /was-cut
 sync
 echo 'rehearsal: cut' > /dev/console
 sleep 600

id: last
plugin: shell
shell: /bin/sh
depends: cut
command: echo last >> /marks
"#;
