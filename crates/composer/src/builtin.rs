//! Classes and interfaces that every PHP has, as far as classes of applications are often made
//! of them, and what PHP says about methods that override theirs.

use std::collections::BTreeMap;

use tilde_bundle::MethodTypes;
use tilde_lexer::Version;

use crate::link::has_body;

/// Methods of a class and of all that it is made of, by their names.
type Methods<'a> = BTreeMap<&'a [u8], Vec<&'a MethodTypes>>;

/// A class or interface that every PHP has from some version on.
pub(crate) struct Builtin {
    name: &'static str,
    pub(crate) since: Version,
    pub(crate) kind: Kind,
    /// The methods with whose results PHP compares those of classes, and the types that it
    /// takes without a complaint; where none is named, any type.
    methods: &'static [(&'static str, &'static [&'static str])],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Interface,
    Class,
    /// Not all of its methods are listed.
    Open,
}

impl Builtin {
    /// Whether it may have a method of this name.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.kind == Kind::Open || self.methods.iter().any(|(known, _)| known.as_bytes() == name)
    }

    /// Whether methods have the types of results that it expects.
    pub(crate) fn fits(&self, methods: &Methods<'_>) -> bool {
        self.methods.iter().all(|(name, types)| {
            let mut all = methods.get(name.as_bytes()).into_iter().flatten();
            all.all(|method| {
                let result = method.types.last().map_or(&[][..], |(text, _)| text);
                let is_any = types.is_empty() && !result.is_empty() && result != b"void";
                method.is_quiet || is_any || types.iter().any(|it| it.as_bytes() == result)
            })
        })
    }

    /// Whether all methods are there that an interface asks for.
    pub(crate) fn is_whole(&self, methods: &Methods<'_>) -> bool {
        let has = |name: &str| methods.get(name.as_bytes()).is_some_and(|all| has_body(all));
        self.kind != Kind::Interface || self.methods.iter().all(|(name, _)| has(name))
    }
}

/// The class or interface of this name, in lower case.
pub(crate) fn builtin(name: &[u8]) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|it| it.name.as_bytes() == name)
}

const fn interface(
    name: &'static str,
    since: Version,
    methods: &'static [(&'static str, &'static [&'static str])],
) -> Builtin {
    Builtin { name, since, kind: Kind::Interface, methods }
}

const fn exception(name: &'static str, since: Version) -> Builtin {
    Builtin { name, since, kind: Kind::Class, methods: &[("__wakeup", &["void"])] }
}

const fn open(name: &'static str, since: Version) -> Builtin {
    Builtin { name, since, kind: Kind::Open, methods: &[] }
}

const OLDEST: Version = Version::V5_2;

/// What PHP has that cannot be left out of it, as far as classes of applications are often
/// made of it.
const BUILTINS: &[Builtin] = &[
    Builtin { name: "stdclass", since: OLDEST, kind: Kind::Class, methods: &[] },
    interface("traversable", OLDEST, &[]),
    interface("stringable", Version::V8_0, &[]),
    interface("throwable", Version::V7_0, &[]),
    interface(
        "iteratoraggregate",
        OLDEST,
        &[("getiterator", &["traversable", "iterator", "generator", "arrayiterator"])],
    ),
    interface(
        "iterator",
        OLDEST,
        &[
            ("current", &[]),
            ("key", &[]),
            ("next", &["void"]),
            ("rewind", &["void"]),
            ("valid", &["bool"]),
        ],
    ),
    interface(
        "arrayaccess",
        OLDEST,
        &[
            ("offsetexists", &["bool"]),
            ("offsetget", &[]),
            ("offsetset", &["void"]),
            ("offsetunset", &["void"]),
        ],
    ),
    interface("countable", OLDEST, &[("count", &["int"])]),
    // PHP complains about a class that has nothing but this.
    interface("serializable", OLDEST, &[("__serialize", &["array"]), ("__unserialize", &["void"])]),
    interface("jsonserializable", Version::V8_0, &[("jsonserialize", &[])]),
    exception("exception", OLDEST),
    exception("errorexception", OLDEST),
    exception("error", Version::V7_0),
    exception("typeerror", Version::V7_0),
    exception("arithmeticerror", Version::V7_0),
    exception("argumentcounterror", Version::V7_1),
    exception("valueerror", Version::V8_0),
    exception("logicexception", OLDEST),
    exception("badfunctioncallexception", OLDEST),
    exception("badmethodcallexception", OLDEST),
    exception("domainexception", OLDEST),
    exception("invalidargumentexception", OLDEST),
    exception("lengthexception", OLDEST),
    exception("outofrangeexception", OLDEST),
    exception("runtimeexception", OLDEST),
    exception("outofboundsexception", OLDEST),
    exception("overflowexception", OLDEST),
    exception("rangeexception", OLDEST),
    exception("underflowexception", OLDEST),
    exception("unexpectedvalueexception", OLDEST),
    open("closure", Version::V5_3),
    open("generator", Version::V5_5),
    open("arrayiterator", OLDEST),
    open("arrayobject", OLDEST),
    open("datetime", OLDEST),
    open("datetimeimmutable", Version::V5_5),
    open("datetimeinterface", Version::V5_5),
    open("datetimezone", OLDEST),
    open("dateinterval", Version::V5_3),
];
