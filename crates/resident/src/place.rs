//! What an expression that is written to is the place of: `self::$a['b'][] = 1` appends to
//! an element of a static property.

use tilde_syntax::ast::{BinaryOperator, ClassConstant, Element, Expression, Name, Variable};
use tilde_syntax::{Flow, Node, Span, Tree, Visitor, walk};

use crate::facts::{How, Key, Value};
use crate::functions::is_superglobal;
use crate::words;

/// What is written to, from its root.
pub(crate) struct Place<'a> {
    pub(crate) root: Root<'a>,
    /// The steps from the root to what is written, the last one first.
    steps: Vec<Step<'a>>,
}

/// All of `$GLOBALS`, and none of its elements.
pub(crate) struct NotGlobal;

/// Where a place starts.
#[derive(Clone, Copy)]
pub(crate) enum Root<'a> {
    /// `A::$b`: the class and the variable.
    Property(Expression<'a>, Expression<'a>),
    Variable(Variable),
}

enum Step<'a> {
    Append,
    Index(Expression<'a>),
    Inside,
}

impl<'a> Root<'a> {
    /// The root of the place that an expression is, if it is one.
    pub(crate) fn of(mut expression: Expression<'a>) -> Option<Self> {
        loop {
            expression = match expression {
                Expression::Index(it) => it.base,
                Expression::Property(it) => it.object,
                Expression::Parenthesized(it) => it.inner,
                Expression::Variable(it) => return Some(Self::Variable(it)),
                Expression::StaticProperty(it) => {
                    return Some(Self::Property(it.class, it.variable));
                }
                _ => return None,
            }
        }
    }
}

impl<'a> Place<'a> {
    /// The place that an expression is, if it can have an effect on state.
    pub(crate) fn of(mut expression: Expression<'a>) -> Option<Self> {
        let root = Root::of(expression)?;
        let mut steps = Vec::new();
        loop {
            expression = match expression {
                Expression::Index(it) => {
                    steps.push(it.index.map_or(Step::Append, Step::Index));
                    it.base
                }
                Expression::Property(it) => {
                    steps.push(Step::Inside);
                    it.object
                }
                Expression::Parenthesized(it) => it.inner,
                _ => return Some(Self { root, steps }),
            }
        }
    }

    /// Takes the step from `$GLOBALS` to one of its elements, and returns its key if that is
    /// written there. An error where `$GLOBALS` itself is the place.
    pub(crate) fn global(&mut self, tree: &Tree<'a>) -> Result<Option<Vec<u8>>, NotGlobal> {
        match self.steps.pop().ok_or(NotGlobal)? {
            Step::Index(Expression::StringLiteral(it)) => Ok(Some(unquoted(tree.text(it.span)))),
            Step::Append | Step::Index(_) | Step::Inside => Ok(None),
        }
    }

    /// Whether all of it is written, and not a part.
    pub(crate) fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }

    /// What a write of `whole` kind does to the root of the place.
    pub(crate) fn how(&self, tree: &Tree<'a>, whole: How) -> How {
        if whole == How::Removed {
            return whole;
        }
        // An object is a handle: all behind it is no part of the root's value.
        if self.steps.iter().any(|step| matches!(step, Step::Inside)) {
            return How::Inside;
        }
        let keyed = self.steps.iter().rev().find_map(|step| match step {
            Step::Append => Some(How::Appended),
            Step::Index(index) if is_constant(*index) && !is_late(tree, *index) => None,
            Step::Index(index) => Some(How::Keyed(key(tree, *index))),
            Step::Inside => None,
        });
        match (keyed, &whole) {
            (Some(How::Appended), _) => How::Appended,
            (_, How::Appended | How::Referenced | How::Passed) => whole,
            (Some(keyed), _) => keyed,
            (None, How::Replaced) if !self.is_whole() => How::Element,
            (None, _) => whole,
        }
    }
}

/// The text of a string literal without its quotes. Escapes stay.
pub(crate) fn unquoted(text: &[u8]) -> Vec<u8> {
    let text = text.strip_prefix(b"b").or(text.strip_prefix(b"B")).unwrap_or(text);
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default().to_vec()
}

/// Whether an expression has the same value each time.
pub(crate) fn is_constant(expression: Expression<'_>) -> bool {
    let mut open = vec![expression];
    while let Some(expression) = open.pop() {
        match expression {
            Expression::Integer(_)
            | Expression::Float(_)
            | Expression::StringLiteral(_)
            | Expression::MagicConstant(_)
            | Expression::Constant(_) => {}
            Expression::ClassConstant(it) if !is_class_of_object(it) => {}
            Expression::Parenthesized(it) => open.push(it.inner),
            Expression::Unary(it) => open.push(it.operand),
            Expression::Binary(it) => open.extend([it.left, it.right]),
            Expression::Array(it) => {
                for element in it.elements {
                    match element {
                        Element::KeyedElement(it) if it.by_reference.is_none() => {
                            open.extend([it.key, it.value]);
                        }
                        Element::Expression(it) => open.push(*it),
                        _ => return false,
                    }
                }
            }
            _ => return false,
        }
    }
    true
}

/// `static::class`, and `self::class`, which in a trait is another one in each class.
fn is_late(tree: &Tree<'_>, expression: Expression<'_>) -> bool {
    let Expression::ClassConstant(it) = expression else { return false };
    let class = tree.text(it.class.span());
    class.eq_ignore_ascii_case(b"static") || class.eq_ignore_ascii_case(b"self")
}

/// `$a::class`, which is not the same each time.
fn is_class_of_object(it: &ClassConstant<'_>) -> bool {
    !matches!(it.class, Expression::Name(_))
}

/// What elements are found by. The longest text of a key that is kept is 40 bytes.
fn key(tree: &Tree<'_>, index: Expression<'_>) -> Key {
    let span = index.span();
    let text = tree.text(Span { start: span.start, end: span.end.min(span.start + 40) }).to_vec();
    let mut names = Names { tree, is_of_file: false, is_of_code: false };
    walk(Node::from(index), &mut names);
    match names {
        Names { is_of_code: true, .. } => Key::Code(text),
        Names { is_of_file: true, .. } => Key::File(text),
        _ => Key::Other(text),
    }
}

/// What the names in a key say of it.
struct Names<'t, 'a> {
    tree: &'t Tree<'a>,
    is_of_file: bool,
    is_of_code: bool,
}

impl<'a> Visitor<'a> for Names<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        match node {
            Node::ClassConstant(it) => {
                self.is_of_code |= self.tree.text(it.name.span()).eq_ignore_ascii_case(b"class");
            }
            Node::Variable(Variable { span }) | Node::Name(Name { span }) => self.note(span),
            Node::Property(it) => self.note(it.name.span()),
            Node::MethodCall(it) => self.note(it.name.span()),
            Node::MagicConstant(_) => self.is_of_code = true,
            _ => {}
        }
        Flow::Descend
    }
}

impl Names<'_, '_> {
    fn note(&mut self, span: Span) {
        let name = self.tree.text(span);
        self.is_of_code |= words::is_of_code(name);
        self.is_of_file |= words::is_of_file(name);
    }
}

/// Which variables have something of a request: the word that says so.
pub(crate) type OfRequest<'f> = dyn Fn(&[u8]) -> Option<Vec<u8>> + 'f;

/// The word that says that an expression is a part of a request, of a user or a session:
/// `$this->request->get('a') ?? 1`, and not `$this->userPreferences->load()`.
pub(crate) fn part_of_request(
    tree: &Tree<'_>,
    expression: Expression<'_>,
    known: &OfRequest<'_>,
) -> Option<Vec<u8>> {
    let mut place = expression;
    loop {
        place = match place {
            Expression::Variable(it) => {
                let text = tree.text(it.span);
                let is_input = is_superglobal(&text[1..]) && text != b"$_ENV";
                let is_request = is_input || words::ends_of_request(&text[1..]);
                return is_request.then(|| text.to_vec()).or_else(|| known(&text[1..]));
            }
            Expression::Property(it) => {
                let name = tree.text(it.name.span());
                let is_own = tree.text(it.object.span()) == b"$this";
                if is_own && words::ends_of_request(name) {
                    return Some(name.to_vec());
                }
                it.object
            }
            Expression::Index(it) => it.base,
            Expression::MethodCall(it) => it.object,
            Expression::Parenthesized(it) => it.inner,
            Expression::Cast(it) => it.operand,
            Expression::Binary(it) if it.operator == BinaryOperator::Coalesce => it.left,
            _ => return None,
        }
    }
}

/// What is written, as far as its code says. `is_own` says whether a name is that of the
/// class around, `of_request` which variables have something of a request.
pub(crate) fn value<'a>(
    tree: &Tree<'a>,
    expression: Expression<'a>,
    is_own: impl Fn(Name) -> bool,
    of_request: &OfRequest<'_>,
) -> Value {
    if is_constant(expression) {
        return Value::Constant;
    }
    let mut words = RequestWords { tree, of_request, found: None };
    walk(Node::from(expression), &mut words);
    let is_own_instance = matches!(
        expression,
        Expression::New(new) if matches!(new.class, Expression::Name(name) if is_own(name))
    );
    match words.found {
        Some(word) => Value::Request(word),
        None if is_own_instance => Value::OwnInstance,
        None => Value::Other,
    }
}

/// Looks for a name that is of a request.
struct RequestWords<'t, 'a> {
    tree: &'t Tree<'a>,
    of_request: &'t OfRequest<'t>,
    found: Option<Vec<u8>>,
}

impl<'a> Visitor<'a> for RequestWords<'_, 'a> {
    fn enter(&mut self, node: Node<'a>) -> Flow {
        let name = match node {
            Node::Variable(it) => {
                let name = &self.tree.text(it.span)[1..];
                if is_superglobal(name) && name != b"_ENV" {
                    self.found = Some(self.tree.text(it.span).to_vec());
                    return Flow::Stop;
                }
                if let Some(word) = (self.of_request)(name) {
                    self.found = Some(word);
                    return Flow::Stop;
                }
                name
            }
            Node::Name(it) => last_part(self.tree.text(it.span)),
            Node::Property(it) => self.tree.text(it.name.span()),
            Node::StaticProperty(it) => self.tree.text(it.variable.span()),
            Node::MethodCall(it) => self.tree.text(it.name.span()),
            Node::StaticCall(it) => self.tree.text(it.name.span()),
            // What a function does when it is called is not what is written.
            Node::Closure(_) | Node::ArrowFunction(_) | Node::Class(_) => return Flow::Skip,
            _ => return Flow::Descend,
        };
        match words::of_request(name) {
            Some(_) => {
                self.found = Some(self.tree.text(node_name(node)).to_vec());
                Flow::Stop
            }
            None => Flow::Descend,
        }
    }
}

/// The part of a node that has its name.
fn node_name(node: Node<'_>) -> Span {
    match node {
        Node::Property(it) => it.name.span(),
        Node::StaticProperty(it) => it.variable.span(),
        Node::MethodCall(it) => it.name.span(),
        Node::StaticCall(it) => it.name.span(),
        node => node.span(),
    }
}

pub(crate) fn last_part(name: &[u8]) -> &[u8] {
    let start = memchr::memrchr(b'\\', name).map_or(0, |at| at + 1);
    &name[start..]
}
