//! What holds for stripping any source whatever.

use tilde_bundle::{Docs, StripOptions, Style, strip};
use tilde_lexer::{TokenKind, Version, tokens};

/// The first rule that stripping this source breaks.
pub(crate) fn broken(source: &[u8], options: StripOptions) -> Option<String> {
    let stripped = strip(source, &options);
    let name = |options: StripOptions| format!("{} {:?}", options.style, options.lexer);
    match options.style {
        // These only must not panic.
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => return None,
        Style::Lines | Style::Tight => {}
    }
    let before = Pieces::of(source, options);
    let after = Pieces::of(&stripped, options);
    let rule = match difference(&before.tokens, &after.tokens) {
        Some(difference) => Some(difference),
        None if strip(&stripped, &options) != stripped => Some("no fixed point".to_owned()),
        None => wrong_gap(&before, &after, options),
    };
    rule.map(|rule| {
        format!("{rule}: {} to {} by {}", shown(source), shown(&stripped), name(options))
    })
}

type Significant<'src> = (TokenKind, &'src [u8]);

fn difference(before: &[Significant<'_>], after: &[Significant<'_>]) -> Option<String> {
    let is_other = |index: &usize| before.get(*index) != after.get(*index);
    let index = (0..before.len().max(after.len())).find(is_other)?;
    let name = |token: Option<&Significant<'_>>| {
        token.map(|(kind, bytes)| format!("{kind} {}", shown(bytes)))
    };
    Some(format!("{:?} becomes {:?}", name(before.get(index)), name(after.get(index))))
}

fn shown(bytes: &[u8]) -> String {
    if bytes.len() > 2000 {
        return format!("({} bytes)", bytes.len());
    }
    format!("`{}`", bytes.escape_ascii())
}

/// A source as its significant tokens and the gaps before them and at the end.
struct Pieces<'src> {
    tokens: Vec<Significant<'src>>,
    gaps: Vec<&'src [u8]>,
}

impl<'src> Pieces<'src> {
    fn of(source: &'src [u8], options: StripOptions) -> Self {
        let mut pieces = Self { tokens: Vec::new(), gaps: Vec::new() };
        let mut start = 0;
        let mut end = 0;
        for (token, bytes) in tokens(source, options.lexer) {
            if !is_dropped(token.kind, options.docs) {
                pieces.gaps.push(&source[start..end]);
                pieces.tokens.push((token.kind, bytes));
                start = end + bytes.len();
            }
            end += bytes.len();
        }
        pieces.gaps.push(&source[start..]);
        pieces
    }
}

fn is_dropped(kind: TokenKind, docs: Docs) -> bool {
    if kind == TokenKind::DocComment { docs == Docs::Drop } else { kind.is_trivia() }
}

/// The style `lines` keeps one line break where there was one or more; neither
/// style keeps a comment without need.
fn wrong_gap(before: &Pieces<'_>, after: &Pieces<'_>, options: StripOptions) -> Option<String> {
    let mut last = None;
    for ((old, new), token) in
        before.gaps.iter().zip(&after.gaps).zip(before.tokens.iter().map(Some).chain([None]))
    {
        let is_kept = old == new;
        let starts_line = last.is_none_or(|(_, bytes): (TokenKind, &[u8])| {
            bytes.last().is_some_and(|&byte| is_break(byte))
        });
        if options.style == Style::Lines && !is_kept {
            match (breaks(old), breaks(new)) {
                (0, 1) if last.is_some_and(|(kind, _)| is_label_part(kind)) => {}
                (0, 0) | (1.., 1) => {}
                (1.., 0) if starts_line => {}
                _ => {
                    return Some(format!(
                        "the line breaks of {} become {}",
                        shown(old),
                        shown(new)
                    ));
                }
            }
        }
        last = token.copied();
    }
    None
}

/// A closing label must stand alone before PHP 7.3, but for a `;`.
fn is_label_part(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::EndHeredoc | TokenKind::Semicolon)
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// How many lines end in a text.
fn breaks(text: &[u8]) -> usize {
    let is_lone = |at: &usize| text[*at] == b'\n' || text.get(at + 1) != Some(&b'\n');
    (0..text.len()).filter(|&at| is_break(text[at])).filter(is_lone).count()
}

/// The first gap of a stripped source, up to `most` of them looked at, that
/// could go without a token changing.
pub(crate) fn needless(source: &[u8], options: StripOptions, most: usize) -> Option<String> {
    let stripped = strip(source, &options);
    let pieces = Pieces::of(&stripped, options);
    // What is left of an unterminated comment makes no token, only an error.
    let is_comment = |it: usize| pieces.gaps[it].ends_with(b"/*");
    // An error in a heredoc makes the token of its label anything; and whether
    // `<<<` and a label are a heredoc is decided behind the label.
    let is_heredoc = |it: usize| match &pieces.tokens[..it] {
        [.., (TokenKind::EndHeredoc, bytes)] => bytes.ends_with(b" ") || bytes.ends_with(b"\t"),
        [.., (TokenKind::Sl, _), (TokenKind::Less, _)] => true,
        _ => false,
    };
    // What PHP may read behind such a `#` is left alone, needed or not.
    let is_hash = |gap: &&[u8]| gap.windows(2).any(|pair| matches!(pair, b"#\n" | b"#\r"));
    let first_hash = pieces.gaps.iter().position(is_hash).unwrap_or(usize::MAX);
    let is_in_way = |&it: &usize| {
        !pieces.gaps[it].is_empty() && it < first_hash && !is_comment(it) && !is_heredoc(it)
    };
    let gaps: Vec<usize> = (0..pieces.gaps.len()).filter(is_in_way).collect();
    let step = gaps.len().div_ceil(most).max(1);
    gaps.into_iter().step_by(step).find_map(|index| {
        let before: usize = pieces.gaps[..index].iter().map(|gap| gap.len()).sum::<usize>()
            + pieces.tokens[..index].iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let mut joined = stripped.clone();
        joined.drain(before..before + pieces.gaps[index].len());
        let is_same = |version| {
            let lexer = options.lexer.with_version(version);
            let options = StripOptions { lexer, oldest: lexer.version, ..options };
            Pieces::of(&joined, options).tokens == Pieces::of(&stripped, options).tokens
        };
        let around = &stripped[before.saturating_sub(30)..(before + 30).min(stripped.len())];
        // A separator may also serve the newest PHP, where `use \A` joined is a name.
        (is_same(options.lexer.version) && is_same(Version::LATEST)).then(|| {
            format!(
                "needless gap {} in {} by {options:?}",
                shown(pieces.gaps[index]),
                shown(around)
            )
        })
    })
}
