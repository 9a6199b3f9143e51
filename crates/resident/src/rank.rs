//! How bad a fact is, and why.
//!
//! A rank is what a careful reader would say who knows the names and the writes, and not the
//! application. So it always comes with its reason, and it is never a proof.

use crate::facts::{CallKind, Guard, How, Key, Value};
use crate::inventory::{Fact, Kind, Rank, WriteSite};
use crate::words;

/// Ranks a static property, a static variable or a global variable by its writes.
pub(crate) fn state(fact: &mut Fact) {
    fact.is_singleton = is_singleton(fact);
    let (rank, reason) = of_state(fact);
    fact.is_alarm = is_alarm(fact, rank);
    fact.rank = rank;
    fact.reason = match emptier(fact).filter(|_| rank >= Rank::Memo) {
        Some(emptier) => format!("{reason}; {emptier} puts it back"),
        None => reason,
    };
}

/// A function that puts it back, by its name and by what it writes.
fn emptier(fact: &Fact) -> Option<String> {
    let empties = |it: &&WriteSite| {
        let writes = it.how == How::Replaced && it.value == Value::Constant;
        it.is_certain && (writes || it.how == How::Removed) && words::is_reset(&it.function)
    };
    fact.writes.iter().find(empties).map(writer)
}

fn of_state(fact: &Fact) -> (Rank, String) {
    let certain: Vec<&WriteSite> = fact.writes.iter().filter(|write| write.is_certain).collect();
    if certain.is_empty() {
        let reason = match fact.writes.first() {
            None => "nothing in these files writes it".to_owned(),
            Some(write) => format!("perhaps {} writes it", writer(write)),
        };
        return (Rank::Boot, reason);
    }
    let late: Vec<&WriteSite> = certain.into_iter().filter(|write| !is_at_boot(write)).collect();
    let Some(first) = late.first() else {
        return (Rank::Boot, format!("only {} writes it", writer(&fact.writes[0])));
    };
    if let Some((word, write)) = of_request(fact, &late) {
        return (Rank::Request, format!("{} writes `{word}` to it", writer(write)));
    }
    if fact.is_singleton {
        return (Rank::Memo, format!("one object for all requests, made by {}", writer(first)));
    }
    if let Some((rank, reason)) = growing(&late) {
        return (rank, reason);
    }
    if let Some(write) = late.iter().find(|write| !is_filled_once(write, &late)) {
        return (Rank::Replaced, format!("{} {}", writer(write), verb(&write.how)));
    }
    (Rank::Memo, format!("{} fills it once", writer(first)))
}

/// What the writes add to it.
fn growing(late: &[&WriteSite]) -> Option<(Rank, String)> {
    let is_emptied = late.iter().any(|write| write.how == How::Removed);
    let mut memo = None;
    for write in late.iter().filter(|write| write.guard != Guard::Counted) {
        let writer = writer(write);
        match &write.how {
            How::Appended if is_emptied => {
                let reason = format!("{writer} adds to it, and others take away");
                memo = memo.or(Some((Rank::Replaced, reason)));
            }
            How::Appended => return Some((Rank::Grows, format!("{writer} adds to it"))),
            How::Keyed(Key::Other(_)) if is_emptied => {
                let reason = format!("{writer} sets elements, and others take them away");
                memo = memo.or(Some((Rank::Replaced, reason)));
            }
            How::Keyed(Key::Other(key)) => {
                let key = String::from_utf8_lossy(key);
                return Some((Rank::Grows, format!("{writer} sets an element for each `{key}`")));
            }
            How::Keyed(Key::Code(key) | Key::File(key)) => {
                let key = String::from_utf8_lossy(key);
                memo = memo.or(Some((Rank::Memo, format!("{writer} keys it by `{key}`"))));
            }
            _ => {}
        }
    }
    memo
}

/// The word that says that it holds something of a request, and the write that shows it.
fn of_request<'w>(fact: &Fact, late: &[&'w WriteSite]) -> Option<(String, &'w WriteSite)> {
    let by_value = late.iter().find_map(|write| match &write.value {
        Value::Request(word) if write.how != How::Counted => {
            Some((String::from_utf8_lossy(word).into_owned(), *write))
        }
        _ => None,
    });
    if by_value.is_some() {
        return by_value;
    }
    // The name counts where more than a flag is written.
    let is_whole = |how: &How| !matches!(how, How::Counted | How::Removed);
    let write = late.iter().find(|it| it.value != Value::Constant && is_whole(&it.how))?;
    let name = fact.name.rsplit(|byte| *byte == b'$' || *byte == b'\'').find(|it| it.len() > 1)?;
    let hint = fact.property.as_ref().and_then(|it| it.property.hint.as_deref());
    let word = words::of_request(name).map(|_| name).or_else(|| {
        hint.filter(|hint| words::of_request(hint).is_some())
    })?;
    Some((String::from_utf8_lossy(word).into_owned(), write))
}

fn is_singleton(fact: &Fact) -> bool {
    if !matches!(fact.kind, Kind::Property | Kind::Variable) {
        return false;
    }
    let certain = || fact.writes.iter().filter(|write| write.is_certain);
    let name = fact.name.rsplit(|byte| *byte == b'$').next().unwrap_or_default();
    let is_of_its_class = certain().any(|write| write.value == Value::OwnInstance);
    let is_named = words::is_instance(name) && certain().next().is_some();
    is_of_its_class || is_named
}

fn is_at_boot(write: &WriteSite) -> bool {
    write.by.is_empty() || words::is_boot(&write.function)
}

fn is_filled_once(write: &WriteSite, late: &[&WriteSite]) -> bool {
    match write.how {
        How::Filled => true,
        // To empty it is no harm where it fills itself again.
        How::Replaced if write.value == Value::Constant => {
            late.iter().any(|it| it.value != Value::Constant && it.guard == Guard::Asked)
        }
        How::Replaced | How::Element | How::Keyed(_) => write.guard == Guard::Asked,
        How::Removed => true,
        How::Counted | How::Appended | How::Inside | How::Referenced | How::Passed => false,
    }
}

/// Whether it is shown to who has not asked for all: what holds a request, and what grows
/// without a question or a bound.
fn is_alarm(fact: &Fact, rank: Rank) -> bool {
    match rank {
        Rank::Request => true,
        Rank::Grows => fact.writes.iter().any(|write| {
            write.is_certain
                && !is_at_boot(write)
                && write.guard == Guard::None
                && write.how == How::Appended
        }),
        _ => false,
    }
}

fn verb(how: &How) -> &'static str {
    match how {
        How::Replaced | How::Filled => "replaces it",
        How::Counted => "counts in it",
        How::Appended => "adds to it",
        How::Keyed(_) | How::Element => "sets an element of it",
        How::Inside => "changes the object in it",
        How::Referenced => "takes a reference to it",
        How::Passed => "hands it to a function that may change it",
        How::Removed => "takes away from it",
    }
}

fn writer(write: &WriteSite) -> String {
    match write.by.as_slice() {
        b"" => "the file itself".to_owned(),
        by => String::from_utf8_lossy(by).into_owned(),
    }
}

/// Ranks a superglobal that is written, or read while the file loads.
pub(crate) fn input(fact: &mut Fact, is_write: bool, declares: bool) {
    let (rank, reason) = match (is_write, declares) {
        (true, _) => (Rank::Request, "what is written there is there in the next request"),
        (false, true) => (Rank::Request, "the file is loaded once, and keeps the first request's"),
        (false, false) => (Rank::Boot, "a script that declares nothing runs for each request"),
    };
    fact.is_alarm = false;
    (fact.rank, fact.reason) = (rank, reason.to_owned());
}

/// Ranks a write of which the target shows only when it runs.
pub(crate) fn unknown(fact: &mut Fact) {
    fact.rank = Rank::Replaced;
    fact.reason = "what is written shows only when it runs".to_owned();
}

/// Ranks calls of one kind and name in a function.
pub(crate) fn call(fact: &mut Fact, kind: CallKind, is_put_back: bool) {
    let first = &fact.writes[0];
    let is_at_boot = fact.writes.iter().all(is_at_boot);
    let (rank, reason) = match kind {
        CallKind::Constant => constant(first, is_at_boot),
        CallKind::Container => {
            let word = match &first.value {
                Value::Request(word) => String::from_utf8_lossy(word).into_owned(),
                _ => String::new(),
            };
            (Rank::Request, format!("the closure holds on to `{word}`"))
        }
        CallKind::Process | CallKind::Handler if is_put_back => {
            (Rank::Restored, "the function puts it back".to_owned())
        }
        CallKind::Output if is_put_back => {
            (Rank::Restored, "the function catches what it prints".to_owned())
        }
        CallKind::Process | CallKind::Handler if is_at_boot => {
            (Rank::Boot, "it is set while the application starts".to_owned())
        }
        CallKind::Handler => (Rank::Grows, "each request adds one more".to_owned()),
        CallKind::Process | CallKind::Restore | CallKind::Buffer => {
            (Rank::Replaced, "it stays set for the requests after this one".to_owned())
        }
        CallKind::Exit => (Rank::Forbidden, "it ends the worker".to_owned()),
        CallKind::Header => {
            (Rank::Forbidden, "a worker answers with a response, not by PHP's own".to_owned())
        }
        CallKind::Output => (Rank::Forbidden, "it goes to the terminal of the worker".to_owned()),
        CallKind::Block => (Rank::Forbidden, "all requests of the worker wait for it".to_owned()),
    };
    (fact.rank, fact.reason, fact.is_alarm) = (rank, reason, kind == CallKind::Container);
}

fn constant(first: &WriteSite, is_at_boot: bool) -> (Rank, String) {
    if let Value::Request(word) = &first.value
        && !is_at_boot
    {
        let word = String::from_utf8_lossy(word);
        return (Rank::Request, format!("it keeps `{word}` of the first request"));
    }
    if is_at_boot {
        return (Rank::Boot, "it is defined while the application starts".to_owned());
    }
    match first.guard {
        Guard::None => (Rank::Replaced, "a second request cannot define it again".to_owned()),
        _ => (Rank::Memo, "it keeps what the first request has defined".to_owned()),
    }
}
