//! Sources made of PHP's words, a byte each, which get further than bytes at
//! random: the first byte chooses the version. See `parse.rs` for how to run it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tilde_syntax::{Options, Version};
use tilde_testing::trees;


static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| ALL_WORDS.split_ascii_whitespace().collect());

const ALL_WORDS: &str = "$a $b $this A \\A A\\B namespace\\A f self static parent array list callable \
    int 1 2.5 'x' \"y\" \"a$b\" \"{$a}\" \"${c}\" \"$a[0]\" ` ( ) [ ] { } ; , . + - * / % ** ! ~ \
    @ & | ^ << >> < > <= >= == != === !== <=> && || and or xor ?? ?: ? : = += .= ??= -> ?-> :: \
    => ... $ #[A] #[ ++ -- (int) (array) (unset) (void) new class clone instanceof function fn \
    use return yield throw print echo include isset empty unset eval exit if else elseif endif \
    while endwhile for endfor foreach endforeach as switch case default endswitch match do break \
    continue try catch finally goto const abstract final public protected private readonly var \
    interface trait enum extends implements insteadof namespace global declare enddeclare \
    __halt_compiler __LINE__ ?> <?php <?= |> public(set) get set from x: name: /** */ // # \
    <<<X <<<'X' X \" 089 0x1F b'z' ${ {$ \\";

fuzz_target!(|data: &[u8]| {
    let [version, data @ ..] = data else { return };
    let mut source = String::from("<?php ");
    for byte in data {
        source.push_str(WORDS[usize::from(*byte) % WORDS.len()]);
        source.push(if *byte > 250 { '\n' } else { ' ' });
    }
    let version = Version::ALL[usize::from(*version) % Version::ALL.len()];
    trees::check(source.as_bytes(), Options::new(version));
});
