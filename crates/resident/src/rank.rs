//! How bad a fact is, and why.
//!
//! A rank is what a careful reader would say who knows the names and the writes, and not the
//! application. So it always comes with its reason, and it is never a proof.

use std::borrow::Cow;

use crate::facts::{CallKind, Guard, How, Key, Value};
use crate::inventory::{Fact, Kind, Rank, WriteSite};
use crate::words;

/// What was found of a piece of state.
struct Judgement<'w> {
    rank: Rank,
    reason: Cow<'static, str>,
    /// The write that decides.
    write: Option<&'w WriteSite>,
}

/// Ranks a static property, a static variable or a global variable by its writes. What has no
/// declaration is shown where the write is that decides.
pub(crate) fn state(fact: &mut Fact) {
    fact.is_singleton = is_singleton(fact);
    let Judgement { rank, reason, write } = judged(fact);
    let site = write.map(|write| write.site);
    let reason = match emptier(fact).filter(|_| rank >= Rank::Memo) {
        Some(emptier) => format!("{reason}; {emptier} puts it back").into(),
        None => reason,
    };
    fact.is_alarm = is_alarm(fact, rank);
    (fact.rank, fact.reason) = (rank, reason);
    if fact.property.is_none() && fact.kind != Kind::Variable {
        fact.site = site.unwrap_or(fact.site);
    }
}

/// A function that puts it back, by its name and by what it writes.
fn emptier(fact: &Fact) -> Option<String> {
    let empties = |it: &&WriteSite| {
        let writes = it.how == How::Replaced && it.value == Value::Constant;
        it.is_certain && (writes || it.how == How::Removed) && words::is_reset(&it.function)
    };
    fact.writes.iter().find(empties).map(writer)
}

fn judged(fact: &Fact) -> Judgement<'_> {
    let nothing = "nothing in these files writes it".into();
    let judgement = |rank, reason: String, write| Judgement { rank, reason: reason.into(), write };
    let certain: Vec<&WriteSite> = fact.writes.iter().filter(|write| write.is_certain).collect();
    if certain.is_empty() {
        let mut late = fact.writes.iter().filter(|write| !is_at_boot(write));
        let of_request = late.clone().find_map(|write| match &write.value {
            Value::Request(word) => Some((String::from_utf8_lossy(word), write)),
            _ => None,
        });
        if let Some((word, at)) = of_request {
            let reason = format!("perhaps {} writes `{word}` to it", writer(at));
            return judgement(Rank::Request, reason, Some(at));
        }
        let write = late.next();
        return match write.or(fact.writes.first()) {
            None => Judgement { rank: Rank::Boot, reason: nothing, write: None },
            Some(at) => {
                let rank = if write.is_some() { Rank::Replaced } else { Rank::Boot };
                judgement(rank, format!("perhaps {} writes it", writer(at)), Some(at))
            }
        };
    }
    let late: Vec<&WriteSite> = certain.into_iter().filter(|write| !is_at_boot(write)).collect();
    let Some(first) = late.first().copied() else {
        let reason = format!("only {} writes it", writer(&fact.writes[0]));
        return judgement(Rank::Boot, reason, None);
    };
    let late: Vec<&WriteSite> = late.into_iter().filter(|write| !write.is_put_back).collect();
    let Some(first) = late.first().copied() else {
        let reason = format!("{} puts back what it was", writer(first));
        return judgement(Rank::Restored, reason, Some(first));
    };
    if let Some((word, write)) = of_request(fact, &late) {
        let reason = format!("{} writes `{word}` to it", writer(write));
        return judgement(Rank::Request, reason, Some(write));
    }
    if let Some(class) = fact.property.as_ref().map(|it| &it.class)
        && fact.is_singleton
        && words::ends_of_request(class)
    {
        let class = String::from_utf8_lossy(class);
        let reason = format!("{} makes one object of {class} for all requests", writer(first));
        return judgement(Rank::Request, reason, Some(first));
    }
    if fact.is_singleton {
        let reason = format!("one object for all requests, made by {}", writer(first));
        return judgement(Rank::Memo, reason, Some(first));
    }
    if let Some(growing) = growing(&late) {
        return growing;
    }
    if let Some(write) = late.iter().find(|write| !is_filled_once(write, &late)) {
        let reason = format!("{} {}", writer(write), verb(&write.how));
        return judgement(Rank::Replaced, reason, Some(write));
    }
    judgement(Rank::Memo, format!("{} fills it once", writer(first)), Some(first))
}

/// What the writes add to it.
fn growing<'w>(late: &[&'w WriteSite]) -> Option<Judgement<'w>> {
    let is_emptied = late.iter().any(|write| write.how == How::Removed);
    let mut other = None;
    // What is asked for as a whole has its elements once.
    let is_free = |write: &&WriteSite| match write.guard {
        Guard::None | Guard::Element => true,
        Guard::Asked => write.how == How::Appended,
        Guard::Counted | Guard::ByRequest => false,
    };
    let begins_anew = |write: &&WriteSite| late.iter().any(|it| begins_anew(it, write));
    for write in late.iter().copied().filter(is_free).filter(|it| !begins_anew(it)) {
        let writer = writer(write);
        let (rank, reason) = match &write.how {
            How::Appended if is_emptied => {
                (Rank::Replaced, format!("{writer} adds to it, and others take away"))
            }
            How::Appended => (Rank::Grows, format!("{writer} adds to it")),
            How::Keyed(Key::Other(_)) if is_emptied => {
                (Rank::Replaced, format!("{writer} sets elements, and others take them away"))
            }
            How::Keyed(Key::Other(key)) => {
                let key = String::from_utf8_lossy(key);
                (Rank::Grows, format!("{writer} sets an element for each `{key}`"))
            }
            How::Keyed(Key::Code(key) | Key::File(key)) => {
                let key = String::from_utf8_lossy(key);
                (Rank::Memo, format!("{writer} keys it by `{key}`"))
            }
            _ => continue,
        };
        let found = Judgement { rank, reason: reason.into(), write: Some(write) };
        if rank == Rank::Grows {
            return Some(found);
        }
        other = other.or(Some(found));
    }
    other
}

/// Whether a function replaces the value before it adds to it.
fn begins_anew(first: &WriteSite, then: &WriteSite) -> bool {
    first.how == How::Replaced
        && first.guard == Guard::None
        && first.by == then.by
        && first.site < then.site
        && first.site.file == then.site.file
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
    // `$setUser` is a function, `$isUser` an answer.
    let is_request = |name: &&[u8]| words::of_request(name).is_some() && !words::is_verb(name);
    let word = Some(name).filter(is_request).or(hint.filter(is_request))?;
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

/// Whether a write belongs to the start of the application. `loadUser()` does not.
fn is_at_boot(write: &WriteSite) -> bool {
    let is_of_request =
        matches!(write.value, Value::Request(_)) || words::of_request(&write.function).is_some();
    write.by.is_empty() || words::is_boot(&write.function) && !is_of_request
}

fn is_filled_once(write: &WriteSite, late: &[&WriteSite]) -> bool {
    match write.how {
        How::Filled => true,
        // To empty it is no harm where it fills itself again.
        How::Removed => late.iter().any(|it| fills(it)),
        // A flag that says that it was done, or a default.
        How::Replaced if write.value == Value::Constant => {
            late.iter().any(|it| fills(it)) || late.len() == 1 && is_asked(write)
        }
        How::Replaced | How::Element | How::Keyed(_) => is_asked(write),
        How::Counted | How::Appended | How::Inside | How::Referenced | How::Passed => false,
    }
}

/// Whether a write sets what it finds missing.
fn fills(write: &WriteSite) -> bool {
    let is_asked = write.value != Value::Constant && is_asked(write);
    write.how == How::Filled || write.how != How::Removed && is_asked
}

fn is_asked(write: &WriteSite) -> bool {
    matches!(write.guard, Guard::Asked | Guard::Element)
}

/// Whether it is shown to who has not asked for all: what holds a request, and what grows
/// without a question or a bound.
fn is_alarm(fact: &Fact, rank: Rank) -> bool {
    match rank {
        Rank::Request => fact.writes.iter().any(|write| write.is_certain),
        Rank::Grows => fact.writes.iter().any(|write| {
            write.is_certain
                && !is_at_boot(write)
                && write.guard == Guard::None
                && write.how == How::Appended
                && !fact.writes.iter().any(|first| begins_anew(first, write))
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
    let is_put_back = fact.writes.iter().all(|write| write.is_put_back);
    let (rank, reason) = match (is_write, declares) {
        (true, _) if is_put_back => (Rank::Restored, "the function puts it back"),
        (true, _) => (Rank::Request, "what is written there is there in the next request"),
        (false, true) => (Rank::Request, "the file is loaded once, and keeps the first request's"),
        (false, false) => (Rank::Request, "the script has to be run for each request anew"),
    };
    fact.is_alarm = false;
    (fact.rank, fact.reason) = (rank, reason.into());
}

/// Ranks a write of which the target shows only when it runs.
pub(crate) fn unknown(fact: &mut Fact) {
    let reason = "what is written shows only when it runs";
    (fact.rank, fact.reason) = (Rank::Replaced, reason.into());
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
            (Rank::Request, format!("the closure holds on to `{word}`").into())
        }
        CallKind::Process | CallKind::Handler if is_put_back => {
            (Rank::Restored, "the function puts it back".into())
        }
        CallKind::Output if is_put_back => {
            (Rank::Restored, "the function catches what it prints".into())
        }
        CallKind::Process | CallKind::Handler if is_at_boot => {
            (Rank::Boot, "it is set while the application starts".into())
        }
        CallKind::Handler => (Rank::Grows, "each request adds one more".into()),
        CallKind::Process | CallKind::Restore | CallKind::Buffer => {
            (Rank::Replaced, "it stays set for the requests after this one".into())
        }
        CallKind::Exit => (Rank::Forbidden, "it ends the worker".into()),
        CallKind::Header => {
            (Rank::Forbidden, "a worker answers with a response, not by PHP's own".into())
        }
        CallKind::Output => (Rank::Forbidden, "it goes to the terminal of the worker".into()),
        CallKind::Block => (Rank::Forbidden, "all requests of the worker wait for it".into()),
    };
    (fact.rank, fact.reason, fact.is_alarm) = (rank, reason, kind == CallKind::Container);
}

fn constant(first: &WriteSite, is_at_boot: bool) -> (Rank, Cow<'static, str>) {
    if let Value::Request(word) = &first.value
        && !is_at_boot
    {
        let word = String::from_utf8_lossy(word);
        return (Rank::Request, format!("it keeps `{word}` of the first request").into());
    }
    if first.guard == Guard::ByRequest {
        return (Rank::Replaced, "it is there once a request has asked for it".into());
    }
    if is_at_boot || words::is_of_constants(&first.function) {
        return (Rank::Boot, "it is defined while the application starts".into());
    }
    match first.guard {
        Guard::None => (Rank::Replaced, "a second request cannot define it again".into()),
        _ => (Rank::Memo, "it keeps what the first request has defined".into()),
    }
}
