//! Versions and constraints in Composer's language.
//!
//! A version is brought to a normal form with four numbers and compared as PHP's
//! `version_compare()` does. A constraint is a choice of conjunctions of
//! comparisons. Two things surprise: `>=1.0` is `>=1.0.0.0-dev`, so that it takes
//! a pre-release of 1.0; and a branch (`dev-main`) is equal to itself and not
//! comparable with anything else.

use std::cmp::Ordering;
use std::fmt;
use std::sync::LazyLock;

use regex::bytes::{Captures, Regex, RegexBuilder};

/// A version in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

/// What cannot be read as a version or a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError(pub String);

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no version that Composer knows", self.0)
    }
}

impl std::error::Error for VersionError {}

/// A stability with its number, and `dev`: what may follow the numbers.
const MODIFIER: &str =
    "[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?[0-9]+)*)?)?([.-]?dev)?";

/// Up to four numbers with what follows them: eight groups.
fn numbers() -> String {
    let number = |first: &str| format!(r"(?:{first}([0-9]+))");
    let dotted = number(r"\.");
    format!(
        r"v?([0-9]+){dotted}?{dotted}?{dotted}?(?:{MODIFIER}|\.([x*][.-]?dev))(?:\+[^\t\n\v\f\r ]+)?"
    )
}

fn pattern(text: &str) -> Regex {
    let builder = &mut RegexBuilder::new(text);
    builder.unicode(false).case_insensitive(true).build().expect("the patterns are ours")
}

macro_rules! patterns {
    ($($name:ident = $text:expr;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| pattern(&$text));)*
    };
}

patterns! {
    ALIASED = r"^([^,\s]+) +as +[^,\s]+$";
    FLAG = r"@(?:stable|rc|beta|alpha|dev)$";
    FLAGGED = r"^([^,\s]*?)@(stable|rc|beta|alpha|dev)$";
    REFERENCE = r"^(dev-[^,\s@]+?|[^,\s@]+?\.x-dev)#.+$";
    BUILD = r"^([^,\s+]+)\+\S+$";
    CLASSICAL = format!(r"^v?([0-9]{{1,5}})(\.[0-9]+)?(\.[0-9]+)?(\.[0-9]+)?{MODIFIER}$");
    DATED = format!(r"^v?([0-9]{{4}}(?:[.:-]?[0-9]{{2}}){{1,6}}(?:[.:-]?[0-9]{{1,3}})?){MODIFIER}$");
    DEV = r"^(.*?)[.-]?dev$";
    BRANCH = r"^v?([0-9]+)(\.(?:[0-9]+|[x*]))?(\.(?:[0-9]+|[x*]))?(\.(?:[0-9]+|[x*]))?$";
    STABILITY = format!(r"{MODIFIER}(?:\+.*)?$");
    // Composer looks for `RC` in a text that it has made lower case.
    SUFFIX = format!("-{}$", MODIFIER.replace("|rc|", "|"));
    ANYTHING = r"^(v)?[x*](\.[x*])*$";
    TILDE = format!("^~{}$", numbers());
    CARET = format!(r"^\^{}$", numbers());
    WILDCARD = r"^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.[x*])+$";
    HYPHEN = format!("^({}) +- +({})$", numbers(), numbers());
    COMPARISON = r"^(<>|!=|>=?|<=?|==?)?\s*([\s\S]*)$";
    DEV_NAME = r"^[0-9a-z./-]+$";
}

/// A group that took part and is not empty, as PHP's `!empty()`: `0` is.
fn group<'t>(captures: &Captures<'t>, index: usize) -> Option<&'t str> {
    text(captures, index).filter(|text| !text.is_empty() && *text != "0")
}

fn text<'t>(captures: &Captures<'t>, index: usize) -> Option<&'t str> {
    captures.get(index).and_then(|it| str::from_utf8(it.as_bytes()).ok())
}

impl Version {
    /// Reads a version.
    ///
    /// # Errors
    ///
    /// If Composer would refuse it.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        normal(text).map(Self).ok_or_else(|| VersionError(text.to_owned()))
    }

    /// The normal form, as Composer writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_branch(&self) -> bool {
        self.0.starts_with("dev-")
    }

    /// Compares two versions as PHP's `version_compare()` does.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

fn normal(given: &str) -> Option<String> {
    let mut version = php_trim(given);
    if let Some(captures) = ALIASED.captures(version.as_bytes()) {
        version = text(&captures, 1)?;
    }
    if let Some(flag) = FLAG.find(version.as_bytes()) {
        version = &version[..flag.start()];
    }
    if matches!(version, "master" | "trunk" | "default") {
        return Some(format!("dev-{version}"));
    }
    if version.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("dev-")) {
        return Some(format!("dev-{}", &version[4..]));
    }
    if let Some(captures) = BUILD.captures(version.as_bytes()) {
        version = text(&captures, 1)?;
    }
    numbered(version).or_else(|| {
        let captures = DEV.captures(version.as_bytes())?;
        numeric_branch(text(&captures, 1)?)
    })
}

/// What PHP's `trim()` takes away.
fn php_trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\0', '\u{b}'])
}

fn numbered(version: &str) -> Option<String> {
    let (mut normal, captures, index) =
        if let Some(captures) = CLASSICAL.captures(version.as_bytes()) {
            let part = |index| group(&captures, index).unwrap_or(".0");
            let normal = [text(&captures, 1)?, part(2), part(3), part(4)].concat();
            (normal, captures, 5)
        } else {
            let captures = DATED.captures(version.as_bytes())?;
            let normal = text(&captures, 1)?.replace(|c: char| !c.is_ascii_digit(), ".");
            (normal, captures, 2)
        };
    if let Some(stability) = group(&captures, index) {
        if stability == "stable" {
            return Some(normal);
        }
        let number = text(&captures, index + 1).unwrap_or_default();
        normal += "-";
        normal += &expanded(stability);
        normal += number.trim_start_matches(['.', '-']);
    }
    if group(&captures, index + 2).is_some() {
        normal += "-dev";
    }
    Some(normal)
}

fn expanded(stability: &str) -> String {
    let stability = stability.to_ascii_lowercase();
    match stability.as_str() {
        "a" => "alpha".into(),
        "b" => "beta".into(),
        "p" | "pl" => "patch".into(),
        "rc" => "RC".into(),
        _ => stability,
    }
}

/// `1.x` of `1.x-dev`.
fn numeric_branch(name: &str) -> Option<String> {
    let captures = BRANCH.captures(php_trim(name).as_bytes())?;
    let part = |index| text(&captures, index).unwrap_or(".x");
    let joined = (1..5).map(part).collect::<String>();
    Some(joined.replace(['*', 'X', 'x'], "9999999") + "-dev")
}

/// PHP's `version_compare()`.
fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    for (a, b) in a.iter().zip(&b) {
        let order = compare_parts(a, b);
        if order.is_ne() {
            return order;
        }
    }
    match (a.get(b.len()), b.get(a.len())) {
        (Some(rest), None) if is_number(rest) => Ordering::Greater,
        (Some(rest), None) => rank(rest).cmp(&rank("#")),
        (None, Some(rest)) if is_number(rest) => Ordering::Less,
        (None, Some(rest)) => rank("#").cmp(&rank(rest)),
        _ => Ordering::Equal,
    }
}

/// Numbers and words.
fn parts(version: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut last = None;
    for character in version.chars() {
        let kind = match character {
            '-' | '_' | '+' | '.' => None,
            _ => Some(character.is_ascii_digit()),
        };
        match (kind, parts.last_mut()) {
            (None, _) => {}
            (Some(_), Some(part)) if kind == last => part.push(character),
            (Some(_), _) => parts.push(character.to_string()),
        }
        last = kind;
    }
    parts
}

fn is_number(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
}

fn compare_parts(a: &str, b: &str) -> Ordering {
    match (is_number(a), is_number(b)) {
        (true, true) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        (true, false) => rank("#").cmp(&rank(b)),
        (false, true) => rank(a).cmp(&rank("#")),
        (false, false) => rank(a).cmp(&rank(b)),
    }
}

/// Where PHP puts a word; one that it does not know comes before all others. A
/// number stands for `#`.
fn rank(word: &str) -> i32 {
    let words = [("dev", 0), ("a", 1), ("b", 2), ("RC", 3), ("rc", 3), ("#", 4), ("p", 5)];
    words.iter().find(|(start, _)| word.starts_with(start)).map_or(-1, |(_, rank)| *rank)
}

/// What a version has to fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint(Vec<Vec<Comparison>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    operator: Operator,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    ///
    /// If Composer would refuse it: the part that it does not know.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        alternatives(php_trim(text))
            .into_iter()
            .map(conjunction)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Whether this version fulfils it.
    #[must_use]
    pub fn matches(&self, version: &Version) -> bool {
        self.0.iter().any(|all| all.iter().all(|comparison| comparison.matches(version)))
    }
}

impl Comparison {
    fn new(operator: Operator, version: String) -> Self {
        Self { operator, version: Version(version) }
    }

    fn matches(&self, version: &Version) -> bool {
        let (ours, theirs) = (&self.version, version);
        if ours.is_branch() || theirs.is_branch() {
            return match self.operator {
                Operator::Equal => ours == theirs,
                Operator::NotEqual => ours != theirs,
                _ => false,
            };
        }
        let order = theirs.compare(ours);
        match self.operator {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// What stands between `|` or `||`, without the blanks around.
fn alternatives(text: &str) -> Vec<&str> {
    let blanks = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('|') {
        parts.push(rest[..at].trim_end_matches(blanks));
        let behind = &rest[at + 1..];
        rest = behind.strip_prefix('|').unwrap_or(behind).trim_start_matches(blanks);
    }
    parts.push(rest);
    parts
}

fn conjunction(text: &str) -> Result<Vec<Comparison>, VersionError> {
    let mut all = Vec::new();
    for term in terms(text) {
        all.extend(comparisons(term).ok_or_else(|| VersionError(term.to_owned()))?);
    }
    Ok(all)
}

/// What stands between blanks or commas. Neither separates right after an
/// operator or `as`, before `as`, or beside a hyphen.
fn terms(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut terms = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        match separator(bytes, at) {
            Some(len) => {
                terms.push(&text[start..at]);
                start = at + len;
                at = start;
            }
            None => at += 1,
        }
    }
    terms.push(&text[start..]);
    terms
}

/// The length of the separator at a place, if there is one.
fn separator(bytes: &[u8], at: usize) -> Option<usize> {
    let before = &bytes[..at];
    let blanks = |from: usize| bytes[from..].iter().take_while(|byte| **byte == b' ').count();
    if before.is_empty() || before.ends_with(b"as") {
        return None;
    }
    if before.last().is_some_and(|byte| b"=>< ,".contains(byte)) {
        return None;
    }
    // The blanks before the one that separates, as many as can be.
    for len in (0..=blanks(at)).rev() {
        let comma = at + len;
        let is_separator = matches!(bytes.get(comma), Some(b',' | b' '));
        if !is_separator || bytes[..comma].ends_with(b"-") || bytes.get(comma + 1) == Some(&b'-') {
            continue;
        }
        for more in (0..=blanks(comma + 1)).rev() {
            let rest = &bytes[comma + 1 + more..];
            if !rest.is_empty() && !rest.starts_with(b",") && !rest.starts_with(b"as") {
                return Some(len + 1 + more);
            }
        }
    }
    None
}

/// The comparisons of one term. None if it cannot be read.
fn comparisons(term: &str) -> Option<Vec<Comparison>> {
    let mut term = term;
    let mut stability = None;
    if let Some(captures) = ALIASED.captures(term.as_bytes()) {
        term = text(&captures, 1)?;
    }
    if let Some(captures) = FLAGGED.captures(term.as_bytes()) {
        term = text(&captures, 1).filter(|term| !term.is_empty()).unwrap_or("*");
        stability = text(&captures, 2).filter(|flag| *flag != "stable");
    }
    if let Some(captures) = REFERENCE.captures(term.as_bytes()) {
        term = text(&captures, 1)?;
    }
    if let Some(captures) = ANYTHING.captures(term.as_bytes()) {
        let is_numeric = captures.get(1).is_some() || captures.get(2).is_some();
        return Some(if is_numeric { vec![at_least("0.0.0.0-dev".into())] } else { Vec::new() });
    }
    if term.starts_with('~')
        && let Some(captures) = TILDE.captures(term.as_bytes())
    {
        return tilde(&captures, &term[1..]);
    }
    if let Some(captures) = CARET.captures(term.as_bytes()) {
        return caret(&captures, &term[1..]);
    }
    if let Some(captures) = WILDCARD.captures(term.as_bytes()) {
        return Some(wildcard(&captures));
    }
    if let Some(captures) = HYPHEN.captures(term.as_bytes()) {
        return hyphen(&captures);
    }
    compared(term, stability)
}

fn at_least(version: String) -> Comparison {
    Comparison::new(Operator::GreaterOrEqual, version)
}

fn below(version: String) -> Comparison {
    Comparison::new(Operator::Less, version)
}

/// The last of the first four groups that took part.
fn last_number(captures: &Captures<'_>) -> usize {
    (2..=4).rev().find(|index| captures.get(*index).is_some_and(|it| !it.is_empty())).unwrap_or(1)
}

/// Whether neither a stability nor `dev` follows the numbers whose first group
/// this is.
fn is_unsuffixed(captures: &Captures<'_>, first: usize) -> bool {
    [4, 6, 7].iter().all(|offset| group(captures, first + offset).is_none())
}

/// Four numbers, of which those after the position are 0 and the one at it is
/// larger by some.
fn padded(numbers: [&str; 4], position: usize, more: u64) -> String {
    let number = |index: usize| match index + 1 {
        at if at > position => "0".to_owned(),
        at if at == position && more > 0 => {
            numbers[index].parse::<u64>().unwrap_or(u64::MAX).saturating_add(more).to_string()
        }
        _ => numbers[index].to_owned(),
    };
    (0..4).map(number).collect::<Vec<_>>().join(".")
}

fn four<'t>(captures: &Captures<'t>, first: usize) -> [&'t str; 4] {
    [0, 1, 2, 3].map(|offset| text(captures, first + offset).unwrap_or_default())
}

fn lower(captures: &Captures<'_>, version: &str) -> Option<Comparison> {
    let suffix = if is_unsuffixed(captures, 1) { "-dev" } else { "" };
    Some(at_least(normal(&format!("{version}{suffix}"))?))
}

fn tilde(captures: &Captures<'_>, version: &str) -> Option<Vec<Comparison>> {
    let has_x = group(captures, 8).is_some();
    let position = last_number(captures) + usize::from(has_x);
    let high = padded(four(captures, 1), (position - 1).max(1), 1) + "-dev";
    Some(vec![lower(captures, version)?, below(high)])
}

fn caret(captures: &Captures<'_>, version: &str) -> Option<Vec<Comparison>> {
    let [major, minor, patch, _] = four(captures, 1);
    let position = if major != "0" || minor.is_empty() {
        1
    } else if minor != "0" || patch.is_empty() {
        2
    } else {
        3
    };
    let high = padded(four(captures, 1), position, 1) + "-dev";
    Some(vec![lower(captures, version)?, below(high)])
}

fn wildcard(captures: &Captures<'_>) -> Vec<Comparison> {
    let numbers = [1, 2, 3].map(|index| text(captures, index).unwrap_or_default());
    let position = (1..=3).rev().find(|at| !numbers[at - 1].is_empty()).unwrap_or(1);
    let numbers = [numbers[0], numbers[1], numbers[2], ""];
    let low = padded(numbers, position, 0) + "-dev";
    let high = below(padded(numbers, position, 1) + "-dev");
    if low == "0.0.0.0-dev" { vec![high] } else { vec![at_least(low), high] }
}

fn hyphen(captures: &Captures<'_>) -> Option<Vec<Comparison>> {
    // The first version is group 1 and its numbers begin at 2; the second one's
    // are 10 and 11.
    let suffix = if is_unsuffixed(captures, 2) { "-dev" } else { "" };
    let low = at_least(normal(text(captures, 1)?)? + suffix);
    let to = normal(text(captures, 10)?)?;
    let numbers = four(captures, 11);
    let is_exact = !numbers[1].is_empty() && !numbers[2].is_empty();
    if is_exact || !is_unsuffixed(captures, 11) {
        return Some(vec![low, Comparison::new(Operator::LessOrEqual, to)]);
    }
    let position = if numbers[1].is_empty() { 1 } else { 2 };
    Some(vec![low, below(padded(numbers, position, 1) + "-dev")])
}

fn compared(term: &str, stability: Option<&str>) -> Option<Vec<Comparison>> {
    let captures = COMPARISON.captures(term.as_bytes())?;
    let (sign, given) = (text(&captures, 1), text(&captures, 2)?);
    let mut version = normal(given).or_else(|| dev_name(given))?;
    let operator = operator(sign.unwrap_or("="));
    let is_ordered = operator != Operator::Equal;
    match stability {
        Some(stability) if is_ordered && is_stable(&version) => {
            version = format!("{version}-{stability}");
        }
        _ if matches!(operator, Operator::Less | Operator::GreaterOrEqual) => {
            let lower = given.to_ascii_lowercase();
            if !SUFFIX.is_match(lower.as_bytes()) && !given.starts_with("dev-") {
                version += "-dev";
            }
        }
        _ => {}
    }
    Some(vec![Comparison::new(operator, version)])
}

/// `name-dev`, which should be `dev-name`.
fn dev_name(given: &str) -> Option<String> {
    let name = given.strip_suffix("-dev")?;
    DEV_NAME.is_match(given.as_bytes()).then(|| format!("dev-{name}"))
}

fn operator(sign: &str) -> Operator {
    match sign {
        "<>" | "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        _ => Operator::Equal,
    }
}

fn is_stable(version: &str) -> bool {
    if version.starts_with("dev-") || version.ends_with("-dev") {
        return false;
    }
    let lower = version.to_ascii_lowercase();
    let Some(captures) = STABILITY.captures(lower.as_bytes()) else { return true };
    let is_pre = |word: &str| matches!(word, "beta" | "b" | "alpha" | "a" | "rc");
    group(&captures, 3).is_none() && !group(&captures, 1).is_some_and(is_pre)
}
