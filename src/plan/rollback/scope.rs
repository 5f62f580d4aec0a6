//! What a roll-back by hand takes back, as its form asks: the application or parts of it, the
//! database, or all of that.

use crate::manifest::model::{Environment, Place, Scope};
use crate::pipeline::{DispatchInput, Expression, InputKind, Step};
use crate::plan::deploy::Release;

/// The field of the form that says what goes back.
pub(super) struct Field {
    /// Whether an environment says itself what can be chosen.
    scoped: bool,
    /// What can be chosen, in some environment at least.
    scopes: Vec<Scope>,
}

impl Field {
    /// The field for these environments; nothing where there is nothing to choose.
    pub(super) fn of(environments: &[&Environment]) -> Option<Self> {
        let mut all = environments.iter();
        let scoped = all.any(|environment| !environment.rollback.scopes.is_empty());
        let mut scopes: Vec<Scope> = Vec::new();
        for scope in environments.iter().flat_map(|one| offered(one)) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        // All of one part is that part.
        (scoped || scopes.len() > 2).then_some(Self { scoped, scopes })
    }

    pub(super) fn input(&self) -> DispatchInput {
        let words = self.scopes.iter().map(|scope| self.word(scope).to_owned());
        DispatchInput {
            name: self.name().to_owned(),
            description: "What goes back".to_owned(),
            required: true,
            kind: InputKind::Choice(words.collect()),
        }
    }

    fn name(&self) -> &'static str {
        if self.scoped { "scope" } else { "component" }
    }

    fn word<'s>(&self, scope: &'s Scope) -> &'s str {
        match scope {
            Scope::Application if self.scoped => scope.word(),
            Scope::Application if self.scopes.len() == 3 => "both",
            Scope::Application => "all",
            other => other.word(),
        }
    }

    /// Whether exactly this was chosen.
    pub(super) fn is(&self, scope: &Scope) -> Option<Expression> {
        let word = Expression::literal(self.word(scope));
        let is = Expression::new(format!("inputs.{} == ", self.name())).join(word);
        self.scopes.contains(scope).then_some(is)
    }

    /// Whether something of this kind was chosen; nothing if it always is.
    pub(super) fn takes(
        &self,
        environment: &Environment,
        kind: impl Fn(&Scope) -> bool,
    ) -> Option<Expression> {
        let not = |scope: &Scope| {
            let word = Expression::literal(self.word(scope));
            Expression::new(format!("inputs.{} != ", self.name())).join(word)
        };
        let offered = offered(environment);
        Expression::all(offered.iter().filter(|scope| !kind(scope)).map(not))
    }

    /// Refuses what only other environments offer.
    pub(super) fn check(
        &self,
        releases: &[Release<'_>],
        by_environment: impl Fn(&dyn Fn(&Release<'_>) -> String) -> Expression,
    ) -> Option<Step> {
        let all = |release: &Release<'_>| {
            let offered = offered(release.environment);
            self.scopes.iter().all(|scope| offered.contains(scope))
        };
        if releases.iter().all(all) {
            return None;
        }
        let words = |release: &Release<'_>| {
            let offered = offered(release.environment);
            let words: Vec<_> = offered.iter().map(|scope| self.word(scope)).collect();
            Expression::literal(&words.join(" ")).code().to_owned()
        };
        Some(
            Step::script("Check what goes back", "check-scope")
                .env("ENVIRONMENT", Expression::new("inputs.environment"))
                .env("SCOPE", Expression::new(format!("inputs.{}", self.name())))
                .env("OFFERED", by_environment(&words)),
        )
    }
}

/// What can be chosen in an environment.
fn offered(environment: &Environment) -> Vec<Scope> {
    if !environment.rollback.scopes.is_empty() {
        return environment.rollback.scopes.clone();
    }
    let places = environment.places().iter();
    let parts = places.filter_map(|place: &Place| place.part.clone());
    std::iter::once(Scope::Application)
        .chain(parts.map(Scope::Part))
        .collect()
}
