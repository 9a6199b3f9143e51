//! Random members: whatever they hold, a bundle is proved or refused.

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tilde_bundle::{Build, ByteOrderMarks, Docs, Recipe, RuntimeBlocks, Severity, Style, build};
use tilde_lexer::{Options, Version};
use tilde_testing::sources::Memory;

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
        let named: Vec<_> =
            members.iter().enumerate().map(|(index, text)| (index.to_string(), text)).collect();
        let sources = Memory::new(&named);
        for style in Style::ALL {
            let recipe = recipe(members.len(), style, lexer);
            let found = build(&sources, &recipe);
            let shown: Vec<_> =
                members.iter().map(|text| text.escape_ascii().to_string()).collect();
            prop_assert_eq!(check(&found), Ok(()), "{:#?} {:?}", shown, recipe);
            prop_assert_eq!(build(&sources, &recipe), found);
        }
    }
}
