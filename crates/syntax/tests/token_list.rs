//! The list of tokens says the same by index, by place and in one go, for every
//! fixture that PHP 8.2 accepts. It outlives the tree, the source and the arena.

use std::fs;
use std::path::{Path, PathBuf};

use tilde_syntax::{Arena, Options, Tokens, Tree, Version, parse};

/// The tokens of a source, when everything else is gone.
fn tokens_of(source: &[u8]) -> Option<Tokens> {
    let source = source.to_vec();
    let arena = Arena::new();
    parse(&source, Options::new(Version::V8_2), &arena).ok().map(Tree::into_tokens)
}

fn check(path: &Path, source: &[u8], tokens: &Tokens) {
    let mut end = 0;
    for (index, token) in tokens.iter().enumerate() {
        assert_eq!(token, tokens.get(index), "{}", path.display());
        assert_eq!((token.kind, token.span), (tokens.kind(index), tokens.span(index)));
        assert_eq!(token.span.start, end, "{}: a gap before token {index}", path.display());
        assert_eq!(tokens.starting_at(token.span.start), Some(index), "{}", path.display());
        assert_eq!(tokens.within(token.span), index..index + 1, "{}", path.display());
        for offset in token.span.start..token.span.end {
            assert_eq!(tokens.containing(offset), Some(index), "{}", path.display());
        }
        end = token.span.end;
    }
    assert_eq!(end as usize, source.len(), "{}", path.display());
    assert_eq!(tokens.iter().len(), tokens.len());
    assert_eq!((tokens.starting_at(end), tokens.containing(end)), (None, None));
    assert!(tokens.slice(0..tokens.len()).eq(tokens.iter()));
}

#[test]
fn tokens_are_found_by_index_and_by_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/syntax");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a folder that can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "php"))
        .collect();
    paths.sort();
    let mut accepted = 0;
    for path in paths {
        let source = fs::read(&path).expect("a fixture that can be read");
        let Some(tokens) = tokens_of(&source) else { continue };
        check(&path, &source, &tokens);
        accepted += 1;
    }
    assert!(accepted > 20, "{accepted} fixtures are accepted");
}

#[test]
fn an_empty_source_has_no_tokens() {
    let tokens = tokens_of(b"").expect("an empty source is accepted");
    assert!(tokens.is_empty());
    assert_eq!((tokens.len(), tokens.iter().count()), (0, 0));
    assert_eq!((tokens.starting_at(0), tokens.containing(0)), (None, None));
}
