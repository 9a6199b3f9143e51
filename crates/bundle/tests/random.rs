//! Random members: whatever they hold, a bundle is proved or refused.

use std::io;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tilde_bundle::{
    Build, ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Severity, Sources, Style, build,
};
use tilde_lexer::{Options, Version};

/// Members by their number, which is their path.
struct Memory(Vec<Vec<u8>>);

impl Sources for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let index = path.to_str().and_then(|path| path.parse::<usize>().ok());
        let text = index.and_then(|index| self.0.get(index));
        text.cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.read(path).is_ok()
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, path: &Path) -> Option<PathBuf> {
        Some(path.to_owned())
    }
}

const STARTS: &[&str] = &[
    "<?php ",
    "<?php\n",
    "<?php\r\n",
    "<?PHP\t",
    "<?",
    "<?= 1;",
    "",
    "html",
    "\n",
    "\r\n\r\n",
    "#!/bin/php\n<?php ",
    "#!/bin/php\n\n<?php ",
    "#!x",
    "\u{feff}<?php ",
    "\u{feff}",
    "<?php declare(strict_types=1);",
    "<?php declare(strict_types=1) ?>",
    "<?php namespace A;",
    "<?php namespace A ?>\n",
    "<?php namespace A { ",
    "<?php /** d */ declare(strict_types=1);",
];
const PARTS: &[&str] = &[
    "echo 1;",
    "echo 1 ?>",
    "?>",
    "?>\n",
    "?>\r",
    "?>\n\n",
    "<?php ",
    "<?",
    "<?= __LINE__ ?>",
    "html\n",
    "\n",
    " ",
    "{",
    "}",
    "} ",
    "namespace B;",
    "namespace B\\C ?>",
    "namespace { ",
    "use A\\B;",
    "use function A\\{f, g as h};",
    "class K {}",
    "class L extends K {}",
    "/** doc */",
    "// c",
    "# c ?>",
    "/* c */",
    "//[RUNTIME]\n",
    "//[/RUNTIME]\n",
    "function f() { return 1; }",
    "return;",
    "$a = __LINE__ . 1;",
    "<<<X\na\nX;\n",
    "<<<X\na\nX",
    "'",
    "\"{$a [ 0 ]}\"",
    "\"",
    "`",
    "(",
    ")",
    "if (1):",
    "endif;",
    "a:",
    "__halt_compiler();",
    "\u{1}",
    "exit ?>\n",
    "$f = function () {} ?>",
];

fn member() -> impl Strategy<Value = Vec<u8>> {
    let parts = prop::collection::vec(prop::sample::select(PARTS), 0..6);
    (prop::sample::select(STARTS), parts)
        .prop_map(|(start, parts)| (start.to_owned() + &parts.concat()).into_bytes())
}

fn recipe(count: usize, style: Style, lexer: Options) -> Recipe {
    Recipe {
        name: "random".to_owned(),
        files: (0..count).map(|index| PathBuf::from(index.to_string())).collect(),
        on_demand: Vec::new(),
        composer_files: Vec::new(),
        has_companions: false,
        has_map: false,
        paths: tilde_bundle::Paths::Relative,
        scope: tilde_bundle::Scope::Shared,
        output: Some(PathBuf::from("out")),
        style,
        docs: Docs::Keep,
        runtime_blocks: RuntimeBlocks::Remove,
        marks: ByteOrderMarks::Keep,
        state: tilde_bundle::State::Keep,
        oldest: lexer.version,
        lexer,
    }
}

/// What must hold for every build; `Err` says what does not.
fn check(build: &Build) -> Result<(), String> {
    let is_refused = build.diagnostics.iter().any(|it| it.severity == Severity::Error);
    if is_refused == build.output.is_some() {
        return Err("an output goes with errors, or neither is there".to_owned());
    }
    for diagnostic in &build.diagnostics {
        if diagnostic.code == "T-VERIFY" {
            return Err(format!("not proved: {diagnostic:?}"));
        }
        for label in &diagnostic.labels {
            let text = &build.sources[label.source.index()].text;
            if text.get(label.span.clone()).is_none() {
                return Err(format!("a label beside its source: {diagnostic:?}"));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_bundle_is_proved_or_refused(
        members in prop::collection::vec(member(), 0..4),
        version in prop::sample::select(&Version::ALL[..]),
        short_tags in any::<bool>(),
    ) {
        let lexer = Options::new(version).with_short_tags(short_tags);
        let sources = Memory(members);
        for style in Style::ALL {
            let recipe = recipe(sources.0.len(), style, lexer);
            let found = build(&sources, &recipe);
            let shown: Vec<_> =
                sources.0.iter().map(|text| text.escape_ascii().to_string()).collect();
            prop_assert_eq!(check(&found), Ok(()), "{:#?} {:?}", shown, recipe);
            prop_assert_eq!(build(&sources, &recipe), found);
        }
    }
}
