//! Two compiled outputs, compared by what they do.
//!
//! Both are laid out with a statement on each row ([`layout`]), their declarations are
//! paired ([`pairs`]), and the rows of each pair are compared. So a function that moves
//! is moved, not removed and added, and one long line is as readable as any other text.
//! Comments and blanks are never in the rows: [`Difference`] says when they are all that
//! differs.

pub(crate) mod layout;
pub(crate) mod origin;
mod pairs;
pub(crate) mod report;
pub(crate) mod symbol;
pub(crate) mod text;
pub(crate) mod words;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use tilde_bundle::token::{self, Token};
use tilde_lexer::{Options, TokenKind};

use self::layout::{Keys, Layout, Row};
use self::origin::Origin;
use self::pairs::{Pair, Pairs};
use self::symbol::{SymbolId, SymbolKind};
use crate::excerpt::Lines;

/// After this time a diff need no longer be the shortest one.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many equal rows stand before and after what differs.
const CONTEXT: usize = 2;

/// Rows that were moved are recognised if they have at least so many bytes.
const MIN_MOVED: usize = 16;

/// How two outputs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// In no byte.
    None,
    /// In blanks, and no token is on another line.
    Blanks,
    /// In blanks, and tokens are on other lines.
    Lines,
    /// In comments, and perhaps in blanks.
    Comments,
    /// In code.
    Code,
}

impl Difference {
    /// What differs between two outputs, as this PHP reads them.
    pub(crate) fn between(old: &[u8], new: &[u8], options: Options) -> Self {
        if old == new {
            return Self::None;
        }
        let tokens = [token::lex(old, options), token::lex(new, options)];
        let texts = [old, new];
        if !is_same(&tokens, texts, |kind| !kind.is_trivia()) {
            return Self::Code;
        }
        if !is_same(&tokens, texts, |kind| kind.is_trivia() && kind != TokenKind::Whitespace) {
            return Self::Comments;
        }
        let lines = texts.map(Lines::of);
        let significant = tokens.each_ref().map(|it| it.iter().filter(|it| !it.kind.is_trivia()));
        let [old, new] = significant;
        let is_same_line = |(old, new): (&Token, &Token)| {
            lines[0].line(old.span().start) == lines[1].line(new.span().start)
        };
        if old.zip(new).all(is_same_line) { Self::Blanks } else { Self::Lines }
    }

    /// In words, if it is not in code.
    pub(crate) fn text(self) -> Option<&'static str> {
        match self {
            Self::None => Some("nothing differs"),
            Self::Blanks => Some("only blanks differ"),
            Self::Lines => Some("only lines moved"),
            Self::Comments => Some("only blanks and comments differ"),
            Self::Code => None,
        }
    }

    /// For machines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Blanks => "blanks",
            Self::Lines => "lines",
            Self::Comments => "comments",
            Self::Code => "code",
        }
    }
}

/// Whether the tokens of some kinds are the same. The blank that ends a tag is none of it.
fn is_same(
    tokens: &[Vec<Token>; 2],
    texts: [&[u8]; 2],
    is_meant: impl Fn(TokenKind) -> bool,
) -> bool {
    let of = |index: usize| {
        let meant = tokens[index].iter().filter(|token| is_meant(token.kind));
        meant.map(move |token| (token.kind, layout::significant(token, texts[index])))
    };
    of(0).eq(of(1))
}

/// Two outputs whose code differs.
pub(crate) struct Comparison {
    pub(crate) old: Layout,
    pub(crate) new: Layout,
    /// In the order of the new output; what was removed stands where it was.
    pub(crate) changes: Vec<Change>,
}

/// What became of a symbol.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) kind: SymbolKind,
    /// As a person writes it: `App\Cart::total()`.
    pub(crate) symbol: String,
    /// The class that it is in, or that it is.
    pub(crate) class: Option<String>,
    pub(crate) what: What,
    /// Its bytes in the old output and in the new one.
    pub(crate) old_len: Option<usize>,
    pub(crate) new_len: Option<usize>,
    pub(crate) hunks: Vec<Hunk>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Added,
    Removed,
    Changed,
    /// It is the same, and stands somewhere else.
    Moved,
    /// It is the same under another name.
    Renamed {
        from: String,
    },
}

impl What {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Renamed { .. } => "renamed",
        }
    }
}

/// Rows that differ, with some that do not around them.
#[derive(Debug)]
pub(crate) struct Hunk {
    pub(crate) lines: Vec<Line>,
    /// Where the code came from, if that is known.
    pub(crate) origin: Option<Origin>,
}

/// A row of one output, or of both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) tag: Tag,
    /// An index into the rows of the old output.
    pub(crate) old: usize,
    /// The same for the new one.
    pub(crate) new: usize,
    /// The same rows are somewhere else in the other output.
    pub(crate) is_moved: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Equal,
    /// Only the old output has it.
    Removed,
    /// Only the new output has it.
    Added,
}

impl Comparison {
    /// Compares two outputs as this PHP reads them.
    pub(crate) fn of(old: &[u8], new: &[u8], options: Options) -> Self {
        let (old, new) = (Layout::of(old, options), Layout::of(new, options));
        let mut changes = Differ::new(&old, &new).changes();
        mark_moved(&mut changes, &old.rows, &new.rows);
        changes.retain(|change| !change.hunks.is_empty() || change.what != What::Changed);
        Self { old, new, changes }
    }

    /// Says where the code of each hunk came from.
    pub(crate) fn locate(&mut self, origins: &origin::Origins) {
        for hunk in self.changes.iter_mut().flat_map(|change| &mut change.hunks) {
            hunk.origin = origins.of_hunk(hunk, &self.old, &self.new);
        }
    }

    /// The row that a line shows.
    pub(crate) fn row(&self, line: &Line) -> &Row {
        match line.tag {
            Tag::Removed => &self.old.rows[line.old],
            Tag::Equal | Tag::Added => &self.new.rows[line.new],
        }
    }
}

struct Differ<'l> {
    old: &'l Layout,
    new: &'l Layout,
    old_rows: Vec<Vec<usize>>,
    new_rows: Vec<Vec<usize>>,
    pairs: Pairs,
    deadline: Instant,
}

impl<'l> Differ<'l> {
    fn new(old: &'l Layout, new: &'l Layout) -> Self {
        Self {
            old,
            new,
            old_rows: old.rows_by_symbol(),
            new_rows: new.rows_by_symbol(),
            pairs: Pairs::of(old, new),
            deadline: Instant::now() + PATIENCE,
        }
    }

    fn changes(&self) -> Vec<Change> {
        let mut keys = Keys::default();
        let numbers = |rows: &'l [Row], keys: &mut Keys<'l>| -> Vec<u32> {
            rows.iter().map(|row| keys.number(row)).collect()
        };
        let old = numbers(&self.old.rows, &mut keys);
        let new = numbers(&self.new.rows, &mut keys);
        self.pairs.in_order().filter_map(|pair| self.change(pair, &old, &new)).collect()
    }

    fn change(&self, pair: Pair, old: &[u32], new: &[u32]) -> Option<Change> {
        let (old_rows, new_rows, what) = match pair {
            Pair::Both { old, new, is_moved, is_renamed } => {
                let (before, after) =
                    (&self.old.symbols[old.index()], &self.new.symbols[new.index()]);
                let what = match (is_renamed, is_moved) {
                    (true, _) => What::Renamed { from: before.shown() },
                    (false, true) => What::Moved,
                    (false, false) => What::Changed,
                };
                debug_assert_eq!(before.kind, after.kind);
                (self.old_rows[old.index()].clone(), self.new_rows[new.index()].clone(), what)
            }
            Pair::Removed(id) => (all_rows(self.old, id), Vec::new(), What::Removed),
            Pair::Added(id) => (Vec::new(), all_rows(self.new, id), What::Added),
        };
        let number = |rows: &[usize], numbers: &[u32]| -> Vec<u32> {
            rows.iter().map(|row| numbers[*row]).collect()
        };
        let ops = capture_diff_slices_deadline(
            Algorithm::Myers,
            &number(&old_rows, old),
            &number(&new_rows, new),
            Some(self.deadline),
        );
        let lines = lines(&ops, &old_rows, &new_rows);
        let hunks = hunks(&lines);
        if hunks.is_empty() && what == What::Changed {
            return None;
        }
        let what = if hunks.is_empty() || what != What::Moved { what } else { What::Changed };
        Some(Change { what, hunks, ..self.named(pair) })
    }

    fn named(&self, pair: Pair) -> Change {
        let (old, new) = (pair.old_id(), pair.new_id());
        let of_old = old.map(|id| (self.old, id));
        let of_new = new.map(|id| (self.new, id));
        let (layout, id) = of_new.or(of_old).expect("a pair has one side at least");
        let symbol = &layout.symbols[id.index()];
        let class = symbol.class.or(symbol.kind.is_class().then_some(id));
        let len = |of: Option<(&Layout, SymbolId)>| {
            let (layout, id) = of.filter(|(_, id)| *id != SymbolId::OUTSIDE)?;
            Some(layout.symbols[id.index()].len())
        };
        Change {
            kind: symbol.kind,
            symbol: symbol.shown(),
            class: class.map(|id| layout.symbols[id.index()].shown()),
            what: What::Changed,
            old_len: len(of_old),
            new_len: len(of_new),
            hunks: Vec::new(),
        }
    }
}

/// The rows of a symbol with those of the methods in it.
fn all_rows(layout: &Layout, id: SymbolId) -> Vec<usize> {
    let is_in =
        |row: &Row| row.symbol == id || layout.symbols[row.symbol.index()].class == Some(id);
    let rows = layout.rows_within(&layout.symbols[id.index()].span);
    rows.filter(|index| is_in(&layout.rows[*index])).collect()
}

/// The rows of both sides, one after the other.
fn lines(ops: &[DiffOp], old_rows: &[usize], new_rows: &[usize]) -> Vec<Line> {
    let mut lines = Vec::new();
    // Where a side has no row, the place is that of the next one.
    let place =
        |rows: &[usize], at: usize| rows.get(at).or(rows.last()).copied().unwrap_or_default();
    let mut push = |tag, old, new| {
        let (old, new) = (place(old_rows, old), place(new_rows, new));
        lines.push(Line { tag, old, new, is_moved: false });
    };
    for op in ops {
        let (old, new) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            old.zip(new).for_each(|(old, new)| push(Tag::Equal, old, new));
            continue;
        }
        for at in old.clone() {
            push(Tag::Removed, at, new.start);
        }
        for at in new {
            push(Tag::Added, old.end, at);
        }
    }
    lines
}

/// What differs, with some rows around it. Nothing where no row does.
fn hunks(lines: &[Line]) -> Vec<Hunk> {
    let mut hunks: Vec<(usize, usize)> = Vec::new();
    let differing = lines.iter().enumerate().filter(|(_, line)| line.tag != Tag::Equal);
    for (at, _) in differing {
        let (start, end) = (at.saturating_sub(CONTEXT), (at + 1 + CONTEXT).min(lines.len()));
        match hunks.last_mut() {
            Some(last) if start <= last.1 => last.1 = end,
            _ => hunks.push((start, end)),
        }
    }
    let hunk =
        |(start, end): (usize, usize)| Hunk { lines: lines[start..end].to_vec(), origin: None };
    hunks.into_iter().map(hunk).collect()
}

/// Marks rows that were removed somewhere and added somewhere else, all that follow one
/// another together.
fn mark_moved(changes: &mut [Change], old: &[Row], new: &[Row]) {
    let mut removed: HashMap<Vec<&[u8]>, Vec<Run>> = HashMap::new();
    let mut added = Vec::new();
    for (change, it) in changes.iter().enumerate() {
        for (hunk, it) in it.hunks.iter().enumerate() {
            for (tag, lines) in runs(&it.lines) {
                let rows = if tag == Tag::Removed { old } else { new };
                let row =
                    |line: &Line| &*rows[if tag == Tag::Removed { line.old } else { line.new }].key;
                let keys: Vec<&[u8]> = it.lines[lines.clone()].iter().map(row).collect();
                if keys.iter().map(|key| key.len()).sum::<usize>() < MIN_MOVED {
                    continue;
                }
                let run = Run { change, hunk, lines };
                match tag {
                    Tag::Removed => removed.entry(keys).or_default().push(run),
                    Tag::Added => added.push((keys, run)),
                    Tag::Equal => {}
                }
            }
        }
    }
    let mut moved = Vec::new();
    for (keys, run) in added {
        if let Some(from) = removed.get_mut(&keys).and_then(Vec::pop) {
            moved.extend([from, run]);
        }
    }
    for Run { change, hunk, lines } in moved {
        changes[change].hunks[hunk].lines[lines].iter_mut().for_each(|it| it.is_moved = true);
    }
}

/// Lines of a hunk.
struct Run {
    change: usize,
    hunk: usize,
    lines: std::ops::Range<usize>,
}

/// Lines with one tag that follow one another.
fn runs(lines: &[Line]) -> impl Iterator<Item = (Tag, std::ops::Range<usize>)> {
    let mut start = 0;
    lines.chunk_by(|one, other| one.tag == other.tag).map(move |chunk| {
        let range = start..start + chunk.len();
        start = range.end;
        (chunk[0].tag, range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(old: &str, new: &str) -> Comparison {
        Comparison::of(old.as_bytes(), new.as_bytes(), Options::default())
    }

    /// `what symbol` of each change.
    fn changes(old: &str, new: &str) -> Vec<String> {
        let named = |it: &Change| format!("{} {}", it.what.name(), it.symbol);
        compared(old, new).changes.iter().map(named).collect()
    }

    fn rows(source: &str) -> Vec<String> {
        let layout = Layout::of(source.as_bytes(), Options::default());
        layout.rows.iter().map(|row| String::from_utf8_lossy(&row.text).into_owned()).collect()
    }

    #[test]
    fn a_row_is_a_statement() {
        let source = "<?php class A{function b($c){if($c){return \"x{$c['d']}\";}else{f();}}}";
        assert_eq!(
            rows(source),
            [
                "<?php",
                "class A{",
                "    function b($c){",
                "        if($c){",
                "            return \"x{$c['d']}\";",
                "        }else{",
                "            f();",
                "        }",
                "    }",
                "}",
            ]
        );
        assert_eq!(rows("<?php for($i=0;$i<9;$i++)f();"), ["<?php", "for($i=0;$i<9;$i++)f();"]);
    }

    #[test]
    fn long_lists_and_texts_are_several_rows() {
        let list = format!("<?php return array('a'=>'{}','b'=>array(1,2));", "x".repeat(99));
        assert_eq!(rows(&list)[1..].len(), 4);
        assert_eq!(rows("<?php echo 'a\n  b';?>\nc\nd")[1..], ["echo 'a", "  b';", "?>", "c", "d"]);
    }

    #[test]
    fn symbols_have_their_names() {
        let source = "<?php namespace A; abstract class B { abstract function c(); use T; }
            function &d() { return new class { function e() {} }; } enum F { case G; }
            $x = B::class; namespace\\d();";
        let layout = Layout::of(source.as_bytes(), Options::default());
        let names: Vec<String> = layout.symbols.iter().skip(1).map(symbol::Symbol::shown).collect();
        let expected =
            ["A\\B", "A\\B::c()", "A\\d()", "class@anonymous", "class@anonymous::e()", "A\\F"];
        assert_eq!(names, expected);
    }

    #[test]
    fn what_differs_besides_code() {
        let between = |old: &str, new: &str| {
            Difference::between(old.as_bytes(), new.as_bytes(), Options::default())
        };
        assert_eq!(between("<?php a();", "<?php a();"), Difference::None);
        assert_eq!(between("<?php  a();", "<?php a( );"), Difference::Blanks);
        assert_eq!(between("<?php\na();", "<?php a();"), Difference::Lines);
        assert_eq!(between("<?php a();", "<?php /* b */ a();"), Difference::Comments);
        assert_eq!(between("<?php a();", "<?php b();"), Difference::Code);
        assert_eq!(between("<?php 'a  b';", "<?php 'a b';"), Difference::Code);
    }

    #[test]
    fn changes_have_a_symbol() {
        let old = "<?php class A { function b() { return 1; } } f(); function g() { return 3; }";
        assert_eq!(changes(old, &old.replace('1', "2")), ["changed A::b()"]);
        assert_eq!(
            changes(old, &old.replace("f();", "h();")),
            ["changed code outside of functions and classes"]
        );
        assert_eq!(changes(old, &old.replace("b()", "c()")), ["renamed A::c()"]);
        assert_eq!(changes(old, &old.replace("class A", "class B")), ["renamed B"]);
        assert_eq!(changes(old, "<?php f(); function g() { return 3; }"), ["removed A"]);
        assert_eq!(changes("<?php f(); function g() { return 3; }", old), ["added A"]);
    }

    #[test]
    fn moved_is_not_changed() {
        let old = "<?php function a() { x(); } function b() { y(); } function c() { z(); }";
        let new = "<?php function b() { y(); } function c() { z(); } function a() { x(); }";
        assert_eq!(changes(old, new), ["moved a()"]);
        let old = "<?php function a() { $moved = statement(1); x(); } function b() { y(); }";
        let new = "<?php function a() { x(); } function b() { $moved = statement(1); y(); }";
        let compared = compared(old, new);
        let lines = compared.changes.iter().flat_map(|it| &it.hunks).flat_map(|it| &it.lines);
        let mut differing = lines.filter(|line| line.tag != Tag::Equal).peekable();
        assert!(differing.peek().is_some() && differing.all(|line| line.is_moved));
    }
}
