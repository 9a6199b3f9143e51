//! PHP itself, for files that tilde's evaluator refuses: `eval = "php"`.
//!
//! Each file runs in a process of its own, which gets the constants and the
//! configuration so far and gives back what it made of them; the entry script runs
//! with all that it includes, up to the start of the framework. What the file
//! prints comes out of the same pipe as the answer, so that the answer stands
//! between two marks that no file can guess. The mark comes with standard input and
//! is no argument, which the file, and `ps`, would show. PHP and all that it starts
//! end with tilde, also when that is killed.

use std::ffi::OsStr;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, ErrorKind, Read, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use bstr::ByteSlice as _;
use tilde_eval::{Array, Bytes, Key, Options, System, Value, serialize, unserialize};
use tilde_lexer::TokenKind;
use tilde_thinkphp::{Answer, Entered, EntryQuestion, Php, Question};

use crate::disk;
use crate::group::Group;
use crate::thinkphp::Application;

const INCLUDE: &str = concat!(include_str!("php/common.php"), include_str!("php/include.php"));
const ENTRY: &str = concat!(include_str!("php/common.php"), include_str!("php/entry.php"));
/// How often to look whether PHP has ended, once it has said all.
const PAUSE: Duration = Duration::from_millis(2);
/// So much of what PHP says goes into a message, from its end.
const MAX_WORDS: usize = 500;
/// PHP may write so many bytes, to each of its two outputs.
const MAX_OUTPUT: u64 = 64 << 20;

/// A PHP of this machine, for the files of an application.
pub(crate) struct Interpreter<'a> {
    pub(crate) binary: &'a Path,
    pub(crate) application: &'a Application,
}

impl Php for Interpreter<'_> {
    fn include(&self, question: &Question<'_>) -> Result<Answer, String> {
        let path = self.local(question.path)?;
        let case = if question.is_upper { "upper" } else { "lower" };
        let known = vec![
            pairs(question.constants),
            question.config.clone(),
            self.server().collect::<Array>().into(),
        ];
        let program = Program { code: INCLUDE, file: &path, argument: Some(case) };
        self.answer(&self.run(&program, known, question.timeout)?)
    }

    fn enter(&self, question: &EntryQuestion<'_>) -> Result<Entered, String> {
        let path = self.local_entry(question.path)?;
        let target = &self.application.recipe.target;
        let text = |text: &[u8]| Value::String(text.into());
        let system = match target.system {
            System::Linux => "Linux",
            System::Darwin => "Darwin",
            System::Windows => "WINNT",
        };
        let known = vec![
            pairs(question.constants),
            self.entry_server(&path).into(),
            text(target.sapi.as_deref().unwrap_or_default().as_bytes()),
            text(system.as_bytes()),
        ];
        let program = Program { code: ENTRY, file: &path, argument: None };
        self.entered(&self.run(&program, known, question.timeout)?)
    }
}

/// What PHP is to run, and its last arguments.
struct Program<'p> {
    code: &'p str,
    file: &'p Path,
    argument: Option<&'p str>,
}

/// Constants as a list of pairs.
fn pairs(constants: &[(Bytes, Value)]) -> Value {
    let pair = |(name, value): &(Bytes, Value)| {
        Array::from_list(vec![Value::String(name.clone()), value.clone()]).into()
    };
    Array::from_list(constants.iter().map(pair).collect()).into()
}

impl Interpreter<'_> {
    /// Runs a program with what is known, and returns its serialized answer.
    fn run(
        &self,
        program: &Program<'_>,
        known: Vec<Value>,
        timeout: Duration,
    ) -> Result<Vec<u8>, String> {
        let mark = mark();
        let mut command = self.command(program, timeout)?;
        let known = serialize(&Array::from_list(known).into(), self.options())
            .map_err(|error| format!("it cannot be told what is known so far: {error}"))?;
        let input = [mark.as_bytes(), &known].concat();
        let said =
            run(&mut command, input, timeout).map_err(|error| self.not_run(&error, timeout))?;
        let answer = between(&said.stdout, mark.as_bytes()).map(<[u8]>::to_vec);
        answer.ok_or_else(|| said.complaint())
    }

    /// The entry script on this machine. What it includes asks where it is, as the
    /// framework's own files do.
    fn local_entry(&self, deployed: &Path) -> Result<PathBuf, String> {
        let local = self.application.files.local(deployed);
        let local = local.and_then(|path| fs::canonicalize(path).ok());
        let is_there =
            |local: &PathBuf| fs::canonicalize(deployed).is_ok_and(|path| path == *local);
        local.filter(is_there).ok_or_else(|| {
            "the application lies elsewhere here than where it is deployed; build it there"
                .to_owned()
        })
    }

    /// The file on this machine, if PHP can run it here as it runs there.
    fn local(&self, deployed: &Path) -> Result<PathBuf, String> {
        let local = self.application.files.local(deployed);
        let local = local.and_then(|path| fs::canonicalize(path).ok());
        let local =
            local.ok_or_else(|| format!("{} is not on this machine", deployed.display()))?;
        if fs::canonicalize(deployed).is_ok_and(|path| path == local) {
            return Ok(local);
        }
        let source = disk::read(&local).map_err(|error| disk::reason(&error))?;
        let is_place = |kind| matches!(kind, TokenKind::File | TokenKind::Dir);
        match tilde_lexer::tokens(&source, self.options()).find(|(token, _)| is_place(token.kind)) {
            None => Ok(local),
            Some((_, name)) => Err(format!(
                "{} is another path here than where the file is deployed; build it there, or write the path itself",
                name.as_bstr()
            )),
        }
    }

    fn command(&self, program: &Program<'_>, timeout: Duration) -> Result<Command, String> {
        let recipe = &self.application.recipe;
        let folder = recipe.target.working_directory.as_deref().unwrap_or(&recipe.root);
        let folder = self.application.files.local(folder);
        let folder = folder.ok_or("the folder that it runs in is not on this machine")?;
        let mut command = Command::new(self.binary);
        // The process itself is stopped too; this is for what it leaves behind
        // when tilde is interrupted.
        let seconds = timeout.as_secs() + 1;
        command
            .current_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder })
            .args(["-d", "display_errors=stderr", "-d", "log_errors=0", "-d", "html_errors=0"])
            .args(["-d", "serialize_precision=17", "-d"])
            .arg(format!("max_execution_time={seconds}"))
            .args(["-r", program.code, "--"])
            .arg(program.file)
            .args(program.argument);
        Ok(command)
    }

    /// `$_SERVER` as the target has it.
    fn server(&self) -> impl Iterator<Item = (Key, Value)> {
        let target = &self.application.recipe.target;
        let usual = [
            ("SCRIPT_NAME", &target.script_name),
            ("DOCUMENT_ROOT", &target.document_root),
            ("HTTP_HOST", &target.host),
            ("SERVER_NAME", &target.host),
        ];
        let usual = usual.into_iter().filter_map(|(name, value)| {
            Some((Key::String(name.into()), Value::String(value.clone()?)))
        });
        let mut server: Array = usual.collect();
        self.give(&mut server);
        let entries: Vec<_> = server.iter().map(|(key, value)| (key, value.clone())).collect();
        entries.into_iter()
    }

    /// The same for the entry script, which asks for itself too.
    fn entry_server(&self, path: &Path) -> Array {
        let script_name = self.application.recipe.target.script_name.clone();
        let own = [
            ("PHP_SELF", script_name),
            ("SCRIPT_FILENAME", Some(path.as_os_str().as_bytes().into())),
        ];
        let own = own
            .into_iter()
            .filter_map(|(name, value)| Some((Key::String(name.into()), Value::String(value?))));
        let mut server: Array = own.chain(self.server()).collect();
        self.give(&mut server);
        server
    }

    /// What the user says of `$_SERVER`.
    fn give(&self, server: &mut Array) {
        let target = &self.application.recipe.target;
        // The first entry of a name counts, and here the last would.
        for (name, value) in target.server.iter().rev() {
            let key = Key::from_bytes(name, target.options.int_size);
            match value {
                Some(value) => server.insert(key, value.clone()),
                None => drop(server.remove(&key)),
            }
        }
    }

    fn answer(&self, answer: &[u8]) -> Result<Answer, String> {
        let answer = self.unserialized(answer)?;
        let part = |index| answer.as_array()?.get(&Key::Int(index)).cloned();
        let (Some(value), Some(Value::Array(constants)), Some(config)) =
            (part(0), part(1), part(2))
        else {
            return Err("its answer is not complete".to_owned());
        };
        Ok(Answer { value, constants: named(&constants), config })
    }

    fn entered(&self, answer: &[u8]) -> Result<Entered, String> {
        let answer = self.unserialized(answer)?;
        let part = |index| answer.as_array()?.get(&Key::Int(index)).cloned();
        let (Some(Value::Array(constants)), Some(core)) = (part(0), part(1)) else {
            return Err("its answer is not complete".to_owned());
        };
        let core = match core {
            Value::Int(len) => usize::try_from(len).ok(),
            _ => None,
        };
        Ok(Entered { constants: named(&constants), core_constants: core })
    }

    fn unserialized(&self, answer: &[u8]) -> Result<Value, String> {
        unserialize(answer, self.options())
            .map_err(|error| format!("its answer cannot be used: {error}"))
    }

    fn options(&self) -> Options {
        self.application.recipe.target.options
    }

    fn not_run(&self, error: &io::Error, timeout: Duration) -> String {
        let binary = self.binary.display();
        match error.kind() {
            ErrorKind::NotFound => {
                format!("there is no `{binary}`; install PHP or set php-binary in [thinkphp]")
            }
            ErrorKind::FileTooLarge => format!("it prints more than {} MB", MAX_OUTPUT >> 20),
            ErrorKind::TimedOut => format!("it takes longer than {} s", timeout.as_secs()),
            _ => format!("cannot run {binary}: {}", disk::reason(error)),
        }
    }
}

/// The constants of an answer, whose names are keys.
fn named(constants: &Array) -> Vec<(Bytes, Value)> {
    let name = |key: Key| match key {
        Key::Int(name) => Bytes::from(name.to_string().into_bytes()),
        Key::String(name) => name,
    };
    constants.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

/// Thirty-two digits that nobody can guess.
fn mark() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}

fn between<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let start = text.find(mark)? + mark.len();
    let len = text[start..].find(mark)?;
    Some(&text[start..start + len])
}

/// What a process wrote, and how it ended.
pub(crate) struct Said {
    pub(crate) stdout: Vec<u8>,
    stderr: Vec<u8>,
    pub(crate) status: ExitStatus,
}

impl Said {
    /// Why there is no answer, in the words of PHP.
    pub(crate) fn complaint(&self) -> String {
        let words = if self.stderr.trim().is_empty() { &self.stdout } else { &self.stderr };
        let words = words.trim();
        if words.is_empty() {
            return format!("it ended without an answer ({})", self.status);
        }
        String::from_utf8_lossy(&words[words.len().saturating_sub(MAX_WORDS)..]).into_owned()
    }
}

/// Runs a command to its end, or to that of its time.
pub(crate) fn run(command: &mut Command, input: Vec<u8>, timeout: Duration) -> io::Result<Said> {
    let end = Instant::now() + timeout;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut group = Group::start(command)?;
    if let Some(mut stdin) = group.child.stdin.take() {
        // It may end without reading it all.
        thread::spawn(move || stdin.write_all(&input));
    }
    let stdout = group.child.stdout.take().map(listen);
    let stderr = group.child.stderr.take().map(listen);
    let heard = |pipe: Option<Receiver<Vec<u8>>>| {
        let Some(pipe) = pipe else { return Ok(Vec::new()) };
        let left = end.saturating_duration_since(Instant::now());
        match pipe.recv_timeout(left) {
            Ok(bytes) if bytes.len() as u64 > MAX_OUTPUT => Err(ErrorKind::FileTooLarge.into()),
            Ok(bytes) => Ok(bytes),
            Err(_) => Err(io::Error::from(ErrorKind::TimedOut)),
        }
    };
    let (stdout, stderr) = (heard(stdout)?, heard(stderr)?);
    loop {
        if let Some(status) = group.child.try_wait()? {
            return Ok(Said { stdout, stderr, status });
        }
        if Instant::now() > end {
            return Err(ErrorKind::TimedOut.into());
        }
        thread::sleep(PAUSE);
    }
}

/// All that comes out of a pipe, once it is closed or there is too much.
fn listen(pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.take(MAX_OUTPUT + 1).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// The program that a name in `tilde.toml` means: one of `PATH`, or a path that
/// stays what it is in any folder.
pub(crate) fn binary(name: &OsStr, folder: &Path) -> PathBuf {
    if !name.as_bytes().contains(&b'/') {
        return name.into();
    }
    let path = folder.join(name);
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_stands_between_marks() {
        assert_eq!(between(b"noise [m]a:0:{}[m] noise", b"[m]"), Some(&b"a:0:{}"[..]));
        assert_eq!(between(b"[m]a:0:{}", b"[m]"), None);
        assert_ne!(mark(), mark());
    }

    #[test]
    fn a_process_and_its_children_end_with_their_time() {
        let start = Instant::now();
        for script in ["sleep 60", "sleep 60 & sleep 60", "sleep 60 &", "exec >&- 2>&-; sleep 60"] {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            let error = run(&mut command, vec![0; 1 << 20], Duration::from_millis(100)).err();
            assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::TimedOut), "{script}");
        }
        assert!(start.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_process_may_say_only_so_much() {
        let mut command = Command::new("sh");
        command.args(["-c", "head -c 70000000 /dev/zero; sleep 60"]);
        let error = run(&mut command, Vec::new(), Duration::from_secs(60)).err();
        assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::FileTooLarge));
    }

    #[test]
    fn what_a_process_says_is_heard() {
        let mut command = Command::new("sh");
        command.args(["-c", "cat; echo no >&2; exit 3"]);
        let said = run(&mut command, vec![b'a'; 1 << 20], Duration::from_secs(60)).unwrap();
        assert_eq!((said.stdout.len(), said.stderr.as_slice()), (1 << 20, &b"no\n"[..]));
        assert_eq!(said.complaint(), "no");
    }
}
