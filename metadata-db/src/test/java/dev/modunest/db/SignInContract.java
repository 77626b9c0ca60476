package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.identity.DeviceCode;
import dev.modunest.db.identity.IdentityStore;
import dev.modunest.db.identity.NewSession;
import dev.modunest.db.identity.PasswordFacts;
import dev.modunest.db.identity.SealedKey;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.db.identity.SessionStore;
import dev.modunest.db.identity.SignInStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How accounts sign in, what they get by it, and how that ends. */
abstract class SignInContract {

    private static final Instant LATER = NOW.plusSeconds(60);
    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);

    private Database database;
    private long anna;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        database = Database.open(server().newDatabase());
        anna =
                database.inTransaction(
                        tx -> tx.accounts().insert("anna", false, NOW).orElseThrow().id());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private <T> T in(Database.Work<T> work) {
        return database.inTransaction(work);
    }

    private void run(java.util.function.Consumer<Transaction> work) {
        database.<Boolean>inTransaction(
                tx -> {
                    work.accept(tx);
                    return true;
                });
    }

    private UUID session(String kind, Optional<String> cookie) {
        UUID id = UUID.randomUUID();
        run(
                tx ->
                        tx.sessions()
                                .insert(
                                        new NewSession(
                                                id,
                                                anna,
                                                kind,
                                                cookie,
                                                List.of("*:*"),
                                                "a browser",
                                                "password",
                                                Optional.of("192.0.2.1"),
                                                NOW,
                                                NOW,
                                                NOW.plus(Duration.ofHours(1)))));
        return id;
    }

    private Optional<SessionFacts> find(UUID id) {
        return in(tx -> tx.sessions().find(id));
    }

    @Test
    void aSessionIsFoundByItsIdAndByItsCookieUntilTheAccountIsDisabled() {
        UUID id = session("browser", Optional.of(HASH));
        SessionFacts found = find(id).orElseThrow();
        assertThat(found.account()).isEqualTo("anna");
        assertThat(found.isOpen(LATER)).isTrue();
        assertThat(found.isOpen(NOW.plus(Duration.ofHours(1)))).isFalse();
        assertThat(this.<Optional<SessionFacts>>in(tx -> tx.sessions().findByCookie(HASH)))
                .contains(found);
        assertThat(this.<Optional<SessionFacts>>in(tx -> tx.sessions().findByCookie(OTHER_HASH)))
                .isEmpty();

        run(tx -> tx.accounts().setDisabled(anna, true, LATER));
        assertThat(find(id)).isEmpty();
        assertThat(this.<Optional<SessionFacts>>in(tx -> tx.sessions().findByCookie(HASH)))
                .isEmpty();
        run(tx -> tx.accounts().setDisabled(anna, false, LATER));
        assertThat(find(id)).contains(found);
    }

    @Test
    void sessionsAreSeenExtendedAndEnded() {
        UUID first = session("browser", Optional.empty());
        UUID second = session("device", Optional.empty());
        run(tx -> tx.sessions().touch(List.of(first), LATER));
        run(tx -> tx.sessions().extend(second, NOW.plus(Duration.ofDays(9))));
        assertThat(find(first).orElseThrow().lastSeenAt()).isEqualTo(LATER);
        assertThat(find(second).orElseThrow().expiresAt()).isEqualTo(NOW.plus(Duration.ofDays(9)));
        assertThat(this.<List<SessionFacts>>in(tx -> tx.sessions().list(anna, LATER, 10)))
                .hasSize(2);

        assertThat(this.<Boolean>in(tx -> tx.sessions().revoke(first, "over", LATER))).isTrue();
        assertThat(this.<Boolean>in(tx -> tx.sessions().revoke(first, "over", LATER))).isFalse();
        assertThat(find(first).orElseThrow().revokedAt()).contains(LATER);
        UUID third = session("browser", Optional.empty());
        assertThat(
                        this.<Integer>in(
                                tx ->
                                        tx.sessions()
                                                .revokeAll(
                                                        anna, Optional.of(third), "over", LATER)))
                .isEqualTo(1);
        assertThat(
                        this.<Integer>in(
                                tx ->
                                        tx.sessions()
                                                .revokeAll(anna, Optional.empty(), "over", LATER)))
                .isEqualTo(1);
        assertThat(this.<List<SessionFacts>>in(tx -> tx.sessions().list(anna, LATER, 10)))
                .isEmpty();
    }

    private SessionStore.Refreshed refresh(String sha256) {
        return in(tx -> tx.sessions().useRefreshToken(sha256, LATER));
    }

    @Test
    void aRefreshTokenIsTakenOnceAndItsSecondUseIsTold() {
        UUID id = session("device", Optional.empty());
        run(tx -> tx.sessions().insertRefreshToken(id, HASH, NOW));
        assertThat(this.<Optional<UUID>>in(tx -> tx.sessions().findUnusedRefreshToken(HASH)))
                .contains(id);
        assertThat(refresh(OTHER_HASH).outcome()).isEqualTo(SessionStore.Refresh.UNKNOWN);
        assertThat(refresh(HASH).outcome()).isEqualTo(SessionStore.Refresh.TAKEN);
        SessionStore.Refreshed again = refresh(HASH);
        assertThat(again.outcome()).isEqualTo(SessionStore.Refresh.REUSED);
        assertThat(again.session().map(SessionFacts::id)).contains(id);
        assertThat(this.<Optional<UUID>>in(tx -> tx.sessions().findUnusedRefreshToken(HASH)))
                .isEmpty();
    }

    private Optional<PasswordFacts> password() {
        return in(tx -> tx.passwords().find("anna"));
    }

    @Test
    void failuresAreCountedUntilASuccess() {
        assertThat(password().orElseThrow().password()).isEmpty();
        run(tx -> tx.passwords().setPassword(anna, "$argon2id$x"));
        run(tx -> tx.passwords().failed(anna, NOW));
        run(tx -> tx.passwords().failed(anna, LATER));
        assertThat(password().orElseThrow().failed()).isEqualTo(2);
        assertThat(password().orElseThrow().lastFailedAt()).contains(LATER);
        run(tx -> tx.passwords().succeeded(anna));
        assertThat(password().orElseThrow().failed()).isZero();
        assertThat(password().orElseThrow().password()).contains("$argon2id$x");
        assertThat(this.<Optional<PasswordFacts>>in(tx -> tx.passwords().find("nobody"))).isEmpty();
    }

    @Test
    void aStepOfOneTimePasswordsIsUsedInItsOrder() {
        run(tx -> tx.passwords().setTotp(anna, new byte[] {1, 2}));
        assertThat(password().orElseThrow().totpConfirmed()).isFalse();
        assertThat(password().orElseThrow().totpSealed()).hasValue(new byte[] {1, 2});
        run(tx -> tx.passwords().confirmTotp(anna));
        assertThat(this.<Optional<PasswordFacts>>in(tx -> tx.passwords().find(anna)))
                .hasValueSatisfying(facts -> assertThat(facts.totpConfirmed()).isTrue());
        assertThat(this.<Boolean>in(tx -> tx.passwords().useTotpStep(anna, 7))).isTrue();
        assertThat(this.<Boolean>in(tx -> tx.passwords().useTotpStep(anna, 7))).isFalse();
        assertThat(this.<Boolean>in(tx -> tx.passwords().useTotpStep(anna, 6))).isFalse();
        run(tx -> tx.passwords().clearTotp(anna));
        assertThat(password().orElseThrow().totpSealed()).isEmpty();
    }

    @Test
    void anIdentityStaysWithItsAccount() {
        long bob = in(tx -> tx.accounts().insert("bob", false, NOW).orElseThrow().id());
        String issuer = "https://sso.example";
        assertThat(put(issuer, anna, "{\"groups\":[\"acme\"]}")).isTrue();
        assertThat(put(issuer, anna, "{}")).isTrue();
        assertThat(put(issuer, bob, "{}")).isFalse();
        assertThat(this.<Optional<Long>>in(tx -> tx.identities().findAccount(issuer, "one")))
                .contains(anna);
        assertThat(this.<Optional<Long>>in(tx -> tx.identities().findAccount(issuer, "two")))
                .isEmpty();
        assertThat(this.<List<IdentityStore.Linked>>in(tx -> tx.identities().list(anna)))
                .containsExactly(
                        new IdentityStore.Linked(issuer, "one", Optional.of("anna@example.com")));
    }

    private boolean put(String issuer, long account, String claims) {
        return in(
                tx ->
                        tx.identities()
                                .put(
                                        issuer,
                                        "one",
                                        account,
                                        Optional.of("anna@example.com"),
                                        claims,
                                        NOW));
    }

    @Test
    void aSignInIsTakenOnceAndInTime() {
        for (String state : List.of(HASH, OTHER_HASH)) {
            run(
                    tx ->
                            tx.signIns()
                                    .insert(
                                            state,
                                            "acme",
                                            new SignInStore.Begun(HASH, new byte[] {9}, "/device"),
                                            NOW,
                                            LATER));
        }
        SignInStore.Begun begun =
                this.<Optional<SignInStore.Begun>>in(tx -> tx.signIns().take(HASH, NOW))
                        .orElseThrow();
        assertThat(begun.returnTo()).isEqualTo("/device");
        assertThat(begun.sealed()).isEqualTo(new byte[] {9});
        assertThat(this.<Optional<SignInStore.Begun>>in(tx -> tx.signIns().take(HASH, NOW)))
                .isEmpty();
        assertThat(this.<Optional<SignInStore.Begun>>in(tx -> tx.signIns().take(OTHER_HASH, LATER)))
                .as("too late")
                .isEmpty();
    }

    @Test
    void aDeviceWaitsForOneDecision() {
        assertThat(begin(HASH, "BCDF-GHJK")).isTrue();
        assertThat(begin(OTHER_HASH, "BCDF-GHJK")).as("the code is in use").isFalse();
        assertThat(poll(HASH).lastPolledAt()).isEmpty();
        assertThat(poll(HASH).lastPolledAt()).contains(NOW);
        assertThat(pending("BCDF-GHJK")).isPresent();
        assertThat(
                        this.<Boolean>in(
                                tx ->
                                        tx.deviceCodes()
                                                .approve("BCDF-GHJK", anna, NOW, "password", NOW)))
                .isTrue();
        assertThat(this.<Boolean>in(tx -> tx.deviceCodes().deny("BCDF-GHJK", NOW))).isFalse();
        assertThat(pending("BCDF-GHJK")).isEmpty();
        assertThat(poll(HASH).state()).isEqualTo("approved");
        assertThat(poll(HASH).accountId()).contains(anna);
        run(tx -> tx.deviceCodes().use(HASH));
        assertThat(poll(HASH).state()).isEqualTo("used");

        assertThat(begin(OTHER_HASH, "LMNP-QRST")).isTrue();
        assertThat(this.<Boolean>in(tx -> tx.deviceCodes().deny("LMNP-QRST", LATER)))
                .as("too late")
                .isFalse();
        assertThat(this.<Boolean>in(tx -> tx.deviceCodes().deny("LMNP-QRST", NOW))).isTrue();
    }

    private boolean begin(String sha256, String userCode) {
        return in(
                tx -> tx.deviceCodes().insert(sha256, userCode, "cli", List.of("*:*"), NOW, LATER));
    }

    private DeviceCode poll(String sha256) {
        return this.<Optional<DeviceCode>>in(tx -> tx.deviceCodes().poll(sha256, NOW))
                .orElseThrow();
    }

    private Optional<DeviceCode> pending(String userCode) {
        return in(tx -> tx.deviceCodes().findPending(userCode, NOW));
    }

    @Test
    void signingKeysAreKeptUntilTheyExpire() {
        SealedKey key =
                new SealedKey(
                        "kid",
                        "ES256",
                        new byte[] {1},
                        new byte[] {2},
                        NOW,
                        NOW,
                        LATER,
                        LATER.plusSeconds(1));
        run(
                tx -> {
                    tx.signingKeys().lock();
                    tx.signingKeys().insert(key);
                });
        assertThat(this.<List<SealedKey>>in(tx -> tx.signingKeys().list(NOW)))
                .singleElement()
                .satisfies(
                        found -> {
                            assertThat(found.kid()).isEqualTo("kid");
                            assertThat(found.privateSealed()).isEqualTo(new byte[] {2});
                            assertThat(found.retiredAt()).isEqualTo(LATER);
                        });
        run(tx -> tx.signingKeys().deleteExpired(LATER));
        assertThat(this.<List<SealedKey>>in(tx -> tx.signingKeys().list(NOW))).hasSize(1);
        run(tx -> tx.signingKeys().deleteExpired(LATER.plusSeconds(1)));
        assertThat(this.<List<SealedKey>>in(tx -> tx.signingKeys().list(NOW))).isEmpty();
    }

    @Test
    void tokensAreListedUsedAndRevokedByTheirAccount() {
        long id =
                in(
                        tx ->
                                tx.tokens()
                                        .insert(
                                                anna,
                                                HASH,
                                                "ci",
                                                List.of("release.publish:acme/*"),
                                                Optional.of(LATER),
                                                NOW));
        assertThat(this.<Long>in(tx -> tx.tokens().countActive(anna, NOW))).isEqualTo(1);
        assertThat(this.<Long>in(tx -> tx.tokens().countActive(anna, LATER))).isZero();
        run(tx -> tx.tokens().touch(List.of(id), LATER));
        TokenRecord token = tokens(false).getFirst();
        assertThat(token.lastUsedAt()).contains(LATER);
        assertThat(token.isExpired(NOW)).isFalse();
        assertThat(token.isExpired(LATER)).isTrue();
        assertThat(this.<Boolean>in(tx -> tx.tokens().revoke(anna + 1, id, "x", LATER))).isFalse();
        assertThat(this.<Boolean>in(tx -> tx.tokens().revoke(anna, id, "x", LATER))).isTrue();
        assertThat(this.<Boolean>in(tx -> tx.tokens().revoke(anna, id, "x", LATER))).isFalse();
        assertThat(tokens(false)).isEmpty();
        assertThat(tokens(true).getFirst().revokedReason()).contains("x");
    }

    private List<TokenRecord> tokens(boolean all) {
        return in(tx -> tx.tokens().list(anna, all, 10));
    }

    @Test
    void accountsAreListedAndChangedByTheirAdministrators() {
        run(
                tx -> {
                    tx.accounts().setDisplayName(anna, "Anna");
                    tx.accounts().setAdministrator(anna, true);
                    tx.accounts().setDisabled(anna, true, LATER);
                });
        AccountRecord account =
                this.<Optional<AccountRecord>>in(tx -> tx.accounts().findRecord("anna"))
                        .orElseThrow();
        assertThat(account.displayName()).contains("Anna");
        assertThat(account.disabledAt()).contains(LATER);
        assertThat(account.account().administrator()).isTrue();
        assertThat(this.<Integer>in(tx -> tx.accounts().lockAdministrators())).isZero();
        assertThat(this.<Optional<Account>>in(tx -> tx.accounts().find("anna"))).isEmpty();
        assertThat(this.<Optional<Account>>in(tx -> tx.accounts().find(anna))).isEmpty();
        assertThat(this.<List<AccountRecord>>in(tx -> tx.accounts().list("", 10)))
                .containsExactly(account);
        assertThat(this.<List<AccountRecord>>in(tx -> tx.accounts().list("anna", 10))).isEmpty();
    }
}
