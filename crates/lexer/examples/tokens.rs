use std::io::Write;
fn main() {
    let mut a = std::env::args().skip(1);
    let v = a.next().unwrap();
    let short = a.next().unwrap() == "on";
    let list = a.next().unwrap();
    let mut o = tilde_lexer::Options::new(v.parse().unwrap());
    o.short_tags = short;
    if a.next().as_deref() == Some("32") {
        o.int_size = tilde_lexer::IntSize::Four;
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for p in std::fs::read_to_string(list).unwrap().lines() {
        writeln!(out, "# {p}").unwrap();
        let s = std::fs::read(p).unwrap();
        for (t, _, l) in tilde_lexer::lines(&s, o) {
            writeln!(out, "{}\t{}\t{}", t.kind.name(), t.len, l).unwrap();
        }
    }
}
