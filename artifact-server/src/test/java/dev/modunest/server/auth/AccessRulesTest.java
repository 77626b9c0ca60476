package dev.modunest.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.Account;
import dev.modunest.db.identity.GrantFacts;
import dev.modunest.db.identity.MembershipFacts;
import dev.modunest.db.identity.NamespaceFacts;
import dev.modunest.db.identity.SubjectFacts;
import dev.modunest.format.PluginId;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What holds of every decision, whoever asks for whatever. */
class AccessRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Set<Action> CLAIMS =
            Set.of(Action.RELEASE_PUBLISH, Action.NAMESPACE_CLAIM, Action.TRUSTED_PUBLISHER_MANAGE);
    private static final long OWNER = 1;
    private static final long STRANGER = 2;
    private static final long ORGANIZATION = 7;

    /** A question: who does what to which plugin, or to the namespace. */
    record Question(Action action, Optional<PluginId> plugin) {

        Decision decide(Principal who, Optional<NamespaceFacts> owned, SubjectFacts facts) {
            return AccessRules.decide(who, "acme", plugin, action, owned, facts, NOW);
        }
    }

    @Provide
    Arbitrary<Question> questions() {
        Arbitrary<Optional<PluginId>> plugins =
                Arbitraries.of("one", "two").map(name -> new PluginId("acme", name)).optional();
        return Combinators.combine(Arbitraries.of(Action.values()), plugins).as(Question::new);
    }

    @Provide
    Arbitrary<Optional<NamespaceFacts>> namespaces() {
        return Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(AccessRulesTest::namespace)
                .optional();
    }

    private static NamespaceFacts namespace(boolean ofAccount, boolean secret) {
        return new NamespaceFacts(
                "acme",
                ofAccount ? Optional.of(OWNER) : Optional.empty(),
                ofAccount ? Optional.empty() : Optional.of(ORGANIZATION),
                "somebody",
                secret);
    }

    @Provide
    Arbitrary<GrantFacts> grants() {
        Arbitrary<Optional<String>> roles =
                Arbitraries.of("owner", "maintainer", "publisher", "reader", "jester").optional();
        Arbitrary<List<String>> actions =
                Arbitraries.of(Action.values()).map(Action::text).list().ofMaxSize(3);
        Arbitrary<String> namespaces = Arbitraries.of("acme", "other");
        Arbitrary<Optional<String>> plugins = Arbitraries.of("one", "two").optional();
        Arbitrary<Optional<Instant>> ends =
                Arbitraries.of(NOW.minusSeconds(1), NOW, NOW.plusSeconds(1)).optional();
        return Combinators.combine(roles, actions, namespaces, plugins, ends)
                .as(
                        (role, some, namespace, plugin, expires) ->
                                new GrantFacts(
                                        3, "account bob", role, some, namespace, plugin, expires));
    }

    @Provide
    Arbitrary<SubjectFacts> facts() {
        Arbitrary<List<MembershipFacts>> memberships =
                Combinators.combine(
                                Arbitraries.of(ORGANIZATION, 8L),
                                Arbitraries.of("owner", "admin", "member"))
                        .as((id, role) -> new MembershipFacts(id, "org-" + id, role))
                        .list()
                        .ofMaxSize(2);
        return Combinators.combine(memberships, grants().list().ofMaxSize(3)).as(SubjectFacts::new);
    }

    @Provide
    Arbitrary<List<Scope>> scopes() {
        Arbitrary<Optional<Action>> actions = Arbitraries.of(Action.values()).optional();
        Arbitrary<PluginPattern> patterns =
                Arbitraries.of("*", "acme/*", "acme/o*", "acme/one", "other/*")
                        .map(PluginPattern::parse);
        return Combinators.combine(actions, patterns).as(Scope::new).list().ofMaxSize(3);
    }

    private static Account account(long id, boolean administrator) {
        return new Account(id, "account-" + id, administrator);
    }

    private static Principal.Developer stranger() {
        return Principal.Developer.unlimited(account(STRANGER, false));
    }

    private static Principal.Developer limited(Principal.Developer who, List<Scope> scopes) {
        return new Principal.Developer(
                who.account(), scopes, Optional.of(1L), Optional.empty(), Optional.empty(), false);
    }

    @Provide
    Arbitrary<Principal> strangers() {
        return Arbitraries.of(
                new Principal.Anonymous(),
                new Principal.Edge(true),
                new Principal.EndUser("account:x", List.of("https://h"), List.of(Scope.ALL), NOW),
                new Principal.Host(new UUID(0, 1), "host", List.of(PluginPattern.ALL)),
                stranger());
    }

    @Property
    void withoutFactsNothingIsAllowedButPublicReadsAndToClaim(
            @ForAll("strangers") Principal who,
            @ForAll("questions") Question question,
            @ForAll("namespaces") Optional<NamespaceFacts> owned) {
        Decision decision = question.decide(who, owned, SubjectFacts.NOTHING);

        boolean reads =
                question.action() == Action.RELEASE_READ
                        && owned.filter(namespace -> !namespace.secret()).isPresent();
        boolean claims =
                owned.isEmpty()
                        && who instanceof Principal.Developer
                        && CLAIMS.contains(question.action());
        assertThat(decision.allowed()).isEqualTo(reads || claims);
    }

    @Property
    void withoutFactsNothingOfTheRegistryIsAllowedButWhatIsOnesOwn(
            @ForAll("strangers") Principal who, @ForAll Action action) {
        assertThat(
                        AccessRules.decide(
                                        who,
                                        new Resource.OfOrganization("org-7"),
                                        action,
                                        SubjectFacts.NOTHING)
                                .allowed())
                .isFalse();
        boolean edge = who instanceof Principal.Edge && action == Action.DOWNLOADS_REPORT;
        assertThat(
                        AccessRules.decide(
                                        who, new Resource.Registry(), action, SubjectFacts.NOTHING)
                                .allowed())
                .isEqualTo(edge);
        if (!(who instanceof Principal.Developer)) {
            assertThat(
                            AccessRules.decide(
                                            who, new Resource.Self(), action, SubjectFacts.NOTHING)
                                    .allowed())
                    .isFalse();
        }
    }

    @Property
    void aLimitedCredentialNeverGains(
            @ForAll("questions") Question question,
            @ForAll("namespaces") Optional<NamespaceFacts> owned,
            @ForAll("facts") SubjectFacts facts,
            @ForAll("scopes") List<Scope> scopes,
            @ForAll boolean administrator,
            @ForAll boolean owner) {
        Principal.Developer who =
                Principal.Developer.unlimited(account(owner ? OWNER : STRANGER, administrator));
        Decision all = question.decide(who, owned, facts);
        Decision some = question.decide(limited(who, scopes), owned, facts);

        boolean covered =
                scopes.stream()
                        .anyMatch(
                                scope ->
                                        scope.covers(
                                                question.action(),
                                                Resource.of(
                                                        "acme",
                                                        question.plugin().map(PluginId::name))));
        boolean isPublic =
                question.action() == Action.RELEASE_READ
                        && owned.filter(namespace -> !namespace.secret()).isPresent();
        assertThat(some.allowed()).isEqualTo(all.allowed() && (covered || isPublic));
    }

    @Property
    void aGrantNeverTakesARightAway(
            @ForAll("questions") Question question,
            @ForAll("namespaces") Optional<NamespaceFacts> owned,
            @ForAll("facts") SubjectFacts facts,
            @ForAll("grants") GrantFacts another) {
        List<GrantFacts> more = new ArrayList<>(facts.grants());
        more.add(another);
        Decision before = question.decide(stranger(), owned, facts);
        Decision after =
                question.decide(stranger(), owned, new SubjectFacts(facts.memberships(), more));

        assertThat(after.allowed() || !before.allowed()).isTrue();
        assertThat(after.secret() || !before.secret() || owned.isEmpty()).isTrue();
    }

    @Property
    void aGrantThatIsOverOrElsewhereGivesNothing(
            @ForAll("questions") Question question,
            @ForAll("namespaces") Optional<NamespaceFacts> owned,
            @ForAll("grants") GrantFacts grant) {
        boolean over = grant.expiresAt().filter(expires -> !expires.isAfter(NOW)).isPresent();
        boolean elsewhere =
                !grant.namespace().equals("acme")
                        || !grant.plugin()
                                .map(
                                        name ->
                                                question.plugin()
                                                        .filter(id -> id.name().equals(name))
                                                        .isPresent())
                                .orElse(true);
        Decision without = question.decide(stranger(), owned, SubjectFacts.NOTHING);
        Decision with =
                question.decide(stranger(), owned, new SubjectFacts(List.of(), List.of(grant)));

        if (over || elsewhere) {
            assertThat(with).isEqualTo(without);
        }
    }

    @Property
    void strangersToAPrivateNamespaceGetTheDecisionsOfNone(
            @ForAll("strangers") Principal who,
            @ForAll("questions") Question question,
            @ForAll boolean ofAccount) {
        Decision secret =
                question.decide(who, Optional.of(namespace(ofAccount, true)), SubjectFacts.NOTHING);
        Decision none = question.decide(who, Optional.empty(), SubjectFacts.NOTHING);

        assertThat(secret.secret()).isTrue();
        assertThat(secret.allowed()).isFalse();
        if (!none.allowed()) {
            assertThat(none.secret()).isTrue();
            assertThat(secret.hides(question.action()) || secret.verdict() == none.verdict())
                    .isTrue();
        }
    }
}
