//! A comparison as one page of HTML that needs nothing else.
//!
//! Everything from the outputs goes through [`escape`], and the page forbids itself all
//! but its own style and script, so no name in an output can load or run anything.

use std::fmt::Write as _;

use super::{Compared, listing, treemap};
use crate::commands::build::{Size, count};
use crate::compare::symbol::{SymbolId, SymbolKind};
use crate::compare::{Change, Comparison, Difference, Hunk, Line, Tag, What, words};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// So many boxes are drawn; the rest is one box.
const MAX_BOXES: usize = 250;

/// So many rows are in a page, unless all are wanted.
const MAX_ROWS: usize = 20_000;

/// How wide the map is for its height.
const ASPECT: f64 = 2.5;

pub(super) fn page(compared: &[Compared], is_full: bool) -> String {
    let max_rows = if is_full { usize::MAX } else { MAX_ROWS };
    let mut page = Page { text: String::new(), rows: 0, max_rows, hidden: 0 };
    page.push(&format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n",
        escape(&title(compared))
    ));
    page.header(compared);
    page.push("<div class=\"columns\">\n");
    page.tree(compared);
    page.push("<main id=\"main\">\n");
    for (index, it) in compared.iter().enumerate() {
        page.file(index, it);
    }
    page.hidden();
    page.push(&format!("</main>\n</div>\n<script>\n{SCRIPT}</script>\n</html>\n"));
    page.text
}

fn title(compared: &[Compared]) -> String {
    match compared {
        [one] => format!("{} → {}", one.sides.old_name, one.sides.new_name),
        _ => count(compared.len(), "compiled file"),
    }
}

struct Page {
    text: String,
    rows: usize,
    max_rows: usize,
    /// So many hunks were too many.
    hidden: usize,
}

impl Page {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn header(&mut self, compared: &[Compared]) {
        let changed = compared.iter().filter(|it| it.difference == Difference::Code).count();
        let summary = if changed == 0 {
            "the code is the same".to_owned()
        } else {
            format!("the code of {changed} of {} differs", count(compared.len(), "file"))
        };
        self.push(&format!(
            "<a class=\"skip\" href=\"#main\">Skip to the changes</a>\n<header>\n<h1>{}</h1>\n\
             <p>{summary}</p>\n<div class=\"tools\">\n\
             <label>Filter <input id=\"filter\" type=\"search\" placeholder=\"class or function\" \
             autocomplete=\"off\"></label>\n\
             <span id=\"found\" role=\"status\"></span>\n\
             <button id=\"previous\" type=\"button\" aria-label=\"Previous change\" title=\"Previous change (k)\">↑</button>\n\
             <button id=\"next\" type=\"button\" aria-label=\"Next change\" title=\"Next change (j)\">↓</button>\n\
             <button id=\"theme\" type=\"button\" title=\"Light or dark (t)\">Light/dark</button>\n\
             </div>\n<p class=\"keys\">Keys: <kbd>j</kbd> next change, <kbd>k</kbd> previous, \
             <kbd>/</kbd> filter, <kbd>t</kbd> light or dark</p>\n</header>\n",
            escape(&title(compared))
        ));
    }

    /// The symbols that differ.
    fn tree(&mut self, compared: &[Compared]) {
        self.push("<nav aria-label=\"Symbols\">\n<details open>\n<summary>Symbols</summary>\n");
        for (file, it) in compared.iter().enumerate() {
            if compared.len() > 1 {
                let name = escape(&it.sides.path.to_string_lossy());
                self.push(&format!("<h2><a href=\"#f{file}\">{name}</a></h2>\n"));
            }
            self.push("<ul class=\"tree\">\n");
            for (class, changes) in listing::groups(&it.comparison.changes) {
                self.group(file, class, &changes, &it.comparison);
            }
            self.push("</ul>\n");
        }
        self.push("</details>\n</nav>\n");
    }

    fn group(
        &mut self,
        file: usize,
        class: Option<&String>,
        changes: &[&Change],
        comparison: &Comparison,
    ) {
        let Some(class) = class else {
            for change in changes {
                self.leaf(file, change, comparison);
            }
            return;
        };
        self.push(&format!("<li><details open><summary>{}</summary><ul>\n", escape(class)));
        for change in changes {
            self.leaf(file, change, comparison);
        }
        self.push("</ul></details></li>\n");
    }

    fn leaf(&mut self, file: usize, change: &Change, comparison: &Comparison) {
        let index = comparison.changes.iter().position(|it| std::ptr::eq(it, change));
        let (what, name) = (change.what.name(), escape(&change.symbol));
        self.push(&format!(
            "<li class=\"{what}\" data-name=\"{name}\"><a href=\"#f{file}c{}\">{name}</a> \
             <span class=\"what\">{what}{}</span></li>\n",
            index.unwrap_or_default(),
            escape(&listing::sizes(change))
        ));
    }

    fn file(&mut self, file: usize, it: &Compared) {
        let sides = &it.sides;
        let len = |side: &Option<Vec<u8>>| {
            side.as_ref()
                .map_or_else(|| "missing".to_owned(), |it| Size(it.len() as u64).to_string())
        };
        self.push(&format!(
            "<section id=\"f{file}\">\n<h2>{} <span class=\"what\">{}</span> → {} \
             <span class=\"what\">{}</span></h2>\n",
            escape(&sides.old_name),
            len(&sides.old),
            escape(&sides.new_name),
            len(&sides.new)
        ));
        if let Some(text) = it.difference.text() {
            self.push(&format!("<p class=\"same\">{text}</p>\n"));
        }
        self.treemap(file, &it.comparison);
        for (index, change) in it.comparison.changes.iter().enumerate() {
            self.change(file, index, change, &it.comparison);
        }
        self.push("</section>\n");
    }

    /// What is in the new output, by size.
    fn treemap(&mut self, file: usize, comparison: &Comparison) {
        let boxes = boxes(comparison);
        if boxes.is_empty() {
            return;
        }
        self.push("<details class=\"map\" open><summary>What is in it, by size</summary>\n");
        self.push("<div class=\"treemap\">\n");
        #[allow(clippy::cast_precision_loss)] // areas on a screen
        let sizes: Vec<f64> = boxes.iter().map(|it| it.len as f64).collect();
        for (it, area) in boxes.iter().zip(treemap::layout(&sizes, ASPECT)) {
            let place = format!(
                "left:{:.3}%;top:{:.3}%;width:{:.3}%;height:{:.3}%",
                area.left, area.top, area.width, area.height
            );
            let (name, size) = (escape(&it.name), Size(it.len as u64));
            let what = it.what.map_or("kept", What::name);
            let label = format!("{name}, {size}, {what}");
            match it.change {
                Some(change) => self.push(&format!(
                    "<a class=\"box {what}\" style=\"{place}\" href=\"#f{file}c{change}\" \
                     title=\"{label}\"><span>{name}</span></a>\n"
                )),
                None => self.push(&format!(
                    "<div class=\"box {what}\" style=\"{place}\" title=\"{label}\">\
                     <span>{name}</span></div>\n"
                )),
            }
        }
        self.push("</div>\n</details>\n");
    }

    fn change(&mut self, file: usize, index: usize, change: &Change, comparison: &Comparison) {
        let (what, name) = (change.what.name(), escape(&change.symbol));
        let from = match &change.what {
            What::Renamed { from } => format!(" from {}", escape(from)),
            What::Added | What::Removed | What::Changed | What::Moved => String::new(),
        };
        self.push(&format!(
            "<article id=\"f{file}c{index}\" class=\"change\" data-name=\"{name}\" tabindex=\"-1\">\n\
             <h3>{name} <span class=\"what {what}\">{what}{from}{}</span></h3>\n",
            escape(&listing::sizes(change))
        ));
        for hunk in &change.hunks {
            self.hunk(hunk, comparison);
        }
        self.push("</article>\n");
    }

    fn hidden(&mut self) {
        if self.hidden > 0 {
            let hunks = count(self.hidden, "more hunk");
            self.push(&format!("<p class=\"same\">... and {hunks}; --full shows all</p>\n"));
        }
    }

    fn hunk(&mut self, hunk: &Hunk, comparison: &Comparison) {
        if self.rows >= self.max_rows {
            self.hidden += 1;
            return;
        }
        self.rows += hunk.lines.len();
        if let Some(origin) = &hunk.origin {
            let place = format!("{}:{}", origin.path.to_string_lossy(), origin.line);
            self.push(&format!("<p class=\"origin\">from {}</p>\n", escape(&place)));
        }
        self.push("<div class=\"hunk\" role=\"table\" aria-label=\"Old and new code\">\n");
        let is_equal = |line: &Line| line.tag == Tag::Equal;
        for run in hunk.lines.chunk_by(|one, other| is_equal(one) == is_equal(other)) {
            if is_equal(&run[0]) {
                for line in run {
                    self.row(Some((line, &[])), Some((line, &[])), comparison);
                }
            } else {
                self.replaced(run, comparison);
            }
        }
        self.push("</div>\n");
    }

    fn replaced(&mut self, run: &[Line], comparison: &Comparison) {
        let of = |tag: Tag| run.iter().filter(|line| line.tag == tag).collect::<Vec<_>>();
        let (removed, added) = (of(Tag::Removed), of(Tag::Added));
        for index in 0..removed.len().max(added.len()) {
            let (old, new) = (removed.get(index), added.get(index));
            let text = |line: &&Line| &*comparison.row(line).text;
            let marks = old.zip(new).and_then(|(old, new)| words::differing(text(old), text(new)));
            let (in_old, in_new) = marks.unwrap_or_default();
            self.row(old.map(|it| (*it, &*in_old)), new.map(|it| (*it, &*in_new)), comparison);
        }
    }

    fn row(&mut self, old: Option<Cell<'_>>, new: Option<Cell<'_>>, comparison: &Comparison) {
        self.push("<div class=\"row\" role=\"row\">");
        let number = |line: &Line, is_old: bool| {
            let (layout, row) =
                if is_old { (&comparison.old, line.old) } else { (&comparison.new, line.new) };
            layout.rows.get(row).map_or(0, |row| row.line)
        };
        for (cell, side) in [(old, "old"), (new, "new")] {
            let Some((line, marks)) = cell else {
                let _ = write!(self.text, "<div class=\"cell {side} none\" role=\"cell\"></div>");
                continue;
            };
            let class = match (line.tag, line.is_moved) {
                (Tag::Equal, _) => "equal",
                (_, true) => "moved",
                (Tag::Removed, false) => "removed",
                (Tag::Added, false) => "added",
            };
            let number = number(line, side == "old");
            let code = marked(&comparison.row(line).text, marks);
            let _ = write!(
                self.text,
                "<div class=\"cell {side} {class}\" role=\"cell\"><span class=\"number\">{number}\
                 </span><code>{code}</code></div>"
            );
        }
        self.push("</div>\n");
    }
}

/// A row of one side, and what in it the other side does not have.
type Cell<'c> = (&'c Line, &'c [std::ops::Range<usize>]);

/// A box of the treemap.
struct Box<'c> {
    name: String,
    len: usize,
    what: Option<&'c What>,
    /// The index of what became of it.
    change: Option<usize>,
}

/// The classes and functions of the new output, the largest first.
fn boxes(comparison: &Comparison) -> Vec<Box<'_>> {
    let layout = &comparison.new;
    let outermost = || layout.ids().skip(1).filter(|id| layout.symbols[id.index()].class.is_none());
    let mut boxes: Vec<Box<'_>> = outermost().map(|id| one_box(id, comparison)).collect();
    boxes.extend(outside(comparison, boxes.iter().map(|it| it.len).sum()));
    boxes.sort_by_key(|it| std::cmp::Reverse(it.len));
    if boxes.len() > MAX_BOXES {
        let rest = boxes.split_off(MAX_BOXES);
        let name = format!("{} more", rest.len());
        let len = rest.iter().map(|it| it.len).sum();
        boxes.push(Box { name, len, what: None, change: None });
        boxes.sort_by_key(|it| std::cmp::Reverse(it.len));
    }
    boxes.retain(|it| it.len > 0);
    boxes
}

/// The code that is in no class and no function, where the others have so many bytes.
fn outside(comparison: &Comparison, others: usize) -> Option<Box<'_>> {
    let rows = &comparison.new.rows;
    let len = rows.last()?.end.saturating_sub(rows.first()?.offset).saturating_sub(others);
    let change = comparison.changes.iter().position(|it| it.kind == SymbolKind::Outside);
    let what = change.map(|index| &comparison.changes[index].what);
    Some(Box { name: "other code".to_owned(), len, what, change })
}

fn one_box(id: SymbolId, comparison: &Comparison) -> Box<'_> {
    let symbol = &comparison.new.symbols[id.index()];
    let name = symbol.shown();
    let of_symbol = |change: &Change| change.symbol == name && change.new_len.is_some();
    let within = |change: &Change| change.class.as_ref() == Some(&name);
    let changes = &comparison.changes;
    let change = changes.iter().position(of_symbol).or_else(|| changes.iter().position(within));
    let what =
        change.map(
            |index| if of_symbol(&changes[index]) { &changes[index].what } else { &What::Changed },
        );
    Box { len: symbol.len(), what, change, name }
}

/// A row with its marks.
fn marked(text: &[u8], marks: &[std::ops::Range<usize>]) -> String {
    let mut html = String::new();
    let mut at = 0;
    let shown = |range: std::ops::Range<usize>| escape(&String::from_utf8_lossy(&text[range]));
    for mark in marks.iter().filter(|mark| !mark.is_empty()) {
        let _ = write!(html, "{}<mark>{}</mark>", shown(at..mark.start), shown(mark.clone()));
        at = mark.end;
    }
    html + &shown(at..text.len())
}

/// Text that HTML takes as text, also in an attribute. Control characters are spelled out.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\t' => html.push('\t'),
            it if crate::escape::is_control(it) => html.extend(it.escape_default()),
            it => html.push(it),
        }
    }
    html
}
