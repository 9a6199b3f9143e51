//! How fast all the fixtures together lex, each under the newest PHP:
//! `cargo bench -p tilde-lexer`. The tokens alone, and with their lines.

#![allow(missing_docs, clippy::unwrap_used)] // criterion's macros document nothing

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tilde_lexer::{Lexer, Options, lines};

criterion_group!(benches, lex);
criterion_main!(benches);

fn lex(criterion: &mut Criterion) {
    let sources = fixtures();
    let bytes: usize = sources.iter().map(Vec::len).sum();
    let options = Options::default();
    let mut group = criterion.benchmark_group("fixtures");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("lex", |bencher| {
        bencher.iter(|| {
            for source in &sources {
                Lexer::new(source, options).for_each(|token| {
                    black_box(token);
                });
            }
        });
    });
    group.bench_function("lines", |bencher| {
        bencher.iter(|| {
            for source in &sources {
                lines(source, options).for_each(|token| {
                    black_box(token);
                });
            }
        });
    });
    group.finish();
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/lexer");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "php"))
        .map(|path| fs::read(path).unwrap())
        .collect()
}
