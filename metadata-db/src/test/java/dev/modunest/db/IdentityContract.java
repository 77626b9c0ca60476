package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modunest.db.identity.GrantHolder;
import dev.modunest.db.identity.GrantRecord;
import dev.modunest.db.identity.Member;
import dev.modunest.db.identity.NamespaceChallenge;
import dev.modunest.db.identity.NamespaceOwner;
import dev.modunest.db.identity.NamespaceProofStore;
import dev.modunest.db.identity.NamespaceTransfer;
import dev.modunest.db.identity.NewGrant;
import dev.modunest.db.identity.Organization;
import dev.modunest.db.identity.Team;
import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Organisations, grants, and what becomes of namespaces. */
abstract class IdentityContract {

    private static final Instant LATER = NOW.plusSeconds(60);

    private TestIndex index;
    private long acme;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        index.publish("acme/editor@1.0.0");
        acme = index.owner("acme");
    }

    @AfterEach
    void close() {
        index.close();
    }

    private <T> T in(Database.Work<T> work) {
        return index.database().inTransaction(work);
    }

    private <T> Optional<T> found(Database.Work<Optional<T>> work) {
        return in(work);
    }

    private <T> List<T> all(Database.Work<List<T>> work) {
        return in(work);
    }

    private long number(Database.Work<Long> work) {
        return in(work);
    }

    private boolean is(Database.Work<Boolean> work) {
        return in(work);
    }

    private long account(String name) {
        return in(tx -> tx.accounts().insert(name, false, NOW).orElseThrow().id());
    }

    private Organization organization(String name) {
        return in(tx -> tx.organizations().insert(name, Optional.of("Name"), NOW).orElseThrow());
    }

    @Test
    void anOrganizationHasMembersInRoles() {
        Organization made = organization("org");
        long bob = account("bob");
        boolean removed =
                in(
                        tx -> {
                            tx.accounts().lock(acme);
                            tx.organizations().putMember(made.id(), acme, "member", NOW);
                            tx.organizations().putMember(made.id(), acme, "owner", LATER);
                            tx.organizations().putMember(made.id(), bob, "member", NOW);
                            assertThat(tx.organizations().members(made.id()))
                                    .containsExactly(
                                            new Member(acme, "acme", "owner", NOW),
                                            new Member(bob, "bob", "member", NOW));
                            assertThat(tx.organizations().countMembers(made.id())).isEqualTo(2);
                            assertThat(tx.organizations().countOwners(made.id())).isEqualTo(1);
                            return tx.organizations().removeMember(made.id(), bob);
                        });
        assertThat(removed).isTrue();
        assertThat(is(tx -> tx.organizations().removeMember(made.id(), bob))).isFalse();
        assertThat(found(tx -> tx.organizations().findRole(made.id(), bob))).isEmpty();
        assertThat(all(tx -> tx.organizations().ofAccount(acme)))
                .extracting(membership -> membership.organization().name())
                .containsExactly("org");
        assertThat(found(tx -> tx.organizations().lock("org"))).contains(made);
        assertThat(found(tx -> tx.organizations().find("none"))).isEmpty();
        assertThat(found(tx -> tx.organizations().insert("org", Optional.empty(), NOW))).isEmpty();
    }

    @Test
    void aTeamLosesWhoLeavesTheOrganization() {
        Organization made = organization("org");
        long bob = account("bob");
        Team team =
                in(
                        tx -> {
                            tx.organizations().putMember(made.id(), bob, "member", NOW);
                            Team core = tx.teams().insert(made.id(), "core", NOW);
                            tx.teams().putMember(core.id(), bob, NOW);
                            tx.teams().putMember(core.id(), bob, LATER);
                            return core;
                        });
        assertThat(all(tx -> tx.teams().members(team.id())))
                .containsExactly(new Member(bob, "bob", "member", NOW));
        assertThat(found(tx -> tx.teams().find(made.id(), "core")))
                .contains(new Team(team.id(), "core", NOW, 1));
        assertThat(is(tx -> tx.organizations().removeMember(made.id(), bob))).isTrue();
        assertThat(all(tx -> tx.teams().members(team.id()))).isEmpty();
        assertThat(is(tx -> tx.teams().removeMember(team.id(), bob))).isFalse();
        in(
                tx -> {
                    tx.teams().delete(team.id());
                    return true;
                });
        assertThat(all(tx -> tx.teams().list(made.id()))).isEmpty();
    }

    private long grant(GrantHolder to, Optional<Instant> expiresAt) {
        return in(
                tx ->
                        tx.grants()
                                .insert(
                                        new NewGrant(
                                                to,
                                                Optional.of("reader"),
                                                List.of("release.yank"),
                                                "acme",
                                                Optional.of("editor"),
                                                acme,
                                                NOW,
                                                expiresAt)));
    }

    @Test
    void aGrantIsToOneOfFourKinds() {
        Organization made = organization("org");
        Team team = in(tx -> tx.teams().insert(made.id(), "core", NOW));
        UUID host = UUID.randomUUID();
        index.execute(
                "insert into hosts (id, name, algorithm, public_key, thumbprint, patterns, enrolled_by, enrolled_at) values ('"
                        + host
                        + "', 'h', 'EdDSA', 'x', 'x', '{*}', "
                        + acme
                        + ", now())");
        long first = grant(new GrantHolder.ToAccount(acme), Optional.empty());
        grant(new GrantHolder.ToTeam(team.id()), Optional.of(LATER));
        grant(new GrantHolder.ToOrganization(made.id()), Optional.empty());
        grant(new GrantHolder.ToHost(host), Optional.of(NOW));

        assertThat(all(tx -> tx.grants().list("acme", NOW)))
                .extracting(GrantRecord::kind, GrantRecord::to)
                .containsExactly(
                        tuple("account", "acme"),
                        tuple("team", "org/core"),
                        tuple("organization", "org"));
        assertThat(all(tx -> tx.grants().ofTeam(team.id(), NOW))).hasSize(1);
        assertThat(found(tx -> tx.grants().find("acme", first)))
                .contains(
                        new GrantRecord(
                                first,
                                "account",
                                "acme",
                                Optional.of("reader"),
                                List.of("release.yank"),
                                "acme",
                                Optional.of("editor"),
                                "acme",
                                NOW,
                                Optional.empty()));
        assertThat(found(tx -> tx.grants().find("other", first))).isEmpty();
        assertThat(number(tx -> tx.grants().dropExpired("acme", LATER))).isEqualTo(2L);
        in(
                tx -> {
                    tx.grants().delete(first);
                    return true;
                });
        assertThat(all(tx -> tx.grants().list("acme", NOW))).hasSize(1);
        in(
                tx -> {
                    tx.grants().dropAll("acme");
                    return true;
                });
        assertThat(all(tx -> tx.grants().list("acme", NOW))).isEmpty();
    }

    @Test
    void aNamespaceIsClaimedVerifiedAndGivenAway() {
        Organization made = organization("org");
        NamespaceOwner owner = new NamespaceOwner.AnOrganization(made.id(), "org");
        NamespaceOwner account = new NamespaceOwner.AnAccount(acme, "acme");
        assertThat(is(tx -> tx.namespaces().claim("new", owner, true, NOW))).isTrue();
        assertThat(is(tx -> tx.namespaces().claim("new", account, false, NOW))).isFalse();
        assertThat(number(tx -> tx.namespaces().countOwned(owner))).isEqualTo(1L);
        in(
                tx -> {
                    assertThat(tx.namespaces().lock("new")).isTrue();
                    assertThat(tx.namespaces().lock("none")).isFalse();
                    tx.namespaces().setVerified("new", Optional.of("dns"), Optional.of("new.io"));
                    return true;
                });
        assertThat(found(tx -> tx.namespaces().find("new")))
                .contains(
                        new Namespace(
                                "new",
                                Optional.empty(),
                                "org",
                                true,
                                Optional.of("dns"),
                                Optional.of("new.io"),
                                true));
        in(
                tx -> {
                    tx.namespaces().setOwner("new", account);
                    return true;
                });
        assertThat(found(tx -> tx.namespaces().find("new")))
                .contains(
                        new Namespace(
                                "new",
                                Optional.of(acme),
                                "acme",
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                true));
    }

    @Test
    void challengesAndOffersTakeEachOthersPlace() {
        Organization made = organization("org");
        NamespaceChallenge challenge =
                new NamespaceChallenge("acme", "acme.io", "second", NOW, LATER);
        NamespaceTransfer offer =
                new NamespaceTransfer(
                        "acme", new NamespaceOwner.AnOrganization(made.id(), "org"), NOW, LATER);
        in(
                tx -> {
                    tx.namespaceProofs()
                            .put(new NamespaceChallenge("acme", "acme.com", "first", NOW, NOW));
                    tx.namespaceProofs().put(challenge);
                    tx.namespaceTransfers()
                            .put(
                                    new NamespaceTransfer(
                                            "acme",
                                            new NamespaceOwner.AnAccount(acme, "acme"),
                                            NOW,
                                            LATER),
                                    acme);
                    assertThat(tx.namespaceTransfers().find("acme", NOW).orElseThrow().to())
                            .isEqualTo(new NamespaceOwner.AnAccount(acme, "acme"));
                    tx.namespaceTransfers().put(offer, acme);
                    return true;
                });
        assertThat(found(tx -> tx.namespaceProofs().find("acme"))).contains(challenge);
        assertThat(found(tx -> tx.namespaceTransfers().find("acme", NOW))).contains(offer);
        assertThat(found(tx -> tx.namespaceTransfers().find("acme", LATER))).isEmpty();
        in(
                tx -> {
                    tx.namespaceProofs().delete("acme");
                    tx.namespaceTransfers().delete("acme");
                    return true;
                });
        assertThat(found(tx -> tx.namespaceProofs().find("acme"))).isEmpty();
        assertThat(found(tx -> tx.namespaceTransfers().find("acme", NOW))).isEmpty();
    }

    @Test
    void whatProvidersSaidOfAnAccountIsRead() {
        index.execute(
                "insert into identities (issuer, subject, account_id, claims, created_at, last_seen_at) values ('https://id', 's', "
                        + acme
                        + ", '{\"orgs\": [\"acme\"]}', now(), now())");
        assertThat(all(tx -> tx.namespaceProofs().said(acme)))
                .containsExactly(
                        new NamespaceProofStore.Said("https://id", "{\"orgs\": [\"acme\"]}"));
    }

    private boolean listed(String name) {
        return index.count("select count(*) from plugins where listed and name = '" + name + "'")
                == 1;
    }

    private void hide(boolean hidden) {
        in(
                tx -> {
                    tx.namespaces().lock("acme");
                    tx.namespaces().setSecret("acme", hidden);
                    tx.plugins().listAll("acme", !hidden);
                    return true;
                });
    }

    @Test
    void aPrivateNamespaceIsFoundByItsNameAlone() {
        index.publish("acme/gone@1.0.0");
        index.change("acme/gone@1.0.0", "deleted_reason = 'x', deleted_at = now()");
        hide(true);
        index.publish("acme/later@1.0.0");
        assertThat(listed("editor")).isFalse();
        assertThat(listed("later")).isFalse();
        SearchQuery query =
                new SearchQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("acme"),
                        SearchOrder.NAME,
                        10,
                        Optional.empty());
        assertThat(this.<SearchResult>in(tx -> tx.search().search(query)).plugins()).isEmpty();
        assertThat(this.<SearchResult>in(tx -> tx.search().search(query.inSecret())).plugins())
                .extracting(PluginRecord::id)
                .containsExactly(PluginId.parse("acme/editor"), PluginId.parse("acme/later"));
        assertThat(this.<Facets>in(tx -> tx.search().facets(query.inSecret(), 10)).matches())
                .isEqualTo(2);
        assertThat(all(tx -> tx.artifacts().ofNamespace("acme")))
                .extracting(ArtifactIndex.Named::coordinate)
                .containsExactly(
                        Coordinate.parse("acme/editor@1.0.0"),
                        Coordinate.parse("acme/later@1.0.0"));
        hide(false);
        assertThat(listed("editor")).isTrue();
        assertThat(listed("later")).isTrue();
        assertThat(listed("gone")).isFalse();
    }

    @Test
    void aPublishThatMeetsTheChangeIsNotListed() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> publish =
                    in(
                            tx -> {
                                tx.namespaces().lock("acme");
                                Future<?> meeting =
                                        threads.submit(() -> index.publish("acme/racing@1.0.0"));
                                tx.namespaces().setSecret("acme", true);
                                tx.plugins().listAll("acme", false);
                                return meeting;
                            });
            publish.get();
        }
        assertThat(listed("racing")).isFalse();
    }
}
