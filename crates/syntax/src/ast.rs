//! The nodes of the syntax tree.
//!
//! A node borrows its children from the arena that the tree was parsed into;
//! lists are slices, and all is `Copy`. Fields stand in the order of the source,
//! and what a node does not name in a field (commas, parentheses, keywords) are
//! the tokens between its children: [`crate::Tree::own_tokens`] gives them.
//!
//! Parentheses are a node, [`Parenthesized`], and an expression at the place of a
//! statement is in an [`ExpressionStatement`]. A `?>` ends a statement as `;` does.

use tilde_lexer::TokenKind;

use crate::Span;
use crate::node::{Part, choices, nodes, without_nodes};
use crate::span::Position;

nodes! {
    leaves {
        /// `$name`.
        Variable {}
        /// A name that is never resolved: of a member, label, parameter, alias,
        /// or of a thing where it is declared. It may be a keyword.
        Identifier {}
        /// The name of a class, function or constant where it is used, also of
        /// a built-in type and `static`. Up to PHP 7.4 there may be blanks and
        /// comments in it. [`crate::Tree::name_text`] leaves them out.
        Name {}
        /// A constant, which is no more than its name.
        Constant {}
        /// An integer literal.
        Integer {}
        /// A float literal, or an integer too large for one.
        Float {}
        /// `'…'`, or `"…"` without a variable in it, with the quotes and a `b`
        /// in front.
        StringLiteral {}
        /// A piece of text in a string with interpolation or a heredoc.
        Text {}
        /// The name in `"${name}"` and `"${name[0]}"`.
        VariableName {}
        /// What stands in the brackets of `"$a[key]"` and is no variable: a
        /// name, a number, or a `-` and a number.
        Offset {}
        /// `__LINE__` and its kind.
        MagicConstant {
            /// Its token, such as [`TokenKind::Line`].
            kind: TokenKind,
        }
        /// What stands outside of PHP.
        InlineHtml {}
        /// What follows `__halt_compiler();`.
        Data {}
        /// A `;` or `?>` that ends nothing.
        Empty {}
        /// The `...` of `f(...)`.
        Placeholder {}
        /// The gap in `[$a, , $b]`: it has no bytes.
        Hole {}
        /// `public`, `static`, `var` and others.
        Modifier {
            /// Its token, such as [`TokenKind::Public`].
            kind: TokenKind,
        }
    }
    records {
        /// `&$a` in `use (…)`.
        ClosureUse {
            /// The `&`.
            by_reference: Option<Position>,
            /// The variable, with its `$`.
            variable: Span,
        }
        /// `goto label;`
        Goto {
            /// Where to.
            label: Identifier,
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `label:`
        Label {
            /// Its name.
            name: Identifier,
        }
        /// `__halt_compiler();` and what follows.
        HaltCompiler {
            /// The `;` or `?>`.
            terminator: Position,
            /// The rest of the file, if there is any.
            data: Option<Data>,
        }
        /// `A\B as C` behind `use`.
        UseItem {
            /// `function` or `const` of its own, in braces.
            kind: Option<UseKind>,
            /// What is imported.
            name: Name,
            /// What it is called here.
            alias: Option<Identifier>,
        }
        /// `A::a as protected b;`
        Alias {
            /// Whose method.
            class: Option<Name>,
            /// The method.
            method: Identifier,
            /// How it is to be seen.
            modifier: Option<Modifier>,
            /// What it is called too.
            alias: Option<Identifier>,
            /// The `;` or `?>`.
            terminator: Position,
        }
    }
    branches {
        /// A whole file.
        Program {
            /// All of it, from the first statement on.
            statements: &'a [Statement<'a>],
        }

        // Statements.

        /// `expression;`
        ExpressionStatement {
            /// What is evaluated.
            expression: Expression<'a>,
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `echo 1, 2;` and `<?= 1, 2 ?>`.
        Echo {
            /// What is printed.
            values: &'a [Expression<'a>],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `{ … }`
        Block {
            /// What stands between the braces.
            statements: &'a [Statement<'a>],
        }
        /// `: …` up to the keyword that ends it, in `if (…): … endif;`.
        Alternative {
            /// What stands between the colon and the keyword.
            statements: &'a [Statement<'a>],
        }
        /// `if`, with all its `elseif` and its `else`.
        If {
            /// What stands between the parentheses.
            condition: Expression<'a>,
            /// What happens if it holds.
            body: Statement<'a>,
            /// `elseif`; an `else if` is an [`Else`] with an [`If`] in it.
            else_ifs: &'a [ElseIf<'a>],
            /// `else`.
            otherwise: Option<&'a Else<'a>>,
            /// `endif` and what terminates it.
            end: Option<AlternativeEnd>,
        }
        /// `elseif (…) …`
        ElseIf {
            /// What stands between the parentheses.
            condition: Expression<'a>,
            /// What happens if it holds.
            body: Statement<'a>,
        }
        /// `else …`
        Else {
            /// What happens then.
            body: Statement<'a>,
        }
        /// `while (…) …`
        While {
            /// What stands between the parentheses.
            condition: Expression<'a>,
            /// What is repeated.
            body: Statement<'a>,
            /// `endwhile` and what terminates it.
            end: Option<AlternativeEnd>,
        }
        /// `do … while (…);`
        DoWhile {
            /// What is repeated.
            body: Statement<'a>,
            /// What stands between the parentheses.
            condition: Expression<'a>,
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `for (…; …; …) …`
        For {
            /// What comes first.
            initial: &'a [Expression<'a>],
            /// The `;` or `?>` behind.
            first_separator: Position,
            /// What is asked before each round; the last one counts.
            conditions: &'a [Expression<'a>],
            /// The `;` or `?>` behind.
            second_separator: Position,
            /// What comes after each round.
            updates: &'a [Expression<'a>],
            /// What is repeated.
            body: Statement<'a>,
            /// `endfor` and what terminates it.
            end: Option<AlternativeEnd>,
        }
        /// `foreach (… as …) …`
        Foreach {
            /// What is gone through.
            subject: Expression<'a>,
            /// `as`.
            as_keyword: Position,
            /// What gets the keys.
            key: Option<&'a ForeachTarget<'a>>,
            /// What gets the values.
            value: &'a ForeachTarget<'a>,
            /// What is repeated.
            body: Statement<'a>,
            /// `endforeach` and what terminates it.
            end: Option<AlternativeEnd>,
        }
        /// `$a`, `&$a`, `list($a)` or `[$a]` behind `as`.
        ForeachTarget {
            /// The `&`.
            by_reference: Option<Position>,
            /// What is assigned to.
            target: Expression<'a>,
        }
        /// `switch (…) { … }`
        Switch {
            /// What stands between the parentheses.
            subject: Expression<'a>,
            /// `case` and `default`.
            cases: &'a [Case<'a>],
            /// `endswitch` and what terminates it.
            end: Option<AlternativeEnd>,
        }
        /// `case …: …`, `default: …`
        Case {
            /// What is compared with; none for `default`.
            condition: Option<Expression<'a>>,
            /// The `:`, `;` or `?>`.
            separator: Position,
            /// What follows.
            statements: &'a [Statement<'a>],
        }
        /// `break;`
        Break {
            /// How many loops.
            levels: Option<Expression<'a>>,
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `continue;`
        Continue {
            /// How many loops.
            levels: Option<Expression<'a>>,
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `return;`
        Return {
            /// What is given back.
            value: Option<Expression<'a>>,
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `global $a, $b;`
        Global {
            /// The variables.
            variables: &'a [Expression<'a>],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `static $a = 1, $b;`
        StaticVariables {
            /// The variables.
            variables: &'a [StaticVariable<'a>],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `$a = 1` behind `static`.
        StaticVariable {
            /// The variable.
            variable: Variable,
            /// Its first value.
            value: Option<Expression<'a>>,
        }
        /// `unset($a, $b);`
        Unset {
            /// The variables.
            variables: &'a [Expression<'a>],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `declare(ticks=1) …`
        Declare {
            /// What stands between the parentheses.
            directives: &'a [ConstantItem<'a>],
            /// What it holds for: [`Empty`] for the rest of the file.
            body: Statement<'a>,
            /// `enddeclare` and what terminates it.
            end: Option<AlternativeEnd>,
        }
        /// `try { … } catch (…) { … } finally { … }`
        Try {
            /// What may throw.
            block: &'a Block<'a>,
            /// `catch`.
            catches: &'a [Catch<'a>],
            /// `finally`.
            finally: Option<&'a Finally<'a>>,
        }
        /// `catch (A|B $e) { … }`
        Catch {
            /// The classes.
            types: &'a [Name],
            /// What gets the exception.
            variable: Option<Variable>,
            /// What happens then.
            block: &'a Block<'a>,
        }
        /// `finally { … }`
        Finally {
            /// What happens then.
            block: &'a Block<'a>,
        }
        /// `namespace A;` with what follows, or `namespace A { … }`.
        Namespace {
            /// Its name; none for the global one.
            name: Option<Name>,
            /// The `;` or `?>`; none with braces.
            terminator: Option<Position>,
            /// What is in it: all to the next namespace where there are no
            /// braces.
            statements: &'a [Statement<'a>],
        }
        /// `use A\B, C as D;` and `use A\{B, function c};`
        Use {
            /// `function` or `const`, for all items.
            kind: Option<UseKind>,
            /// What stands before the braces.
            prefix: Option<Name>,
            /// The names.
            items: &'a [UseItem],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `const A = 1, B = 2;` outside of a class.
        Constants {
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// The constants.
            items: &'a [ConstantItem<'a>],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `A = 1` behind `const` and in `declare(…)`.
        ConstantItem {
            /// Its name.
            name: Identifier,
            /// Its value.
            value: Expression<'a>,
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
        }
        /// `function name() { … }`
        Function {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// The `&` before its name.
            by_reference: Option<Position>,
            /// Its name.
            name: Identifier,
            /// What it takes.
            parameters: &'a Parameters<'a>,
            /// What it gives.
            return_type: Option<Type<'a>>,
            /// What it does.
            body: &'a Block<'a>,
        }
        /// A class, also without a name, an interface, trait or enum.
        Class {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// Which of them.
            kind: ClassKind,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// `abstract`, `final`, `readonly`.
            modifiers: &'a [Modifier],
            /// `class`, `interface`, `trait` or `enum`.
            keyword: Position,
            /// Its name; none behind `new`.
            name: Option<Identifier>,
            /// What the constructor gets, behind `new`.
            arguments: Option<&'a Arguments<'a>>,
            /// What the cases of an enum are made of.
            backing: Option<Type<'a>>,
            /// What it extends: several for an interface.
            extends: &'a [Name],
            /// What it implements.
            implements: &'a [Name],
            /// The `{`.
            open: Position,
            /// What stands between the braces.
            members: &'a [Member<'a>],
        }

        // Members.

        /// `public int $a = 1, $b;`
        Properties {
            /// In front of them.
            attributes: &'a [AttributeGroup<'a>],
            /// `public` and others, or `var`.
            modifiers: &'a [Modifier],
            /// Their type.
            hint: Option<Type<'a>>,
            /// The properties.
            items: &'a [PropertyItem<'a>],
            /// The `;` or `?>`; none behind hooks.
            terminator: Option<Position>,
        }
        /// `$a = 1` of a property.
        PropertyItem {
            /// Its name.
            variable: Variable,
            /// Its first value.
            value: Option<Expression<'a>>,
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// `{ get; set; }`
            hooks: Option<&'a Hooks<'a>>,
        }
        /// `{ get => 1; set { … } }`
        Hooks {
            /// What stands between the braces.
            hooks: &'a [Hook<'a>],
        }
        /// `final &get => 1;`
        Hook {
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// `final`.
            modifiers: &'a [Modifier],
            /// The `&` before its name.
            by_reference: Option<Position>,
            /// `get` or `set`.
            name: Identifier,
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// What it takes.
            parameters: Option<&'a Parameters<'a>>,
            /// `{ … }`
            block: Option<&'a Block<'a>>,
            /// What stands behind `=>`.
            value: Option<Expression<'a>>,
            /// The `;` or `?>`; none behind a block.
            terminator: Option<Position>,
        }
        /// `const int A = 1, B = 2;` in a class.
        ClassConstants {
            /// In front of them.
            attributes: &'a [AttributeGroup<'a>],
            /// `public` and others.
            modifiers: &'a [Modifier],
            /// Their type.
            hint: Option<Type<'a>>,
            /// The constants.
            items: &'a [ConstantItem<'a>],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `public function name() { … }`
        Method {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// `public` and others.
            modifiers: &'a [Modifier],
            /// The `&` before its name.
            by_reference: Option<Position>,
            /// Its name.
            name: Identifier,
            /// What it takes.
            parameters: &'a Parameters<'a>,
            /// What it gives.
            return_type: Option<Type<'a>>,
            /// What it does.
            body: Option<&'a Block<'a>>,
            /// The `;` or `?>` in place of a body.
            terminator: Option<Position>,
        }
        /// `use A, B { … }` in a class.
        TraitUse {
            /// The traits.
            traits: &'a [Name],
            /// What stands between the braces.
            adaptations: Option<&'a Adaptations<'a>>,
            /// The `;` or `?>`; none behind braces.
            terminator: Option<Position>,
        }
        /// `{ a as b; }`
        Adaptations {
            /// What stands between the braces.
            adaptations: &'a [Adaptation<'a>],
        }
        /// `A::a insteadof B, C;`
        Precedence {
            /// Whose method is taken.
            class: Name,
            /// The method.
            method: Identifier,
            /// Whose is not.
            instead_of: &'a [Name],
            /// The `;` or `?>`.
            terminator: Position,
        }
        /// `case A = 1;`
        EnumCase {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// Its name.
            name: Identifier,
            /// Its value.
            value: Option<Expression<'a>>,
            /// The `;` or `?>`.
            terminator: Position,
        }

        // Parts of declarations.

        /// `#[A, B(1)]`
        AttributeGroup {
            /// The attributes.
            attributes: &'a [Attribute<'a>],
        }
        /// `A(1)` in `#[…]`.
        Attribute {
            /// Its class.
            name: Name,
            /// What the constructor gets.
            arguments: Option<&'a Arguments<'a>>,
        }
        /// `(int $a, $b)`
        Parameters {
            /// The parameters.
            list: &'a [Parameter<'a>],
        }
        /// `public int &...$a = 1`
        Parameter {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// `public` and others, where it makes a property too.
            modifiers: &'a [Modifier],
            /// Its type.
            hint: Option<Type<'a>>,
            /// The `&`.
            by_reference: Option<Position>,
            /// The `...`.
            variadic: Option<Position>,
            /// Its name.
            variable: Variable,
            /// What it is without an argument.
            value: Option<Expression<'a>>,
            /// `{ get; set; }`
            hooks: Option<&'a Hooks<'a>>,
        }

        // Types.

        /// `?A`
        NullableType {
            /// What stands behind the `?`.
            inner: Type<'a>,
        }
        /// `A|B`
        UnionType {
            /// Two or more.
            types: &'a [Type<'a>],
        }
        /// `A&B`
        IntersectionType {
            /// Two or more.
            types: &'a [Type<'a>],
        }
        /// `(A&B)` in a union.
        ParenthesizedType {
            /// What stands between the parentheses.
            inner: Type<'a>,
        }

        // Expressions.

        /// `$$a`, `${'a'}`
        VariableVariable {
            /// What makes the name.
            name: Expression<'a>,
        }
        /// `"a $b"`, `<<<A … A`, nowdocs too.
        Interpolated {
            /// What opens it: `"`, `b"`, `<<<A` and its line break.
            open: Span,
            /// What is in it.
            parts: &'a [StringPart<'a>],
            /// What closes it: `"`, or the label and its indentation.
            close: Span,
        }
        /// `` `…` ``
        ShellCommand {
            /// What is in it.
            parts: &'a [StringPart<'a>],
        }
        /// `{$a}` in a string.
        BracedPart {
            /// What stands between the braces.
            expression: Expression<'a>,
        }
        /// `${a}` in a string.
        DollarBracedPart {
            /// What stands between the braces: a [`VariableName`], an [`Index`]
            /// of one, or what makes the name of the variable.
            expression: Expression<'a>,
        }
        /// `[1, 2]`, `array(1, 2)`, and what is assigned to in `[$a] = $b`.
        Array {
            /// Whether it has brackets.
            is_short: bool,
            /// What is in it.
            elements: &'a [Element<'a>],
        }
        /// `list($a, $b)`
        List {
            /// What is in it.
            elements: &'a [Element<'a>],
        }
        /// `1 => 2`
        KeyedElement {
            /// The key.
            key: Expression<'a>,
            /// `=>`.
            arrow: Position,
            /// The `&`.
            by_reference: Option<Position>,
            /// The value.
            value: Expression<'a>,
        }
        /// `&$a`
        ReferenceElement {
            /// The value.
            value: Expression<'a>,
        }
        /// `...$a` in an array.
        SpreadElement {
            /// The array.
            value: Expression<'a>,
        }
        /// `(…)`
        Parenthesized {
            /// What stands between the parentheses.
            inner: Expression<'a>,
        }
        /// `$a + $b`, but for `instanceof`.
        Binary {
            /// The left side.
            left: Expression<'a>,
            /// What is done.
            operator: BinaryOperator,
            /// Where that is said.
            operator_at: Position,
            /// The right side.
            right: Expression<'a>,
        }
        /// `$a = 1`, `$a .= 1`, `[$a] = $b`
        Assignment {
            /// What is assigned to.
            target: Expression<'a>,
            /// What is done with it.
            operator: AssignmentOperator,
            /// Where that is said.
            operator_at: Position,
            /// The `&` of `=&`.
            by_reference: Option<Position>,
            /// What is assigned.
            value: Expression<'a>,
        }
        /// `-$a`, `!$a`, `@$a`
        Unary {
            /// What is done.
            operator: UnaryOperator,
            /// With what.
            operand: Expression<'a>,
        }
        /// `(int) $a`
        Cast {
            /// To what.
            kind: CastKind,
            /// What stands between the parentheses, with them.
            cast: Span,
            /// What is converted.
            operand: Expression<'a>,
        }
        /// `++$a`, `--$a`
        Prefix {
            /// Whether it is `++`.
            is_increment: bool,
            /// What is changed.
            operand: Expression<'a>,
        }
        /// `$a++`, `$a--`
        Postfix {
            /// What is changed.
            operand: Expression<'a>,
            /// Whether it is `++`.
            is_increment: bool,
            /// Where that is said.
            operator_at: Position,
        }
        /// `$a ? $b : $c`, `$a ?: $c`
        Ternary {
            /// What is asked.
            condition: Expression<'a>,
            /// The `?`.
            question: Position,
            /// What it is if that holds.
            then: Option<Expression<'a>>,
            /// The `:`.
            colon: Position,
            /// What it is if not.
            otherwise: Expression<'a>,
        }
        /// `$a instanceof B`
        InstanceOf {
            /// The object.
            value: Expression<'a>,
            /// `instanceof`.
            operator_at: Position,
            /// The class: an [`Expression::Name`] where it is written as one.
            class: Expression<'a>,
        }
        /// `new A(1)`, `new class(1) { … }`
        New {
            /// The class: an [`Expression::Name`] where it is written as one,
            /// an [`Expression::Class`] with its arguments in it.
            class: Expression<'a>,
            /// What the constructor gets.
            arguments: Option<&'a Arguments<'a>>,
        }
        /// `f(1)`
        Call {
            /// The function: an [`Expression::Name`] where it is written as one.
            callee: Expression<'a>,
            /// What it gets.
            arguments: &'a Arguments<'a>,
        }
        /// `(1, ...$a, b: 2)`
        Arguments {
            /// What stands between the parentheses.
            list: &'a [Argument<'a>],
        }
        /// `...$a` in a call.
        SpreadArgument {
            /// The arguments.
            value: Expression<'a>,
        }
        /// `a: 1` in a call.
        NamedArgument {
            /// The name.
            name: Identifier,
            /// The value.
            value: Expression<'a>,
        }
        /// `&$a` in a call, up to PHP 5.3.
        ReferenceArgument {
            /// The variable.
            value: Expression<'a>,
        }
        /// `$a->b`, `$a?->b`
        Property {
            /// The object.
            object: Expression<'a>,
            /// `->` or `?->`.
            arrow: Position,
            /// Whether it is `?->`.
            is_nullsafe: bool,
            /// What of it.
            name: MemberName<'a>,
        }
        /// `$a->b()`, `$a?->b()`
        MethodCall {
            /// The object.
            object: Expression<'a>,
            /// `->` or `?->`.
            arrow: Position,
            /// Whether it is `?->`.
            is_nullsafe: bool,
            /// The method.
            name: MemberName<'a>,
            /// What it gets.
            arguments: &'a Arguments<'a>,
        }
        /// `A::$b`
        StaticProperty {
            /// The class: an [`Expression::Name`] where it is written as one.
            class: Expression<'a>,
            /// `::`.
            colons: Position,
            /// Which of it, with the `$`.
            variable: Expression<'a>,
        }
        /// `A::b()`
        StaticCall {
            /// The class: an [`Expression::Name`] where it is written as one.
            class: Expression<'a>,
            /// `::`.
            colons: Position,
            /// The method.
            name: MemberName<'a>,
            /// What it gets.
            arguments: &'a Arguments<'a>,
        }
        /// `A::B`, `A::class`, `A::{'B'}`
        ClassConstant {
            /// The class: an [`Expression::Name`] where it is written as one.
            class: Expression<'a>,
            /// `::`.
            colons: Position,
            /// Which of it.
            name: MemberName<'a>,
        }
        /// `{…}` at the place of the name of a member.
        BracedName {
            /// What makes the name.
            expression: Expression<'a>,
        }
        /// `$a[1]`, `$a{1}`
        Index {
            /// The array.
            base: Expression<'a>,
            /// The `[` or `{`.
            open: Position,
            /// Whether it is `{`.
            is_curly: bool,
            /// Which of it; none in `$a[]`.
            index: Option<Expression<'a>>,
        }
        /// `static function () use ($a) { … }`
        Closure {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// `static`.
            static_at: Option<Position>,
            /// The `&` behind `function`.
            by_reference: Option<Position>,
            /// What it takes.
            parameters: &'a Parameters<'a>,
            /// `use (…)`
            uses: Option<&'a ClosureUses<'a>>,
            /// What it gives.
            return_type: Option<Type<'a>>,
            /// What it does.
            body: &'a Block<'a>,
        }
        /// `use ($a, &$b)`
        ClosureUses {
            /// The variables.
            list: &'a [ClosureUse],
        }
        /// `static fn () => 1`
        ArrowFunction {
            /// The doc comment that PHP gives it.
            doc: Option<Position>,
            /// In front of it.
            attributes: &'a [AttributeGroup<'a>],
            /// `static`.
            static_at: Option<Position>,
            /// The `&` behind `fn`.
            by_reference: Option<Position>,
            /// What it takes.
            parameters: &'a Parameters<'a>,
            /// What it gives.
            return_type: Option<Type<'a>>,
            /// `=>`.
            arrow: Position,
            /// What it is.
            value: Expression<'a>,
        }
        /// `match (…) { … }`
        Match {
            /// What stands between the parentheses.
            subject: Expression<'a>,
            /// What stands between the braces.
            arms: &'a [MatchArm<'a>],
        }
        /// `1, 2 => 3`, `default => 4`
        MatchArm {
            /// What is compared with; none for `default`.
            conditions: &'a [Expression<'a>],
            /// `=>`.
            arrow: Position,
            /// What it is then.
            value: Expression<'a>,
        }
        /// `isset($a, $b)`
        Isset {
            /// What is asked for.
            values: &'a [Expression<'a>],
        }
        /// `empty($a)`
        IsEmpty {
            /// What is asked for.
            value: Expression<'a>,
        }
        /// `eval($a)`
        Eval {
            /// What is run.
            code: Expression<'a>,
        }
        /// `include $a` and its kind.
        Include {
            /// Its token, such as [`TokenKind::RequireOnce`].
            kind: TokenKind,
            /// What is included.
            path: Expression<'a>,
        }
        /// `exit`, `die(1)`
        Exit {
            /// With what.
            arguments: Option<&'a Arguments<'a>>,
        }
        /// `print $a`
        Print {
            /// What is printed.
            value: Expression<'a>,
        }
        /// `yield`, `yield $a`, `yield $a => $b`
        Yield {
            /// The key.
            key: Option<Expression<'a>>,
            /// The value.
            value: Option<Expression<'a>>,
        }
        /// `yield from $a`
        YieldFrom {
            /// What is gone through.
            source: Expression<'a>,
        }
        /// `throw $a`
        Throw {
            /// What is thrown.
            exception: Expression<'a>,
        }
        /// `clone $a`
        CloneExpression {
            /// What is copied.
            object: Expression<'a>,
        }
    }
}

choices! {
    /// An expression.
    ///
    /// A [`Name`] stands only at the places of a class or function; as an
    /// expression of its own it is a [`Constant`].
    Expression {
        leaves {
            Variable, Integer, Float, StringLiteral, MagicConstant, VariableName, Offset, Name,
            Constant,
        }
        branches {
            VariableVariable, Interpolated, ShellCommand, Array, List, Parenthesized, Binary,
            Assignment, Unary, Cast, Prefix, Postfix, Ternary, InstanceOf, New, Class, Call,
            Property, MethodCall, StaticProperty, StaticCall, ClassConstant, Index, Closure,
            ArrowFunction, Match, Isset, IsEmpty, Eval, Include, Exit, Print, Yield, YieldFrom,
            Throw, CloneExpression,
        }
    }
    /// What stands between two commas of an array.
    Element {
        leaves { Hole, }
        branches { KeyedElement, ReferenceElement, SpreadElement, }
        values { Expression, }
    }
    /// What stands between two commas of a call.
    Argument {
        leaves { Placeholder, }
        branches { SpreadArgument, NamedArgument, ReferenceArgument, }
        values { Expression, }
    }
    /// A statement.
    Statement {
        leaves { InlineHtml, Empty, }
        records { Goto, Label, HaltCompiler, }
        branches {
            ExpressionStatement, Echo, Block, Alternative, If, While, DoWhile, For, Foreach,
            Switch, Break, Continue, Return, Global, StaticVariables, Unset, Declare, Try,
            Namespace, Use, Constants, Function, Class,
        }
    }
    /// A member of a class, interface, trait or enum.
    Member {
        leaves {}
        branches { Properties, ClassConstants, Method, TraitUse, EnumCase, }
    }
    /// What a class does with methods of traits.
    Adaptation {
        leaves {}
        records { Alias, }
        branches { Precedence, }
    }
    /// A type.
    Type {
        leaves { Name, }
        branches { NullableType, UnionType, IntersectionType, ParenthesizedType, }
    }
    /// A piece of a string.
    StringPart {
        leaves { Text, Variable, }
        branches { Index, Property, BracedPart, DollarBracedPart, }
    }
    /// The name of a member of an object or class.
    MemberName {
        leaves { Identifier, Variable, }
        branches { VariableVariable, BracedName, Index, }
    }
}

impl Constant {
    /// Its name.
    #[must_use]
    pub fn name(self) -> Name {
        Name { span: self.span }
    }
}

without_nodes!(
    AlternativeEnd,
    AssignmentOperator,
    BinaryOperator,
    CastKind,
    ClassKind,
    UnaryOperator,
    UseKind
);

/// `endif;` and its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AlternativeEnd {
    /// The keyword.
    pub keyword: Position,
    /// The `;` or `?>`.
    pub terminator: Position,
}

/// What `use` imports where it is not a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseKind {
    /// `use function`.
    Function,
    /// `use const`.
    Constant,
}

/// What kind of class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it all
pub enum ClassKind {
    Class,
    Interface,
    Trait,
    Enum,
}

/// What a cast converts to, whichever of its spellings was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it all
pub enum CastKind {
    Array,
    Bool,
    Float,
    Int,
    Object,
    String,
    Unset,
    Void,
}

/// What stands before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it all
pub enum UnaryOperator {
    Plus,
    Minus,
    Not,
    BitwiseNot,
    Silence,
}

/// What stands between its operands. `<>` is [`NotEqual`](Self::NotEqual).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the names say it all
pub enum BinaryOperator {
    Add,
    BitwiseAnd,
    BitwiseOr,
    BitwiseXor,
    BooleanAnd,
    BooleanOr,
    Coalesce,
    Concat,
    Divide,
    Equal,
    Greater,
    GreaterOrEqual,
    Identical,
    LogicalAnd,
    LogicalOr,
    LogicalXor,
    Modulo,
    Multiply,
    NotEqual,
    NotIdentical,
    Pipe,
    Power,
    ShiftLeft,
    ShiftRight,
    Smaller,
    SmallerOrEqual,
    Spaceship,
    Subtract,
}

/// What an assignment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssignmentOperator {
    /// `=`, and `=&` too.
    Assign,
    /// `+=` and its kind: the operation, then the assignment. `??=` assigns only
    /// if need be.
    Compound(BinaryOperator),
}

const _: () = {
    assert!(size_of::<Expression<'_>>() == 16);
    assert!(size_of::<Statement<'_>>() == 16);
    assert!(size_of::<Element<'_>>() == 16);
    assert!(size_of::<Argument<'_>>() == 16);
    assert!(size_of::<Node<'_>>() == 16);
    assert!(size_of::<Binary<'_>>() == 48);
    assert!(size_of::<MethodCall<'_>>() <= 56);
};
