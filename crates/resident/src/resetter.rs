//! A class of PHP that puts state back after each request.
//!
//! It notes values when the application has started and assigns them again: properties by
//! closures that are bound to their classes, so that private ones are reached without
//! Reflection. PHP has no way to set a static variable of a function or to make a typed
//! property uninitialised again; what it cannot do is said in its comment, and returned.

mod settings;

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Property;
use crate::inventory::{Fact, Kind, Rank};

/// How handlers of errors are read and put back.
const HANDLERS: &str = include_str!("resetter/handlers.txt");

/// What the class is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// Nothing: who has a loop of requests calls it.
    Plain,
    /// A resetter of laravel-swoole's sandbox.
    LaravelSwoole,
    /// A listener of Laravel Octane.
    Octane,
    /// A service that Symfony resets.
    Symfony,
    /// A listener of Hyperf.
    Hyperf,
}

/// The class, and what is to say about it.
#[derive(Clone, Debug)]
pub struct Resetter {
    /// The file.
    pub code: String,
    /// How many properties, global variables and settings it puts back.
    pub count: usize,
    /// What it cannot put back, and why; sorted.
    pub left: Vec<String>,
    /// What to add to the configuration of the framework; may be empty.
    pub setup: String,
}

/// Makes the class for these facts; those that a request does not change are left out.
/// `class` is its full name.
#[must_use]
pub fn resetter(facts: &[Fact], class: &str, framework: Framework) -> Resetter {
    let mut plan = Plan::default();
    for fact in facts.iter().filter(|fact| is_chosen(fact)) {
        plan.take(fact);
    }
    let left: Vec<String> = plan.left.iter().cloned().collect();
    let count = plan.properties.values().map(BTreeSet::len).sum::<usize>()
        + plan.globals.len()
        + plan.settings.len();
    let setup = framework.setup(class);
    Resetter { code: plan.code(class, framework, &left), count, left, setup }
}

/// Whether a request may change it. Memos and single objects may stay.
fn is_chosen(fact: &Fact) -> bool {
    matches!(fact.rank, Rank::Replaced | Rank::Grows | Rank::Request)
}

/// What the class puts back.
#[derive(Debug, Default)]
struct Plan {
    /// Names of properties by the class that has the storage.
    properties: BTreeMap<String, BTreeSet<String>>,
    /// Those that are typed and have no value at first, and whose type has `null`.
    emptied: BTreeMap<String, BTreeSet<String>>,
    globals: BTreeSet<String>,
    settings: BTreeSet<&'static str>,
    left: BTreeSet<String>,
}

impl Plan {
    fn take(&mut self, fact: &Fact) {
        let name = String::from_utf8_lossy(&fact.name);
        match fact.kind {
            Kind::Property => self.property(fact),
            Kind::Global => {
                let name = name.trim_start_matches("$GLOBALS['").trim_end_matches("']");
                self.globals.insert(name.to_owned());
            }
            Kind::Process => {
                let called = name.split(' ').next().unwrap_or_default();
                match settings::of_call(called) {
                    Some(setting) => drop(self.settings.insert(setting)),
                    None => self.leave(&format!("{called}()"), "PHP does not say how it was"),
                }
            }
            Kind::Variable => {
                self.leave(&name, "nothing outside of its function sets a static variable");
            }
            Kind::Unknown => self.leave(&name, "what is written shows only when it runs"),
            Kind::Constant => self.leave(&name, "a constant stays"),
            Kind::Input => self.leave(&name, "the worker has to fill it anew"),
            Kind::Container => self.leave(&name, "the binding has to be made otherwise"),
            Kind::Exit | Kind::Header | Kind::Output | Kind::Block => {}
        }
    }

    fn leave(&mut self, name: &str, why: &str) {
        self.left.insert(format!("{}: {why}", comment_text(name)));
    }

    fn property(&mut self, fact: &Fact) {
        let Some(declared) = &fact.property else {
            let name = String::from_utf8_lossy(&fact.name);
            return self.leave(&name, "its class is not among the files");
        };
        let property = &declared.property;
        let name = String::from_utf8_lossy(&property.name).into_owned();
        if !declared.holders.iter().chain([&property.name]).all(|it| str::from_utf8(it).is_ok()) {
            let class = String::from_utf8_lossy(&declared.class);
            return self.leave(&format!("{class}::${name}"), "its name is no UTF-8");
        }
        for class in &declared.holders {
            let class = String::from_utf8_lossy(class).into_owned();
            if class.contains("class@anonymous") {
                self.leave(&format!("{class}::${name}"), "its class has no name");
                continue;
            }
            if !property.is_initialised {
                self.uninitialised(&class, property, &name);
            }
            self.properties.entry(class).or_default().insert(name.clone());
        }
    }

    /// PHP cannot take the value of a typed property away again.
    fn uninitialised(&mut self, class: &str, property: &Property, name: &str) {
        if has_null(property) {
            self.emptied.entry(class.to_owned()).or_default().insert(name.to_owned());
        } else {
            let why = "if it has no value when it is recorded: its type has no null, and PHP \
                cannot make it uninitialised again";
            self.leave(&format!("{class}::${name}"), why);
        }
    }

    fn has_handlers(&self) -> bool {
        self.settings.contains("errorHandler") || self.settings.contains("exceptionHandler")
    }

    fn code(&self, class: &str, framework: Framework, left: &[String]) -> String {
        let (namespace, short) = class.rsplit_once('\\').unwrap_or(("", class));
        let namespace = if namespace.is_empty() {
            String::new()
        } else {
            format!("namespace {namespace};\n\n")
        };
        include_str!("resetter/resetter.txt")
            .replace("@namespace@", &namespace)
            .replace("@class@", short)
            .replace("@implements@", framework.implements())
            .replace("@left@", &list_of_left(left))
            .replace("@framework@", framework.methods())
            .replace("@properties@", &table(&self.properties))
            .replace("@emptied@", &table(&self.emptied))
            .replace("@globals@", &list(&self.globals))
            .replace("@handlers@", if self.has_handlers() { HANDLERS } else { "" })
            .replace("@read@", &settings::lines(&self.settings, settings::Line::Read))
            .replace("@write@", &settings::lines(&self.settings, settings::Line::Write))
    }
}

/// Whether the type of a property has `null`.
fn has_null(property: &Property) -> bool {
    let hint = property.hint.as_deref().unwrap_or_default();
    let is_null = |part: &[u8]| {
        let part = part.trim_ascii();
        part.eq_ignore_ascii_case(b"null") || part.eq_ignore_ascii_case(b"mixed")
    };
    hint.starts_with(b"?") || hint.split(|byte| *byte == b'|').any(is_null)
}

/// Text that does not end a comment.
fn comment_text(text: &str) -> String {
    text.replace("*/", "* /").replace(|it: char| it.is_control(), " ")
}

fn list_of_left(left: &[String]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = left.iter().map(|line| format!("\n * - {line}")).collect();
    format!("\n *\n * It cannot put back:{}", lines.concat())
}

/// A string literal of PHP.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("\n        {},", quoted(name))).collect::<Vec<_>>().concat()
}

fn table(classes: &BTreeMap<String, BTreeSet<String>>) -> String {
    let row = |(class, names): (&String, &BTreeSet<String>)| {
        let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        format!("\n        \\{class}::class => [{}],", names.join(", "))
    };
    classes.iter().map(row).collect::<Vec<_>>().concat()
}

impl Framework {
    fn implements(self) -> &'static str {
        match self {
            Self::Plain | Self::Octane => "",
            Self::LaravelSwoole => {
                " implements \\SwooleTW\\Http\\Server\\Resetters\\ResetterContract"
            }
            Self::Symfony => " implements \\Symfony\\Contracts\\Service\\ResetInterface",
            Self::Hyperf => " implements \\Hyperf\\Event\\Contract\\ListenerInterface",
        }
    }

    /// The methods that the framework calls.
    fn methods(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::LaravelSwoole => include_str!("resetter/laravel-swoole.txt"),
            Self::Octane => include_str!("resetter/octane.txt"),
            Self::Symfony => include_str!("resetter/symfony.txt"),
            Self::Hyperf => include_str!("resetter/hyperf.txt"),
        }
    }

    fn setup(self, class: &str) -> String {
        match self {
            Self::Plain => String::new(),
            Self::LaravelSwoole => format!(
                "in config/swoole_http.php, the last of 'resetters':\n    \\{class}::class,"
            ),
            Self::Octane => format!(
                "in config/octane.php, the last of RequestReceived::class in 'listeners':\n    \
                \\{class}::class,"
            ),
            Self::Symfony => format!(
                "in config/services.yaml, and record() after the kernel has booted:\n    \
                {class}:\n        public: true\n        tags: [{{ name: kernel.reset, method: reset }}]"
            ),
            Self::Hyperf => format!(
                "in config/autoload/listeners.php; only with one request at a time in a worker:\n    \
                \\{class}::class,"
            ),
        }
    }
}
