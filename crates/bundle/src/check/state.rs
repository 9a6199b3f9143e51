//! `static` variables that cannot be put back, where a recipe asks for that.

use tilde_syntax::Span;

use crate::diagnostic::Diagnostic;
use crate::facts::StaticObstacle;
use crate::module::{Module, range};
use crate::scan::Scan;
use crate::{Recipe, State};

use super::MAX_FINDINGS;

/// Notes what stays as it is.
pub(super) fn check(
    scan: &Scan,
    module: &Module,
    recipe: &Recipe,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if recipe.state != State::Instrument {
        return;
    }
    if let Some(span) = module.facts.lists_statics {
        let message = "no `static` variable of this bundle can be put back: here they are listed";
        let diagnostic = Diagnostic::note("T-STATE-KEPT", message)
            .label(module.source, range(span), "")
            .help("leave this file out and include it separately");
        diagnostics.push(diagnostic);
    }
    let statements = module.facts.state.iter().take(MAX_FINDINGS);
    let kept = statements.filter_map(|it| it.obstacle.map(|obstacle| (it, obstacle)));
    for (statement, obstacle) in kept {
        let name = |span: &Span| String::from_utf8_lossy(span.of(scan.text(module))).into_owned();
        let names = statement.variables.iter().map(name).collect::<Vec<_>>().join(", ");
        let message = format!("`static {names}` is not put back: {}", reason(obstacle));
        let place = statement.variables.first().map_or(0..0, |span| range(*span));
        diagnostics.push(
            Diagnostic::note("T-STATE-KEPT", message)
                .label(module.source, place, "")
                .help(way_out(obstacle)),
        );
    }
}

fn reason(obstacle: StaticObstacle) -> &'static str {
    match obstacle {
        StaticObstacle::Outside => "it is in no function",
        StaticObstacle::Unbraced => "it is the body of a statement and has no braces",
        StaticObstacle::Twice => "the function has another `static` of the same name",
        StaticObstacle::Shown => {
            "`get_defined_vars()`, `eval()` or `include` in the function sees all its variables"
        }
        StaticObstacle::Computed => "its first value is computed when the function is called",
        StaticObstacle::Referenced => "the function gives a reference to it away",
        StaticObstacle::Ticks => "the file counts statements by `declare(ticks)`",
        StaticObstacle::Taken => "the file has variables with names of tilde, `$tilde_…`",
    }
}

fn way_out(obstacle: StaticObstacle) -> &'static str {
    match obstacle {
        StaticObstacle::Unbraced => "write braces around it",
        StaticObstacle::Taken => "give these variables other names",
        _ => "make it a static property, which `tilde state --resetter` puts back",
    }
}
