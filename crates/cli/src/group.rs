//! A process with all that it starts, which ends with tilde however that ends.

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use crate::signals::{self, Live};

/// Ends its process group when its standard input does: when tilde is no more,
/// however that came.
const WATCHDOG: &str = "read _; kill -KILL 0";

/// A process and those that it starts; all end with the value, and with tilde.
pub(crate) struct Group {
    pub(crate) child: Child,
    /// Leads the group. What it reads is never written, only closed.
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
            Ok(child) => Ok(Self { child, watchdog }),
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
        let _ = self.child.wait();
    }
}

/// Ends a group by its leader.
fn end(live: &mut Live, leader: &mut Child) {
    let id = leader.id().cast_signed();
    signals::kill_group(id);
    let _ = leader.wait();
    live.groups.remove(&id);
}
