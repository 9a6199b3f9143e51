//! Code that can tell which classes were loaded, or decides where they come from.
//!
//! A class is declared early only where nothing can tell. Calls with the names of classes are
//! found in the syntax tree; what loads classes past Composer's autoloader, or changes that,
//! by the words that it needs.

use std::ops::Range;
use std::path::PathBuf;

use crate::finding::{Finding, Message};
use crate::includes::is_any_in;

/// Classes that ask for classes which they are given, and for which it is the same whether
/// these were loaded before: for templates of Twig's own, for the words of a message, while code
/// is debugged, and after they have asked autoloaders too.
pub(crate) const HARMLESS: [&[u8]; 14] = [
    b"symfony\\component\\httpkernel\\dependencyinjection\\addannotatedclassestocachepass",
    b"illuminate\\foundation\\aliasloader",
    b"twig\\environment",
    b"symfony\\component\\console\\application",
    b"symfony\\component\\errorhandler\\debugclassloader",
    b"symfony\\component\\errorhandler\\errorenhancer\\classnotfounderrorenhancer",
    b"symfony\\component\\errorhandler\\errorhandler",
    b"symfony\\component\\errorhandler\\exception\\flattenexception",
    b"symfony\\component\\httpkernel\\dependencyinjection\\registercontrollerargumentlocatorspass",
    b"symfony\\component\\httpkernel\\httpkernelbrowser",
    b"symfony\\component\\vardumper\\caster\\classstub",
    b"symfony\\component\\vardumper\\caster\\exceptioncaster",
    b"symfony\\component\\vardumper\\caster\\linkstub",
    b"symfony\\component\\vardumper\\caster\\reflectioncaster",
];

/// Words in the names of functions that ask about classes or register autoloaders.
pub(crate) const WORDS: [&[u8]; 7] = [
    b"class_alias",
    b"_exists",
    b"get_declared_",
    b"class_implements",
    b"class_parents",
    b"class_uses",
    b"autoload_register",
];

/// Words of code that may change where classes come from, or loads them past our autoloader.
const CHANGING: [&[u8]; 9] = [
    b"addPsr4",
    b"setPsr4",
    b"addClassMap",
    b"setClassMapAuthoritative",
    b"setUseIncludePath",
    b"spl_autoload_unregister",
    b"spl_autoload_functions",
    b"spl_autoload_call",
    b"->loadClass(",
];

/// Words of code that has a loader, of which it may change things as those below.
const LOADER: [&[u8]; 5] = [
    b"oader->add(",
    b"oader->set(",
    b"oader->unregister(",
    b"Autoload\\ClassLoader",
    b"/autoload.php",
];

/// Many things can be added to and set.
const OF_LOADERS: [&[u8]; 3] = [b"->add(", b"->set(", b"->unregister("];

/// The words without one of which nothing is changed.
pub(crate) fn words_of_changes() -> impl Iterator<Item = &'static [u8]> {
    CHANGING.into_iter().chain(LOADER)
}

/// Where code may change where classes come from, or loads them past our autoloader.
pub(crate) fn change(text: &[u8]) -> Option<Range<usize>> {
    let has_loader = is_any_in(&LOADER, text);
    let of_loaders = OF_LOADERS.iter().filter(|_| has_loader);
    CHANGING.iter().chain(of_loaders).find_map(|word| {
        let at = memchr::memmem::find(text, word)?;
        Some(at..at + word.len())
    })
}

/// One note for all of them, since a build without any is the goal.
pub(crate) fn note(all: &[(PathBuf, Range<usize>)]) -> Option<Finding> {
    let ((path, span), others) = all.split_first()?;
    let mut message = Message::from(
        "this asks which classes were loaded, or changes where they come from, and only the \
         running program knows which: so none is declared before something asks for it, and \
         only preloading gains"
            .to_owned(),
    );
    for (index, (path, _)) in others.iter().enumerate() {
        message = message.words(if index == 0 { "; so do " } else { ", " }).path(path);
    }
    let help = "if it is the same to this code whether the classes of the project were loaded \
                before, name it in `extra.tilde.safe-loading` of composer.json";
    Some(Finding::note(message, help).at(path, span.clone()))
}
