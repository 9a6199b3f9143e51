//! What holds of any source whatever: the standing checks.

use tilde_lexer::{IntSize, Lexer, Options, Token, TokenKind, Version, lines, tokens};

/// Every version, with and without each kind of tag, and both integer sizes.
pub fn all_options() -> impl Iterator<Item = Options> {
    let settings = [
        (false, false, IntSize::Eight),
        (true, false, IntSize::Four),
        (false, true, IntSize::Four),
        (true, true, IntSize::Eight),
    ];
    Version::ALL.into_iter().flat_map(move |version| {
        settings.map(|(short_tags, asp_tags, int_size)| {
            Options::new(version)
                .with_short_tags(short_tags)
                .with_asp_tags(asp_tags)
                .with_int_size(int_size)
        })
    })
}

/// So many tokens are lexed again at each place.
const RESUMED: usize = 3;

/// Panics unless the lexer ends, loses nothing, gives the same tokens with
/// their bytes and with their lines, and can resume before any of them.
pub fn check(source: &[u8], options: Options) {
    // A byte has a token at most, and at most one empty token before it.
    let list: Vec<Token> = Lexer::new(source, options).take(2 * source.len() + 1).collect();
    let mut offset = 0;
    let mut line_before = 1;
    let mut with_text = tokens(source, options);
    let mut with_line = lines(source, options);
    let mut lexer = Lexer::new(source, options);
    for (index, &token) in list.iter().enumerate() {
        let text = &source[offset..offset + token.len as usize];
        assert!(
            !text.is_empty() || token.kind == TokenKind::EncapsedAndWhitespace,
            "an empty {} at {offset} under {options:?}",
            token.kind
        );
        assert_eq!(with_text.next(), Some((token, text)), "at {offset} under {options:?}");
        let (line_token, line_text, line) = with_line.next().unwrap();
        assert_eq!((line_token, line_text), (token, text), "at {offset} under {options:?}");
        assert!(line >= line_before, "line {line} after {line_before} under {options:?}");
        line_before = line;
        let after: Vec<Token> = lexer.resume(&source[offset..]).take(RESUMED).collect();
        let expected = &list[index..list.len().min(index + RESUMED)];
        assert_eq!(after, expected, "resumed at {offset} under {options:?}");
        lexer.next();
        offset += text.len();
    }
    assert_eq!(offset, source.len(), "bytes lost under {options:?}");
    assert_eq!(with_text.next(), None);
    assert_eq!(with_line.next(), None);
}
