//! Our trees in the form of `docs/tree-dump.md`, which has the meaning of every
//! line that is written here.

use std::fmt::Write;

use tilde_syntax::ast::{
    Adaptation, Argument, Arguments, AssignmentOperator, AttributeGroup, BinaryOperator, Block,
    CastKind, Class, ClassKind, ConstantItem, Element, Expression, ForeachTarget, Hook, Hooks,
    Identifier, Index, Member, MemberName, Modifier, Name, Parameters, Property, Statement,
    StringPart, Type, UnaryOperator, UseKind, Variable,
};
use tilde_syntax::{Span, TokenKind, Tree};

/// The dump of a tree.
pub fn dump(tree: &Tree<'_>) -> String {
    let mut dump = Dump { tree, lines: line_starts(tree.source()), depth: 0, out: String::new() };
    dump.statements("stmts", tree.program().statements);
    dump.out
}

struct Dump<'t, 'a> {
    tree: &'t Tree<'a>,
    /// Where lines start.
    lines: Vec<u32>,
    depth: usize,
    out: String,
}

/// The words of a node: those with `true`.
type Words<'w> = &'w [(&'w str, bool)];

impl<'a> Dump<'_, 'a> {
    fn text(&self, span: Span) -> &'a [u8] {
        self.tree.text(span)
    }

    fn line(&self, offset: u32) -> usize {
        self.lines.partition_point(|&start| start <= offset)
    }

    /// A line, and whatever is below it.
    fn node(&mut self, role: &str, kind: &str, start: u32, words: Words<'_>, text: Option<&[u8]>) {
        let line = self.line(start);
        self.out.extend(std::iter::repeat_n(' ', self.depth));
        write!(self.out, "{role} {kind} {line}").unwrap();
        for (word, _) in words.iter().filter(|(_, holds)| *holds) {
            write!(self.out, " {word}").unwrap();
        }
        if let Some(text) = text {
            self.out.push_str(" \"");
            quote(text, &mut self.out);
            self.out.push('"');
        }
        self.out.push('\n');
    }

    fn below(&mut self, print: impl FnOnce(&mut Self)) {
        self.depth += 1;
        print(self);
        self.depth -= 1;
    }

    fn branch(&mut self, role: &str, kind: &str, start: u32, print: impl FnOnce(&mut Self)) {
        self.node(role, kind, start, &[], None);
        self.below(print);
    }

    // Statements.

    fn statements(&mut self, role: &str, statements: &[Statement<'a>]) {
        for statement in statements {
            self.statement(role, *statement);
        }
    }

    fn block(&mut self, role: &str, block: &Block<'a>) {
        self.statements(role, block.statements);
    }

    fn statement(&mut self, role: &str, statement: Statement<'a>) {
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || self.statement_here(role, statement));
    }

    #[allow(clippy::too_many_lines)] // an arm for each kind of statement
    fn statement_here(&mut self, role: &str, statement: Statement<'a>) {
        let start = statement.span().start;
        match statement {
            Statement::Empty(_) => {}
            Statement::InlineHtml(html) => {
                self.node(role, "InlineHtml", start, &[], Some(self.text(html.span)));
            }
            Statement::Block(block) => self.block(role, block),
            Statement::Alternative(node) => self.statements(role, node.statements),
            Statement::ExpressionStatement(node) => {
                self.branch(role, "Expression", start, |d| d.expression("expr", node.expression));
            }
            Statement::Echo(node) => {
                self.branch(role, "Echo", start, |d| d.expressions("exprs", node.values));
            }
            Statement::If(node) => self.branch(role, "If", start, |d| {
                d.expression("cond", node.condition);
                d.statement("stmts", node.body);
                for else_if in node.else_ifs {
                    d.branch("elseifs", "ElseIf", else_if.span.start, |d| {
                        d.expression("cond", else_if.condition);
                        d.statement("stmts", else_if.body);
                    });
                }
                if let Some(otherwise) = node.otherwise {
                    d.branch("else", "Else", otherwise.span.start, |d| {
                        d.statement("stmts", otherwise.body);
                    });
                }
            }),
            Statement::While(node) => self.branch(role, "While", start, |d| {
                d.expression("cond", node.condition);
                d.statement("stmts", node.body);
            }),
            Statement::DoWhile(node) => self.branch(role, "Do", start, |d| {
                d.statement("stmts", node.body);
                d.expression("cond", node.condition);
            }),
            Statement::For(node) => self.branch(role, "For", start, |d| {
                d.expressions("init", node.initial);
                d.expressions("cond", node.conditions);
                d.expressions("loop", node.updates);
                d.statement("stmts", node.body);
            }),
            Statement::Foreach(node) => {
                let byref = node.value.by_reference.is_some();
                self.node(role, "Foreach", start, &[("byref", byref)], None);
                self.below(|d| {
                    d.expression("expr", node.subject);
                    if let Some(ForeachTarget { target, .. }) = node.key {
                        d.expression("keyVar", *target);
                    }
                    d.expression("valueVar", node.value.target);
                    d.statement("stmts", node.body);
                });
            }
            Statement::Switch(node) => self.branch(role, "Switch", start, |d| {
                d.expression("cond", node.subject);
                for case in node.cases {
                    d.branch("cases", "Case", case.span.start, |d| {
                        d.optional("cond", case.condition);
                        d.statements("stmts", case.statements);
                    });
                }
            }),
            Statement::Break(node) => {
                self.branch(role, "Break", start, |d| d.optional("num", node.levels));
            }
            Statement::Continue(node) => {
                self.branch(role, "Continue", start, |d| d.optional("num", node.levels));
            }
            Statement::Return(node) => {
                self.branch(role, "Return", start, |d| d.optional("expr", node.value));
            }
            Statement::Global(node) => {
                self.branch(role, "Global", start, |d| d.expressions("vars", node.variables));
            }
            Statement::Unset(node) => {
                self.branch(role, "Unset", start, |d| d.expressions("vars", node.variables));
            }
            Statement::StaticVariables(node) => self.branch(role, "Static", start, |d| {
                for variable in node.variables {
                    d.branch("vars", "StaticVar", variable.span.start, |d| {
                        d.variable("var", variable.variable);
                        d.optional("default", variable.value);
                    });
                }
            }),
            Statement::Declare(node) => {
                let body = !matches!(node.body, Statement::Empty(_));
                self.node(role, "Declare", start, &[("body", body)], None);
                self.below(|d| {
                    for item in node.directives {
                        d.branch("declares", "DeclareItem", item.span.start, |d| {
                            d.identifier("key", item.name);
                            d.expression("value", item.value);
                        });
                    }
                    d.statement("stmts", node.body);
                });
            }
            Statement::Try(node) => self.branch(role, "TryCatch", start, |d| {
                d.block("stmts", node.block);
                for catch in node.catches {
                    d.branch("catches", "Catch", catch.span.start, |d| {
                        d.names("types", catch.types);
                        if let Some(variable) = catch.variable {
                            d.variable("var", variable);
                        }
                        d.block("stmts", catch.block);
                    });
                }
                if let Some(finally) = node.finally {
                    d.branch("finally", "Finally", finally.span.start, |d| {
                        d.block("stmts", finally.block);
                    });
                }
            }),
            Statement::Goto(node) => {
                self.branch(role, "Goto", start, |d| d.identifier("name", node.label));
            }
            Statement::Label(node) => {
                self.branch(role, "Label", start, |d| d.identifier("name", node.name));
            }
            Statement::HaltCompiler(node) => {
                let count = node.data.map_or(0, |data| data.span.len()).to_string();
                self.node(role, "HaltCompiler", start, &[], Some(count.as_bytes()));
            }
            Statement::Namespace(node) => {
                let body = node.terminator.is_none();
                self.node(role, "Namespace", start, &[("body", body)], None);
                self.below(|d| {
                    if let Some(name) = node.name {
                        d.name("name", name);
                    }
                    if body {
                        d.statements("stmts", node.statements);
                    }
                });
                if !body {
                    self.statements(role, node.statements);
                }
            }
            Statement::Use(node) => {
                let kind = if node.prefix.is_some() { "GroupUse" } else { "Use" };
                self.node(role, kind, start, &use_kind(node.kind), None);
                self.below(|d| {
                    if let Some(prefix) = node.prefix {
                        d.name("prefix", prefix);
                    }
                    for item in node.items {
                        d.node("uses", "UseItem", item.span.start, &use_kind(item.kind), None);
                        d.below(|d| {
                            d.name("name", item.name);
                            if let Some(alias) = item.alias {
                                d.identifier("alias", alias);
                            }
                        });
                    }
                });
            }
            Statement::Constants(node) => self.branch(role, "Const", start, |d| {
                d.attributes(node.attributes);
                d.constant_items(node.items);
            }),
            Statement::Function(node) => {
                let byref = node.by_reference.is_some();
                self.node(role, "Function", start, &[("byref", byref)], None);
                self.below(|d| {
                    d.attributes(node.attributes);
                    d.identifier("name", node.name);
                    d.parameters(node.parameters);
                    d.optional_hint("returnType", node.return_type);
                    d.block("stmts", node.body);
                });
            }
            Statement::Class(class) => self.class(role, class),
        }
    }

    // Declarations.

    fn class(&mut self, role: &str, class: &Class<'a>) {
        let kind = match class.kind {
            ClassKind::Class => "Class",
            ClassKind::Interface => "Interface",
            ClassKind::Trait => "Trait",
            ClassKind::Enum => "Enum",
        };
        self.node(role, kind, class.span.start, &modifier_words(class.modifiers), None);
        self.below(|d| {
            d.attributes(class.attributes);
            if let Some(name) = class.name {
                d.identifier("name", name);
            }
            d.optional_hint("scalarType", class.backing);
            d.names("extends", class.extends);
            d.names("implements", class.implements);
            for member in class.members {
                d.member(*member);
            }
        });
    }

    fn member(&mut self, member: Member<'a>) {
        let start = member.span().start;
        match member {
            Member::Properties(node) => {
                let words = modifier_words(node.modifiers);
                self.node("stmts", "Property", start, &words, None);
                self.below(|d| {
                    d.attributes(node.attributes);
                    d.optional_hint("type", node.hint);
                    for item in node.items {
                        d.branch("props", "PropertyItem", item.span.start, |d| {
                            d.leaf("name", "Identifier", item.variable.span);
                            d.optional("default", item.value);
                        });
                    }
                    for hooks in node.items.iter().filter_map(|item| item.hooks) {
                        d.hooks(hooks);
                    }
                });
            }
            Member::ClassConstants(node) => {
                let words = modifier_words(node.modifiers);
                self.node("stmts", "ClassConst", start, &words, None);
                self.below(|d| {
                    d.attributes(node.attributes);
                    d.optional_hint("type", node.hint);
                    d.constant_items(node.items);
                });
            }
            Member::Method(node) => {
                let mut words = modifier_words(node.modifiers);
                words.push(("byref", node.by_reference.is_some()));
                words.push(("body", node.body.is_some()));
                self.node("stmts", "ClassMethod", start, &words, None);
                self.below(|d| {
                    d.attributes(node.attributes);
                    d.identifier("name", node.name);
                    d.parameters(node.parameters);
                    d.optional_hint("returnType", node.return_type);
                    if let Some(body) = node.body {
                        d.block("stmts", body);
                    }
                });
            }
            Member::TraitUse(node) => self.branch("stmts", "TraitUse", start, |d| {
                d.names("traits", node.traits);
                for adaptation in node.adaptations.map_or(&[][..], |node| node.adaptations) {
                    d.adaptation(*adaptation);
                }
            }),
            Member::EnumCase(node) => self.branch("stmts", "EnumCase", start, |d| {
                d.attributes(node.attributes);
                d.identifier("name", node.name);
                d.optional("expr", node.value);
            }),
        }
    }

    fn adaptation(&mut self, adaptation: Adaptation<'a>) {
        let start = adaptation.span().start;
        match adaptation {
            Adaptation::Alias(node) => {
                let words = modifier_words(node.modifier.as_slice());
                self.node("adaptations", "Alias", start, &words, None);
                self.below(|d| {
                    if let Some(class) = node.class {
                        d.name("trait", class);
                    }
                    d.identifier("method", node.method);
                    if let Some(alias) = node.alias {
                        d.identifier("newName", alias);
                    }
                });
            }
            Adaptation::Precedence(node) => {
                self.branch("adaptations", "Precedence", start, |d| {
                    d.name("trait", node.class);
                    d.identifier("method", node.method);
                    d.names("insteadof", node.instead_of);
                });
            }
        }
    }

    fn hooks(&mut self, hooks: &Hooks<'a>) {
        for hook in hooks.hooks {
            let Hook { value, block, .. } = *hook;
            let mut words = modifier_words(hook.modifiers);
            words.push(("byref", hook.by_reference.is_some()));
            words.push(("body", value.is_some() || block.is_some()));
            self.node("hooks", "PropertyHook", hook.span.start, &words, None);
            self.below(|d| {
                d.attributes(hook.attributes);
                d.identifier("name", hook.name);
                if let Some(parameters) = hook.parameters {
                    d.parameters(parameters);
                }
                d.optional("expr", value);
                if let Some(block) = block {
                    d.block("stmts", block);
                }
            });
        }
    }

    fn constant_items(&mut self, items: &[ConstantItem<'a>]) {
        for item in items {
            self.branch("consts", "ConstItem", item.span.start, |d| {
                d.identifier("name", item.name);
                d.expression("value", item.value);
            });
        }
    }

    fn attributes(&mut self, groups: &[AttributeGroup<'a>]) {
        for group in groups {
            self.branch("attrGroups", "AttributeGroup", group.span.start, |d| {
                for attribute in group.attributes {
                    d.branch("attrs", "Attribute", attribute.span.start, |d| {
                        d.name("name", attribute.name);
                        d.optional_arguments(attribute.arguments);
                    });
                }
            });
        }
    }

    fn parameters(&mut self, parameters: &Parameters<'a>) {
        for parameter in parameters.list {
            let mut words = modifier_words(parameter.modifiers);
            words.push(("byref", parameter.by_reference.is_some()));
            words.push(("variadic", parameter.variadic.is_some()));
            self.node("params", "Param", parameter.span.start, &words, None);
            self.below(|d| {
                d.attributes(parameter.attributes);
                d.optional_hint("type", parameter.hint);
                d.variable("var", parameter.variable);
                d.optional("default", parameter.value);
                if let Some(hooks) = parameter.hooks {
                    d.hooks(hooks);
                }
            });
        }
    }

    fn optional_hint(&mut self, role: &str, hint: Option<Type<'a>>) {
        if let Some(hint) = hint {
            self.hint(role, hint);
        }
    }

    fn hint(&mut self, role: &str, hint: Type<'a>) {
        let start = hint.span().start;
        match hint {
            Type::Name(name) => self.name(role, name),
            Type::NullableType(node) => {
                self.branch(role, "NullableType", start, |d| d.hint("type", node.inner));
            }
            Type::UnionType(node) => self.branch(role, "UnionType", start, |d| {
                node.types.iter().for_each(|hint| d.hint("types", *hint));
            }),
            Type::IntersectionType(node) => self.branch(role, "IntersectionType", start, |d| {
                node.types.iter().for_each(|hint| d.hint("types", *hint));
            }),
            Type::ParenthesizedType(node) => self.hint(role, node.inner),
        }
    }

    // Leaves.

    fn leaf(&mut self, role: &str, kind: &str, span: Span) {
        self.node(role, kind, span.start, &[], Some(self.text(span)));
    }

    fn name(&mut self, role: &str, name: Name) {
        self.leaf(role, "Name", name.span);
    }

    fn names(&mut self, role: &str, names: &[Name]) {
        for name in names {
            self.name(role, *name);
        }
    }

    fn identifier(&mut self, role: &str, identifier: Identifier) {
        self.leaf(role, "Identifier", identifier.span);
    }

    fn variable(&mut self, role: &str, variable: Variable) {
        let text = &self.text(variable.span)[1..];
        self.node(role, "Variable", variable.span.start, &[], Some(text));
    }

    // Expressions.

    fn optional(&mut self, role: &str, expression: Option<Expression<'a>>) {
        if let Some(expression) = expression {
            self.expression(role, expression);
        }
    }

    fn expressions(&mut self, role: &str, expressions: &[Expression<'a>]) {
        for expression in expressions {
            self.expression(role, *expression);
        }
    }

    fn expression(&mut self, role: &str, expression: Expression<'a>) {
        stacker::maybe_grow(128 * 1024, 1024 * 1024, || self.expression_here(role, expression));
    }

    #[allow(clippy::too_many_lines)] // an arm for each kind of expression
    fn expression_here(&mut self, role: &str, expression: Expression<'a>) {
        let span = expression.span();
        let start = span.start;
        let operand = |d: &mut Self, kind, value| {
            d.branch(role, kind, start, |d| d.expression("expr", value));
        };
        match expression {
            Expression::Variable(variable) => self.variable(role, variable),
            Expression::Integer(_) => self.leaf(role, "Int", span),
            Expression::Float(_) => self.leaf(role, "Float", span),
            Expression::StringLiteral(_) => self.leaf(role, "String", span),
            Expression::MagicConstant(_) => self.leaf(role, "MagicConst", span),
            Expression::VariableName(_) => self.leaf(role, "Variable", span),
            Expression::Offset(_) => self.leaf(role, "Offset", span),
            Expression::Name(name) => self.name(role, name),
            Expression::Constant(_) => {
                self.branch(role, "ConstFetch", start, |d| d.leaf("name", "Name", span));
            }
            Expression::VariableVariable(node) => {
                self.branch(role, "Variable", start, |d| d.expression("name", node.name));
            }
            Expression::Interpolated(node) => {
                if node.parts.iter().all(|part| matches!(part, StringPart::Text(_))) {
                    return self.leaf(role, "String", span);
                }
                self.node(role, "Encapsed", start, &[], Some(self.text(node.open)));
                self.below(|d| d.parts(node.parts));
            }
            Expression::ShellCommand(node) => {
                self.branch(role, "ShellExec", start, |d| d.parts(node.parts));
            }
            Expression::Array(node) => {
                self.node(role, "Array", start, &[("short", node.is_short)], None);
                self.below(|d| d.elements(node.elements));
            }
            Expression::List(node) => {
                self.branch(role, "List", start, |d| d.elements(node.elements));
            }
            Expression::Parenthesized(node) => self.expression(role, node.inner),
            Expression::Binary(node) => {
                let text = binary(node.operator).as_bytes();
                self.node(role, "Binary", start, &[], Some(text));
                self.below(|d| {
                    d.expression("left", node.left);
                    d.expression("right", node.right);
                });
            }
            Expression::Assignment(node) => {
                match node.operator {
                    AssignmentOperator::Compound(operator) => {
                        let text = format!("{}=", binary(operator));
                        self.node(role, "AssignOp", start, &[], Some(text.as_bytes()));
                    }
                    AssignmentOperator::Assign if node.by_reference.is_some() => {
                        self.node(role, "AssignRef", start, &[], None);
                    }
                    AssignmentOperator::Assign => self.node(role, "Assign", start, &[], None),
                }
                self.below(|d| {
                    d.expression("var", node.target);
                    d.expression("expr", node.value);
                });
            }
            Expression::Unary(node) => {
                let text = match node.operator {
                    UnaryOperator::Plus => b"+",
                    UnaryOperator::Minus => b"-",
                    UnaryOperator::Not => b"!",
                    UnaryOperator::BitwiseNot => b"~",
                    UnaryOperator::Silence => b"@",
                };
                self.node(role, "Unary", start, &[], Some(text));
                self.below(|d| d.expression("expr", node.operand));
            }
            Expression::Cast(node) => {
                let text = match node.kind {
                    CastKind::Array => "array",
                    CastKind::Bool => "bool",
                    CastKind::Float => "float",
                    CastKind::Int => "int",
                    CastKind::Object => "object",
                    CastKind::String => "string",
                    CastKind::Unset => "unset",
                    CastKind::Void => "void",
                };
                self.node(role, "Cast", start, &[], Some(text.as_bytes()));
                self.below(|d| d.expression("expr", node.operand));
            }
            Expression::Prefix(node) => {
                let kind = if node.is_increment { "PreInc" } else { "PreDec" };
                self.branch(role, kind, start, |d| d.expression("var", node.operand));
            }
            Expression::Postfix(node) => {
                let kind = if node.is_increment { "PostInc" } else { "PostDec" };
                self.branch(role, kind, start, |d| d.expression("var", node.operand));
            }
            Expression::Ternary(node) => self.branch(role, "Ternary", start, |d| {
                d.expression("cond", node.condition);
                d.optional("if", node.then);
                d.expression("else", node.otherwise);
            }),
            Expression::InstanceOf(node) => self.branch(role, "Instanceof", start, |d| {
                d.expression("expr", node.value);
                d.expression("class", node.class);
            }),
            Expression::New(node) => self.branch(role, "New", start, |d| {
                d.expression("class", node.class);
                match node.class {
                    Expression::Class(class) => d.optional_arguments(class.arguments),
                    _ => d.optional_arguments(node.arguments),
                }
            }),
            Expression::Class(class) => self.class(role, class),
            Expression::Call(node) => self.branch(role, "FuncCall", start, |d| {
                d.expression("name", node.callee);
                d.arguments(node.arguments);
            }),
            Expression::Property(node) => self.property(role, node),
            Expression::MethodCall(node) => {
                let kind = if node.is_nullsafe { "NullsafeMethodCall" } else { "MethodCall" };
                self.branch(role, kind, start, |d| {
                    d.expression("var", node.object);
                    d.member_name(node.name);
                    d.arguments(node.arguments);
                });
            }
            Expression::StaticProperty(node) => {
                self.branch(role, "StaticPropertyFetch", start, |d| {
                    d.expression("class", node.class);
                    match node.variable {
                        Expression::Variable(name) => d.leaf("name", "Identifier", name.span),
                        Expression::VariableVariable(name) => d.expression("name", name.name),
                        name => d.expression("name", name),
                    }
                });
            }
            Expression::StaticCall(node) => self.branch(role, "StaticCall", start, |d| {
                d.expression("class", node.class);
                d.member_name(node.name);
                d.arguments(node.arguments);
            }),
            Expression::ClassConstant(node) => {
                self.branch(role, "ClassConstFetch", start, |d| {
                    d.expression("class", node.class);
                    d.member_name(node.name);
                });
            }
            Expression::Index(node) => self.index(role, node, start),
            Expression::Closure(node) => {
                let words =
                    [("static", node.static_at.is_some()), ("byref", node.by_reference.is_some())];
                self.node(role, "Closure", start, &words, None);
                self.below(|d| {
                    d.attributes(node.attributes);
                    d.parameters(node.parameters);
                    for item in node.uses.map_or(&[][..], |uses| uses.list) {
                        let byref = item.by_reference.is_some();
                        d.node("uses", "ClosureUse", item.span.start, &[("byref", byref)], None);
                        d.below(|d| d.variable("var", Variable { span: item.variable }));
                    }
                    d.optional_hint("returnType", node.return_type);
                    d.block("stmts", node.body);
                });
            }
            Expression::ArrowFunction(node) => {
                let words =
                    [("static", node.static_at.is_some()), ("byref", node.by_reference.is_some())];
                self.node(role, "ArrowFunction", start, &words, None);
                self.below(|d| {
                    d.attributes(node.attributes);
                    d.parameters(node.parameters);
                    d.optional_hint("returnType", node.return_type);
                    d.expression("expr", node.value);
                });
            }
            Expression::Match(node) => self.branch(role, "Match", start, |d| {
                d.expression("cond", node.subject);
                for arm in node.arms {
                    d.branch("arms", "MatchArm", arm.span.start, |d| {
                        d.expressions("conds", arm.conditions);
                        d.expression("body", arm.value);
                    });
                }
            }),
            Expression::Isset(node) => {
                self.branch(role, "Isset", start, |d| d.expressions("vars", node.values));
            }
            Expression::IsEmpty(node) => operand(self, "Empty", node.value),
            Expression::Eval(node) => operand(self, "Eval", node.code),
            Expression::Print(node) => operand(self, "Print", node.value),
            Expression::YieldFrom(node) => operand(self, "YieldFrom", node.source),
            Expression::Throw(node) => operand(self, "Throw", node.exception),
            Expression::CloneExpression(node) => operand(self, "Clone", node.object),
            Expression::Include(node) => {
                let text = match node.kind {
                    TokenKind::Include => "include",
                    TokenKind::IncludeOnce => "include_once",
                    TokenKind::Require => "require",
                    _ => "require_once",
                };
                self.node(role, "Include", start, &[], Some(text.as_bytes()));
                self.below(|d| d.expression("expr", node.path));
            }
            Expression::Exit(node) => {
                let is_die = self.text(span)[0].eq_ignore_ascii_case(&b'd');
                let text: &[u8] = if is_die { b"die" } else { b"exit" };
                self.node(role, "Exit", start, &[], Some(text));
                self.below(|d| {
                    for argument in node.arguments.map_or(&[][..], |list| list.list) {
                        match argument {
                            Argument::Expression(value) => d.expression("expr", *value),
                            other => d.argument(*other),
                        }
                    }
                });
            }
            Expression::Yield(node) => self.branch(role, "Yield", start, |d| {
                d.optional("key", node.key);
                d.optional("value", node.value);
            }),
        }
    }

    fn property(&mut self, role: &str, node: &Property<'a>) {
        let kind = if node.is_nullsafe { "NullsafePropertyFetch" } else { "PropertyFetch" };
        self.branch(role, kind, node.span.start, |d| {
            d.expression("var", node.object);
            d.member_name(node.name);
        });
    }

    fn index(&mut self, role: &str, node: &Index<'a>, start: u32) {
        self.node(role, "ArrayDimFetch", start, &[("curly", node.is_curly)], None);
        self.below(|d| {
            match node.base {
                Expression::VariableName(name) => {
                    let text = d.text(name.span);
                    d.node("var", "Variable", start, &[], Some(text));
                }
                base => d.expression("var", base),
            }
            d.optional("dim", node.index);
        });
    }

    fn member_name(&mut self, name: MemberName<'a>) {
        match name {
            MemberName::Identifier(name) => self.identifier("name", name),
            MemberName::Variable(name) => self.variable("name", name),
            MemberName::VariableVariable(name) => {
                self.expression("name", Expression::VariableVariable(name));
            }
            MemberName::BracedName(name) => self.expression("name", name.expression),
            MemberName::Index(name) => self.expression("name", Expression::Index(name)),
        }
    }

    fn elements(&mut self, elements: &[Element<'a>]) {
        for element in elements {
            let start = element.span().start;
            let (key, value, byref, unpack) = match *element {
                Element::Hole(_) => {
                    self.out.extend(std::iter::repeat_n(' ', self.depth));
                    self.out.push_str("items -\n");
                    continue;
                }
                Element::Expression(value) => (None, value, false, false),
                Element::KeyedElement(node) => {
                    (Some(node.key), node.value, node.by_reference.is_some(), false)
                }
                Element::ReferenceElement(node) => (None, node.value, true, false),
                Element::SpreadElement(node) => (None, node.value, false, true),
            };
            let words = [("byref", byref), ("unpack", unpack)];
            self.node("items", "ArrayItem", start, &words, None);
            self.below(|d| {
                d.optional("key", key);
                d.expression("value", value);
            });
        }
    }

    fn optional_arguments(&mut self, arguments: Option<&Arguments<'a>>) {
        if let Some(arguments) = arguments {
            self.arguments(arguments);
        }
    }

    fn arguments(&mut self, arguments: &Arguments<'a>) {
        arguments.list.iter().for_each(|argument| self.argument(*argument));
    }

    fn argument(&mut self, argument: Argument<'a>) {
        let start = argument.span().start;
        let (name, value, byref, unpack) = match argument {
            Argument::Placeholder(_) => {
                return self.node("args", "VariadicPlaceholder", start, &[], None);
            }
            Argument::Expression(value) => (None, value, false, false),
            Argument::SpreadArgument(node) => (None, node.value, false, true),
            Argument::NamedArgument(node) => (Some(node.name), node.value, false, false),
            Argument::ReferenceArgument(node) => (None, node.value, true, false),
        };
        let words = [("byref", byref), ("unpack", unpack)];
        self.node("args", "Arg", start, &words, None);
        self.below(|d| {
            if let Some(name) = name {
                d.identifier("name", name);
            }
            d.expression("value", value);
        });
    }

    fn parts(&mut self, parts: &[StringPart<'a>]) {
        for part in parts {
            let start = part.span().start;
            match *part {
                StringPart::Text(text) => self.leaf("parts", "EncapsedStringPart", text.span),
                StringPart::Variable(variable) => self.variable("parts", variable),
                StringPart::Index(index) => self.index("parts", index, start),
                StringPart::Property(property) => self.property("parts", property),
                StringPart::BracedPart(node) => self.expression("parts", node.expression),
                StringPart::DollarBracedPart(node) => match node.expression {
                    Expression::VariableName(name) => {
                        let text = self.text(name.span);
                        self.node("parts", "Variable", start, &[], Some(text));
                    }
                    Expression::Index(index)
                        if matches!(index.base, Expression::VariableName(_)) =>
                    {
                        self.index("parts", index, start);
                    }
                    name => self.branch("parts", "Variable", start, |d| {
                        d.expression("name", name);
                    }),
                },
            }
        }
    }
}

fn use_kind(kind: Option<UseKind>) -> [(&'static str, bool); 2] {
    [("function", kind == Some(UseKind::Function)), ("const", kind == Some(UseKind::Constant))]
}

fn modifier_words(modifiers: &[Modifier]) -> Vec<(&'static str, bool)> {
    let words = [
        ("public", TokenKind::Public),
        ("protected", TokenKind::Protected),
        ("private", TokenKind::Private),
        ("public(set)", TokenKind::PublicSet),
        ("protected(set)", TokenKind::ProtectedSet),
        ("private(set)", TokenKind::PrivateSet),
        ("static", TokenKind::Static),
        ("abstract", TokenKind::Abstract),
        ("final", TokenKind::Final),
        ("readonly", TokenKind::Readonly),
    ];
    let has = |kind| modifiers.iter().any(|modifier| modifier.kind == kind);
    words.into_iter().map(|(word, kind)| (word, has(kind))).collect()
}

fn binary(operator: BinaryOperator) -> &'static str {
    use BinaryOperator as B;
    match operator {
        B::Add => "+",
        B::BitwiseAnd => "&",
        B::BitwiseOr => "|",
        B::BitwiseXor => "^",
        B::BooleanAnd => "&&",
        B::BooleanOr => "||",
        B::Coalesce => "??",
        B::Concat => ".",
        B::Divide => "/",
        B::Equal => "==",
        B::Greater => ">",
        B::GreaterOrEqual => ">=",
        B::Identical => "===",
        B::LogicalAnd => "and",
        B::LogicalOr => "or",
        B::LogicalXor => "xor",
        B::Modulo => "%",
        B::Multiply => "*",
        B::NotEqual => "!=",
        B::NotIdentical => "!==",
        B::Pipe => "|>",
        B::Power => "**",
        B::ShiftLeft => "<<",
        B::ShiftRight => ">>",
        B::Smaller => "<",
        B::SmallerOrEqual => "<=",
        B::Spaceship => "<=>",
        B::Subtract => "-",
    }
}

/// Where the lines of a source start: behind LF, CR LF and a lone CR.
fn line_starts(source: &[u8]) -> Vec<u32> {
    let mut starts = vec![0];
    for (at, &byte) in source.iter().enumerate() {
        if byte == b'\n' || byte == b'\r' && source.get(at + 1) != Some(&b'\n') {
            starts.push(at as u32 + 1);
        }
    }
    starts
}

fn quote(text: &[u8], out: &mut String) {
    for &byte in text {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => write!(out, "\\x{byte:02x}").unwrap(),
        }
    }
}
