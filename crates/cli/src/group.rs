//! A process with all that it starts, which ends with tilde however that ends.

use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use crate::signals::{self, Live};

/// Ends its process group when its standard input does: when tilde is no more,
/// however that came. Before, it ends the group of the command, whose number comes in, if
/// that leads one of its own: php-fpm begins a session.
const WATCHDOG: &str = "read command; read _; kill -KILL -- -$command; kill -KILL 0";

/// A process and those that it starts; all end with the value, and with tilde.
pub(crate) struct Group {
    pub(crate) child: Child,
    /// Leads the group. What it reads last is never written, only closed.
    watchdog: Child,
}

impl Group {
    /// Starts a command.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        // A signal comes before both or after both.
        let mut live = signals::live();
        let mut watchdog = Command::new("/bin/sh");
        watchdog.args(["-c", WATCHDOG]).stdin(Stdio::piped());
        watchdog.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut watchdog = watchdog.spawn()?;
        let leader = watchdog.id().cast_signed();
        live.groups.insert(leader);
        match command.process_group(leader).spawn() {
            Ok(child) => {
                live.groups.insert(child.id().cast_signed());
                // It may have been killed, and then it is not there for this either.
                let _ = watchdog.stdin.as_mut().map(|pipe| writeln!(pipe, "{}", child.id()));
                Ok(Self { child, watchdog })
            }
            Err(error) => {
                end(&mut live, &mut watchdog);
                Err(error)
            }
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut live = signals::live();
        end(&mut live, &mut self.watchdog);
        let id = self.child.id().cast_signed();
        live.groups.remove(&id);
        // Nothing else has its number until it was waited for.
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            signals::kill_group(id);
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Ends a group by its leader.
fn end(live: &mut Live, leader: &mut Child) {
    let id = leader.id().cast_signed();
    signals::kill_group(id);
    let _ = leader.wait();
    live.groups.remove(&id);
}
