//! What becomes of `static` variables of functions, if a recipe asks for that: they can be
//! put back.
//!
//! They stay PHP's own, with all that PHP does with them: a set for each class that has a
//! method, for each closure, and first values that are computed when and as often as PHP
//! does. Two kinds of variables stand beside them, in the same statement and so in the same
//! storage: one notes the round in which the statement ran last, the others what the
//! variables were in the first round. A new round begins with [`CLASS`]`::reset()`; before
//! the first one the round is `null`, as is what is noted, and nothing is ever done.

use crate::edit::{Edits, Rule, new_tokens};
use crate::facts::{Facts, StaticStatement};
use crate::link::Link;
use crate::rewrite::Context;
use crate::scan::Scan;
use crate::{Recipe, State};

/// The class that counts rounds, of all bundles that a program loads.
const CLASS: &str = "tilde_state";

pub(super) fn note(context: Context<'_>, edits: &mut Edits) {
    if !context.link.has_state {
        return;
    }
    let statements = context.module.facts.state.iter().enumerate();
    for (index, it) in statements.filter(|(_, it)| it.obstacle.is_none()) {
        let code = code(context, index, it);
        edits.insert_all(it.end, new_tokens(&code, context.options), Rule::State);
    }
}

/// What stands between the last variable and the `;`, of which it takes the place.
fn code(context: Context<'_>, index: usize, it: &StaticStatement) -> Vec<u8> {
    let round = format!("$tilde_{index}");
    let now = format!("{}{CLASS}::$round", root(context.link));
    let mut code = format!(",{round}").into_bytes();
    let (mut noted, mut put_back) = (Vec::new(), Vec::new());
    for (place, span) in it.variables.iter().enumerate() {
        let name = span.of(context.text);
        let own = format!("{round}_{place}");
        code.extend([b",", own.as_bytes()].concat());
        noted.push([own.as_bytes(), b"=", name].concat());
        put_back.push([name, b"=", own.as_bytes()].concat());
    }
    let (noted, put_back) = (noted.join(&b','), put_back.join(&b','));
    // An expression and no block: a brace would end a doc comment.
    code.extend(format!(";{round}==={now}||array({round}===null?array(").bytes());
    code.extend(noted);
    code.extend(b"):array(");
    code.extend(put_back);
    code.extend(format!("),{round}={now})").bytes());
    code
}

/// What global names begin with.
fn root(link: &Link<'_>) -> &'static str {
    if link.has_namespaces { "\\" } else { "" }
}

/// Whether there are variables that can be put back, and nobody lists all of them.
pub(crate) fn is_noted(scan: &Scan, recipe: &Recipe) -> bool {
    let facts = || scan.modules.iter().map(|module| &module.facts);
    let has_free = |facts: &Facts| facts.state.iter().any(|it| it.obstacle.is_none());
    recipe.state == State::Instrument
        && facts().all(|facts| facts.lists_statics.is_none())
        && facts().any(has_free)
}

/// The class, which bundles share: there is one, whoever comes first.
pub(crate) fn class(link: &Link<'_>, is_wrapped: bool) -> Vec<u8> {
    let namespace = root(link);
    let code = format!(
        "if(!{namespace}class_exists('{CLASS}',false)){{\
         final class {CLASS}{{public static $round;\
         public static function reset(){{self::$round++;}}}}}}\n"
    );
    if is_wrapped { format!("namespace{{{code}}}") } else { code }.into_bytes()
}
