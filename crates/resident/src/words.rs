//! What names tell: that a value belongs to a request, that a key has few values, that a
//! function runs at the start. Names only make a rank, never a fact.

/// Words for what belongs to one request, or to who sent it.
const REQUEST: &[&[u8]] = &[
    b"request",
    b"requests",
    b"session",
    b"sessions",
    b"user",
    b"users",
    b"auth",
    b"cookie",
    b"cookies",
    b"login",
    b"principal",
    b"csrf",
    b"tenant",
    b"customer",
    b"visitor",
    b"guard",
    b"referer",
    b"referrer",
];

/// Words after `user` that make it another thing.
const NOT_A_USER: &[&[u8]] = &[
    b"func",
    b"function",
    b"functions",
    b"defined",
    b"land",
    b"error",
    b"warning",
    b"notice",
    b"deprecated",
    b"filter",
    b"ini",
    b"class",
    b"classes",
    b"constants",
    b"land",
];

/// Words for what the code of an application has a limited number of.
const CODE: &[&[u8]] = &[
    b"class",
    b"classname",
    b"fqcn",
    b"interface",
    b"trait",
    b"enum",
    b"type",
    b"types",
    b"method",
    b"function",
    b"property",
    b"template",
    b"namespace",
    b"module",
    b"plugin",
    b"extension",
    b"locale",
    b"lang",
    b"language",
    b"langcode",
    b"charset",
    b"encoding",
    b"format",
    b"version",
    b"driver",
    b"table",
    b"schema",
    b"service",
    b"entity",
    b"model",
    b"option",
    b"setting",
    b"command",
    b"theme",
    b"skin",
    b"timezone",
    b"hook",
    b"alias",
    b"wiki",
    b"dbname",
];

const FILE: &[&[u8]] =
    &[b"file", b"filename", b"path", b"pathname", b"dir", b"directory", b"folder", b"realpath"];

/// The first word of a name that says that it is of a request.
pub(crate) fn of_request(name: &[u8]) -> Option<&[u8]> {
    let mut words = Words(name).peekable();
    while let Some(word) = words.next() {
        let is_other = words.peek().is_some_and(|next| is_among(next, NOT_A_USER));
        if is_among(word, REQUEST) && !is_other {
            return Some(word);
        }
    }
    None
}

/// Whether the last word of a name says that it is of a request: `CurrentUser`, and not
/// `UserRepository`.
pub(crate) fn ends_of_request(name: &[u8]) -> bool {
    Words(name).last().is_some_and(|word| is_among(word, REQUEST))
}

/// Whether a name is one of a thing of which code has a limited number.
pub(crate) fn is_of_code(name: &[u8]) -> bool {
    Words(name).any(|word| is_among(word, CODE))
}

/// Whether a name is one of a file.
pub(crate) fn is_of_file(name: &[u8]) -> bool {
    Words(name).any(|word| is_among(word, FILE))
}

/// Whether a function of this name runs when an application starts.
pub(crate) fn is_boot(name: &[u8]) -> bool {
    let first = Words(name).next().unwrap_or_default();
    // `setup_postdata()` is no start, and neither is what prepares something else.
    let is_setup = [&b"setup"[..], b"set_up"].iter().any(|it| name.eq_ignore_ascii_case(it));
    let starts = [
        &b"boot"[..],
        b"bootstrap",
        b"init",
        b"initialize",
        b"initialise",
        b"install",
        b"configure",
        b"register",
        b"load",
    ];
    is_setup || starts.iter().any(|start| first.eq_ignore_ascii_case(start))
}

/// Whether a function of this name defines the constants of an application.
pub(crate) fn is_of_constants(name: &[u8]) -> bool {
    Words(name).last().is_some_and(|last| is_among(last, &[b"constants"]))
}

/// Whether a flag of this name says that something was done.
pub(crate) fn is_done(name: &[u8]) -> bool {
    Words(name).any(|word| {
        let starts: [&[u8]; 6] = [b"init", b"load", b"boot", b"regist", b"done", b"setup"];
        let word = word.to_ascii_lowercase();
        starts.iter().any(|start| word.starts_with(start))
    })
}

/// Whether a name is one of an action or of a question: `setUser`, `isUser`.
pub(crate) fn is_verb(name: &[u8]) -> bool {
    let verbs: [&[u8]; 10] =
        [b"set", b"get", b"is", b"has", b"can", b"check", b"find", b"load", b"create", b"make"];
    Words(name).next().is_some_and(|first| is_among(first, &verbs))
}

/// Whether a function of this name puts state back.
pub(crate) fn is_reset(name: &[u8]) -> bool {
    let first = Words(name).next().unwrap_or_default();
    let starts = [&b"reset"[..], b"clear", b"flush", b"forget", b"purge", b"teardown", b"destroy"];
    starts.iter().any(|start| first.eq_ignore_ascii_case(start))
}

/// Whether a name is that of the one object of a class.
pub(crate) fn is_instance(name: &[u8]) -> bool {
    Words(name).any(|word| is_among(word, &[b"instance", b"instances", b"singleton"]))
}

fn is_among(word: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// The words of `fooBar`, `FOO_BAR`, `HTTPRequest` and their kind.
struct Words<'n>(&'n [u8]);

impl<'n> Iterator for Words<'n> {
    type Item = &'n [u8];

    fn next(&mut self) -> Option<&'n [u8]> {
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
        let start = self.0.iter().position(is_letter)?;
        let text = &self.0[start..];
        let ends_before = |at: usize| {
            let (before, here) = (text[at - 1], text[at]);
            let next = text.get(at + 1).copied().unwrap_or(b'_');
            !is_letter(&here)
                || here.is_ascii_uppercase() && !before.is_ascii_uppercase()
                || here.is_ascii_uppercase() && next.is_ascii_lowercase()
        };
        let len = (1..text.len()).find(|at| ends_before(*at)).unwrap_or(text.len());
        self.0 = &text[len..];
        Some(&text[..len])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        let words = |name: &'static str| -> Vec<&str> {
            Words(name.as_bytes()).map(|word| str::from_utf8(word).unwrap()).collect()
        };
        assert_eq!(words("_currentUser"), ["current", "User"]);
        assert_eq!(words("HTTPRequest2"), ["HTTP", "Request2"]);
        assert_eq!(words("WP_USER_ROLES"), ["WP", "USER", "ROLES"]);
        assert_eq!(words("_"), Vec::<&str>::new());
    }

    #[test]
    fn a_user_function_is_no_user() {
        assert_eq!(of_request(b"currentUser"), Some(&b"User"[..]));
        assert_eq!(of_request(b"call_user_func"), None);
        assert_eq!(of_request(b"author"), None);
    }
}
