//! PHP's own functions, those that give the same answer on every machine.
//!
//! No function here asks the machine: its result follows from its arguments and
//! the [`crate::Target`].

mod args;
mod arrays;
mod callbacks;
#[cfg(test)]
mod differential;
mod extension;
mod format;
mod info;
mod json;
pub(crate) mod loaded;
mod maths;
mod objects;
pub(crate) mod outside;
mod regex;
mod sorting;
mod strings;
mod url;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use tilde_syntax::{Span, Version};

pub(crate) use args::Args;

use crate::array::make_mut;
use crate::convert::Result;
use crate::error::ErrorKind;
use crate::evaluator::{Evaluator, Outcome, resolved};
use crate::function::Arguments;
use crate::value::Value;

/// A function of PHP.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    least: usize,
    most: usize,
    /// Which arguments it changes.
    pub(crate) by_reference: &'static [usize],
    since: Version,
    until: Version,
    run: Run,
}

enum Run {
    /// Of the arguments alone.
    Pure(fn(&Args<'_>) -> Result<Value>),
    /// It calls back, changes an argument, or looks at the evaluator.
    Full(for<'a> fn(&mut Evaluator<'a>, &[Value], Span) -> Outcome<Value>),
}

impl Builtin {
    const fn new(name: &'static str, least: usize, most: usize, run: Run) -> Self {
        let (since, until) = (Version::V5_2, Version::V8_5);
        Self { name, least, most, by_reference: &[], since, until, run }
    }

    const fn pure(
        name: &'static str,
        least: usize,
        most: usize,
        run: fn(&Args<'_>) -> Result<Value>,
    ) -> Self {
        Self::new(name, least, most, Run::Pure(run))
    }

    const fn full(
        name: &'static str,
        least: usize,
        most: usize,
        run: for<'a> fn(&mut Evaluator<'a>, &[Value], Span) -> Outcome<Value>,
    ) -> Self {
        Self::new(name, least, most, Run::Full(run))
    }

    const fn since(mut self, since: Version) -> Self {
        self.since = since;
        self
    }

    const fn until(mut self, until: Version) -> Self {
        self.until = until;
        self
    }

    const fn changing(mut self, by_reference: &'static [usize]) -> Self {
        self.by_reference = by_reference;
        self
    }

    /// Whether it does nothing but compute.
    pub(crate) fn is_pure(&self) -> bool {
        matches!(self.run, Run::Pure(_))
    }

    pub(crate) fn exists_in(&self, version: Version) -> bool {
        (self.since..=self.until).contains(&version)
    }
}

/// Those that go through all of an argument, however deep.
const VISITS_ALL: &[&str] = &[
    "array_keys",
    "array_merge_recursive",
    "array_replace_recursive",
    "array_search",
    "count",
    "in_array",
    "json_encode",
    "max",
    "min",
    "sizeof",
];

/// Any number of arguments.
const MANY: usize = usize::MAX;

static TABLES: [&[Builtin]; 11] = [
    arrays::FUNCTIONS,
    callbacks::FUNCTIONS,
    format::FUNCTIONS,
    info::FUNCTIONS,
    json::FUNCTIONS,
    maths::FUNCTIONS,
    objects::FUNCTIONS,
    regex::FUNCTIONS,
    sorting::FUNCTIONS,
    strings::FUNCTIONS,
    url::FUNCTIONS,
];

static BY_NAME: LazyLock<FxHashMap<&'static [u8], &'static Builtin>> = LazyLock::new(|| {
    let mut by_name = FxHashMap::default();
    by_name.reserve(TABLES.iter().map(|table| table.len()).sum());
    by_name.extend(TABLES.into_iter().flatten().map(|builtin| (builtin.name.as_bytes(), builtin)));
    by_name
});

/// A function by its name in lower case.
pub(crate) fn find(name: &[u8]) -> Option<&'static Builtin> {
    BY_NAME.get(name).copied()
}

/// Functions that were taken out and are not evaluated, with the last version
/// that has them.
const REMOVED: &[(Version, &str)] = &[
    (Version::V5_3, "call_user_method call_user_method_array define_syslog_variables"),
    (
        Version::V5_6,
        "ereg ereg_replace eregi eregi_replace split spliti sql_regcase mysql_connect \
         mysql_pconnect mysql_query mysql_select_db mysql_close mysql_fetch_array mysql_error",
    ),
    (Version::V7_4, "create_function each money_format restore_include_path hebrevc"),
];

/// The version that took a function out, in lower case, if this one does not
/// have it any more.
pub(crate) fn removed_in(name: &[u8], version: Version) -> Option<Version> {
    let last = find(name).map(|builtin| builtin.until).or_else(|| outside::last_version(name));
    let is_removed = |(_, names): &&(Version, &str)| {
        names.split_ascii_whitespace().any(|known| known.as_bytes() == name)
    };
    let last = last.or_else(|| REMOVED.iter().find(is_removed).map(|(last, _)| *last))?;
    Version::ALL.iter().copied().find(|next| *next > last && version > last)
}

/// What a call takes besides its arguments: as long as so many steps.
const STEPS_PER_CALL: u64 = 4;

impl Evaluator<'_> {
    pub(crate) fn call_builtin(
        &mut self,
        builtin: &'static Builtin,
        arguments: Arguments,
        span: Span,
    ) -> Outcome<Value> {
        self.steps = self.steps.saturating_add(STEPS_PER_CALL);
        let Arguments { list: mut arguments, named } = arguments;
        let name = builtin.name;
        if !named.is_empty() {
            return self.fail(span, ErrorKind::unsupported("named arguments of PHP's functions"));
        }
        if arguments.len() < builtin.least || arguments.len() > builtin.most {
            let kind = ErrorKind::fatal(format!("wrong number of arguments for {name}()"));
            return self.fail(span, kind);
        }
        let is_object = |value: &Value| matches!(value, Value::Instance(_));
        if arguments.iter().any(is_object) && !objects::takes_objects(name) {
            return self.fail(span, ErrorKind::unsupported(format!("an object in {name}()")));
        }
        if name.starts_with("preg_") {
            self.charge_search(&arguments, span)?;
        }
        match builtin.run {
            Run::Full(run) => run(self, &arguments, span),
            Run::Pure(run) => self.call_pure(name, run, &mut arguments, span),
        }
    }

    /// Counts a search with a regular expression: each byte of a text is a step.
    fn charge_search(&mut self, arguments: &[Value], span: Span) -> Outcome<()> {
        for argument in arguments {
            self.charge_whole(argument, span)?;
            self.steps = self.steps.saturating_add(match argument.get() {
                Value::String(bytes) => bytes.len() as u64,
                Value::Array(array) => {
                    array.values().map(|it| it.as_bytes().map_or(0, <[u8]>::len) as u64).sum()
                }
                _ => 0,
            });
        }
        self.step(span)
    }

    fn call_pure(
        &mut self,
        name: &str,
        run: fn(&Args<'_>) -> Result<Value>,
        arguments: &mut [Value],
        span: Span,
    ) -> Outcome<Value> {
        let cost = self.settle_arguments(name, arguments, span)?;
        self.steps += cost as u64 / 16;
        let charged = self.charge(cost);
        self.at(span, charged)?;
        let limit = self.limits.memory.saturating_sub(self.memory);
        let is_windows = self.target.system == crate::System::Windows;
        let args = Args { values: arguments, options: self.options, is_windows, limit };
        let result = run(&args);
        let mut value = self.at(span, result)?;
        let size = match &mut value {
            Value::Array(array) if array.is_empty() => {
                make_mut(array).settle_if_empty(self.options);
                0
            }
            Value::Array(array) => array.len() * 48,
            Value::String(bytes) => bytes.len(),
            _ => 0,
        };
        let charged = self.charge(size);
        self.at(span, charged)?;
        Ok(value)
    }

    /// Takes references out of the arguments of a function that only computes,
    /// and says what looking at them costs.
    fn settle_arguments(
        &mut self,
        name: &str,
        arguments: &mut [Value],
        span: Span,
    ) -> Outcome<usize> {
        // `count()` looks inside only if it is asked to.
        let is_shallow = matches!(name, "count" | "sizeof") && arguments.len() < 2;
        let visits_all = VISITS_ALL.contains(&name) && !is_shallow;
        let mut cost = 16;
        for argument in arguments {
            *argument = argument.get();
            cost += match argument {
                Value::Array(array) => array.len(),
                Value::String(bytes) => bytes.len() / 8,
                _ => 0,
            };
            // All of it is copied where references may be in it.
            if visits_all || self.shares_elements {
                self.charge_whole(argument, span)?;
            }
            if self.shares_elements {
                *argument = self.at(span, resolved(argument, 0))?;
            }
        }
        Ok(cost)
    }
}
